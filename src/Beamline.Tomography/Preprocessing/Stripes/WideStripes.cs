namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Full stripes of some columns are found by their two edges and shifted back to the level of their neighbors. The median over all angles of
/// the difference between two neighboring columns hardly sees the sample, whose edges move with the angle, but sees the edge of a stripe as it is.
/// </summary>
/// <remarks>Ours; it stands where Vo 2018 has algorithm 5, which looks at the means of columns and replaces their values (docs/adr/0023).</remarks>
/// <param name="ratio">How far an edge stands out of the noise.</param>
/// <param name="size">Columns of the window for large stripes; the widest stripe is half of it.</param>
internal sealed class WideStripes(double ratio, int size) : StripeRemover
{
    private const int Narrowest = 4;

    /// <summary>How different the jumps at both edges may be, as a part of the larger one.</summary>
    private const float MostMismatch = 0.35f;

    internal override void Apply(SinogramBlock sinogram)
    {
        var steps = MedianSteps(sinogram);
        foreach (var (first, end) in Find(steps, sinogram))
        {
            // Inside, the level goes along the sum of the steps; what is left between both neighbors is a slope of the sample.
            double level = 0, total = 0;
            for (var c = first; c <= end; c++)
            {
                total += steps[c - 1];
            }

            for (var c = first; c < end; c++)
            {
                level += steps[c - 1];
                var offset = (float)(level - (total * (c - first + 1) / (end - first + 1)));
                for (var i = c; i < sinogram.Values.Length; i += sinogram.Columns)
                {
                    sinogram.Values[i] -= offset;
                }
            }
        }
    }

    /// <summary>Median over the angles of the step from each column to the next.</summary>
    private static float[] MedianSteps(SinogramBlock sinogram)
    {
        var (angles, columns) = (sinogram.Angles, sinogram.Columns);
        var transposed = new float[sinogram.Values.Length];
        ColumnTranspose.Run(sinogram.Values, transposed, angles, columns);
        var medians = new float[columns - 1];
        var steps = new float[angles];
        for (var c = 0; c < medians.Length; c++)
        {
            for (var a = 0; a < angles; a++)
            {
                steps[a] = transposed[((c + 1) * angles) + a] - transposed[(c * angles) + a];
            }

            Array.Sort(steps);
            medians[c] = (steps[(angles - 1) / 2] + steps[angles / 2]) / 2;
        }

        return medians;
    }

    /// <summary>Stripes as first column and the one behind the last: pairs of opposite jumps of about the same height.</summary>
    private List<(int First, int End)> Find(float[] steps, SinogramBlock sinogram)
    {
        var jumps = Jumps(steps, sinogram.Columns);
        var heights = Array.ConvertAll(jumps, Math.Abs);
        var ordered = heights.Order().ToArray();
        var mean = sinogram.Values.Average(v => (double)Math.Abs(v));
        // A stripe of less than 3 % of the mean is small, whatever its width: Filtering takes it.
        var least = Math.Max(ratio * 5 / 3 * 1.4826 * ordered[ordered.Length / 2], 0.01 * ratio * mean);
        int[] edges = [.. Enumerable.Range(1, jumps.Length - 2)
            .Where(c => heights[c] > least && heights[c] >= heights[c - 1] && heights[c] >= heights[c + 1])];

        var candidates = new List<(float Mismatch, int First, int End)>();
        for (var i = 0; i < edges.Length; i++)
        {
            for (var j = i + 1; j < edges.Length && edges[j] - edges[i] <= (size + 1) / 2; j++)
            {
                var (left, right) = (jumps[edges[i]], jumps[edges[j]]);
                var mismatch = Math.Abs(left + right) / Math.Max(Math.Abs(left), Math.Abs(right));
                if (left * right < 0 && mismatch < MostMismatch)
                {
                    candidates.Add((mismatch, edges[i], edges[j] + 1));
                }
            }
        }

        // The best pairs first: an edge of the sample beside a stripe makes pairs with both of its edges, and so do the facing edges of two
        // narrow stripes. A narrow pair keeps its columns from wider ones, and is left to Filtering.
        var used = new bool[sinogram.Columns];
        var found = new List<(int, int)>();
        foreach (var (_, first, end) in candidates.Order())
        {
            if (first >= 2 && end <= sinogram.Columns - 2 && !used.AsSpan(first, end - first).Contains(true))
            {
                used.AsSpan(first, end - first).Fill(true);
                if (end - first > Narrowest)
                {
                    found.Add((first, end));
                }
            }
        }

        return found;
    }

    /// <summary>How much more than the slope around it the level changes from the column before to the column behind: edges are blurred.</summary>
    private float[] Jumps(float[] steps, int columns)
    {
        var slope = new float[steps.Length];
        new TrendMedian((size / 2) | 1, follow: true).Apply(steps, slope);
        var jumps = new float[columns];
        for (var c = 1; c < columns - 1; c++)
        {
            jumps[c] = steps[c - 1] - slope[c - 1] + (steps[c] - slope[c]);
        }

        return jumps;
    }
}
