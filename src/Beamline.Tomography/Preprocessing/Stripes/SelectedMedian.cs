namespace Beamline.Tomography.Preprocessing;

/// <summary>The median of finite values by selection: no need to sort them all.</summary>
internal static class SelectedMedian
{
    /// <summary>The middle value, or the mean of the two. Changes the order of the values.</summary>
    internal static float Of(Span<float> values)
    {
        var middle = values.Length / 2;
        var upper = Select(values, middle);
        if (int.IsOddInteger(values.Length))
        {
            return upper;
        }

        var lower = float.NegativeInfinity;
        foreach (var value in values[..middle])
        {
            lower = Math.Max(lower, value);
        }

        return (lower + upper) / 2;
    }

    /// <summary>Hoare's selection: what is before the place is not larger afterwards, what is behind it not smaller.</summary>
    private static float Select(Span<float> values, int place)
    {
        var (first, last) = (0, values.Length - 1);
        while (first < last)
        {
            var pivot = MiddleOf(values[first], values[(first + last) / 2], values[last]);
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (place <= j)
            {
                last = j;
            }
            else if (place >= i)
            {
                first = i;
            }
            else
            {
                break;
            }
        }

        return values[place];
    }

    private static float MiddleOf(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
