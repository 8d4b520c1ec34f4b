namespace Beamline.Tomography.Analytic;

/// <summary>How much of the half circle each projection stands for.</summary>
internal static class AngularWeights
{
    /// <summary>
    /// Weights in radians. Rays of opposite directions are the same, so angles count modulo 180 degrees; each one stands
    /// for half the way to its neighbors on both sides. Evenly spaced angles over 180 or 360 degrees, with or without
    /// the last one, so get pi in total. A gap more than three times the usual one is a missing wedge, not an angle
    /// that stands for all of it.
    /// </summary>
    internal static double[] Compute(IReadOnlyList<double> anglesDegrees)
    {
        var count = anglesDegrees.Count;
        if (count == 1)
        {
            return [Math.PI];
        }

        var folded = new double[count];
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var angle = anglesDegrees[i] % 180;
            folded[i] = angle < 0 ? angle + 180 : angle;
            order[i] = i;
        }

        Array.Sort(folded, order);
        var gaps = new double[count];
        for (var i = 0; i < count; i++)
        {
            var next = i + 1 < count ? folded[i + 1] : folded[0] + 180;
            gaps[i] = next - folded[i];
        }

        var wide = 3 * TypicalGap(gaps);
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (before, after) = (gaps[(i + count - 1) % count], gaps[i]);
            var usual = Math.Min(before, after) is > 1e-9 and var least ? least : wide / 3;
            before = before > wide ? usual : before;
            after = after > wide ? usual : after;
            weights[order[i]] = (before + after) / 2 * (Math.PI / 180);
        }

        ShareAmongEqual(weights, folded, order);
        return weights;
    }

    /// <summary>Directions that are there more than once share what they stand for, so that none of them is left out.</summary>
    /// <param name="weights">The weight of each view.</param>
    /// <param name="sorted">The angles in order.</param>
    /// <param name="order">The views in that order.</param>
    internal static void ShareAmongEqual(double[] weights, double[] sorted, int[] order)
    {
        for (var first = 0; first < sorted.Length;)
        {
            var end = first + 1;
            while (end < sorted.Length && sorted[end] - sorted[first] <= 1e-9)
            {
                end++;
            }

            var share = order[first..end].Sum(i => weights[i]) / (end - first);
            for (; first < end; first++)
            {
                weights[order[first]] = share;
            }
        }
    }

    private static double TypicalGap(double[] gaps)
    {
        // The median of the gaps that are gaps: opposite projections of a full turn fall on each other.
        var real = gaps.Where(g => g > 1e-9).Order().ToArray();
        return real.Length == 0 ? 180 : real[real.Length / 2];
    }
}
