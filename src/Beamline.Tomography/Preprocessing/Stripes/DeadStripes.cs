namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 6: columns that change too little or too much along the angle are interpolated over.</summary>
internal sealed class DeadStripes(double ratio, int size, bool follow) : StripeRemover
{
    private const int Window = 10;

    internal override void Apply(SinogramBlock sinogram)
    {
        var changes = Changes(sinogram);
        var background = new float[changes.Length];
        new TrendMedian(size, follow).Apply(changes, background);
        var factors = new float[changes.Length];
        for (var c = 0; c < factors.Length; c++)
        {
            factors[c] = background[c] != 0 ? changes[c] / background[c] : 1;
        }

        var mask = follow ? StripeDetector.Widened(Isolated(StripeDetector.Marked(factors, ratio), changes)) : StripeDetector.Find(factors, ratio);
        mask.AsSpan(0, 2).Clear();
        mask.AsSpan(mask.Length - 2).Clear();
        StripeDetector.InterpolateOver(sinogram, mask);
    }

    /// <summary>Keeps the columns that change more or less than the columns right beside them: where the sample changes, all do.</summary>
    private bool[] Isolated(bool[] marked, float[] changes)
    {
        const int Beside = 3;
        const float Contrast = 1.5f;
        var kept = new bool[marked.Length];
        for (var first = 0; first < marked.Length; first++)
        {
            if (!marked[first])
            {
                continue;
            }

            var end = first;
            while (end < marked.Length && marked[end])
            {
                end++;
            }

            if (first > 0 && end < marked.Length && end - first <= size / 2)
            {
                var left = Median(changes.AsSpan(Math.Max(0, first - Beside)..first));
                var right = Median(changes.AsSpan(end..Math.Min(changes.Length, end + Beside)));
                for (var c = first; c < end; c++)
                {
                    kept[c] = changes[c] > Contrast * Math.Max(left, right) || changes[c] < Math.Min(left, right) / Contrast;
                }
            }

            first = end;
        }

        return kept;
    }

    private static float Median(ReadOnlySpan<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Sum over angles of the distance from the running mean, for each column.</summary>
    private static float[] Changes(SinogramBlock sinogram)
    {
        var (angles, columns) = (sinogram.Angles, sinogram.Columns);
        var sums = new double[columns];
        var changes = new double[columns];
        for (var offset = -Window / 2; offset < Window / 2; offset++)
        {
            Add(offset, 1);
        }

        for (var a = 0; a < angles; a++)
        {
            var row = sinogram.Row(a);
            for (var c = 0; c < columns; c++)
            {
                changes[c] += Math.Abs(row[c] - (sums[c] / Window));
            }

            Add(a - (Window / 2), -1);
            Add(a + (Window / 2), 1);
        }

        return [.. changes.Select(v => (float)v)];

        void Add(int angle, int sign)
        {
            var row = sinogram.Row(RunningMedian.Mirror(angle, angles));
            for (var c = 0; c < columns; c++)
            {
                sums[c] += sign * (double)row[c];
            }
        }
    }
}
