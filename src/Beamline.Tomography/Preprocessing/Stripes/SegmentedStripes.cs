namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Stripes of some columns at all or some angles are found by both of their edges and shifted back to the level of their neighbors: first those that
/// are there at more than half of all angles, then in windows of a half and of a quarter of the angles.
/// </summary>
/// <remarks>Ours; it stands where Vo 2018 has algorithm 5, which looks at the means of columns and replaces their values (docs/adr/0038).</remarks>
/// <param name="ratio">How far an edge stands out of the noise.</param>
/// <param name="size">Columns of the window for large stripes; the widest stripe is half of it.</param>
internal sealed class SegmentedStripes(double ratio, int size) : StripeRemover
{
    private static readonly int[] Parts = [1, 2, 4];

    internal override void Apply(SinogramBlock sinogram)
    {
        var steps = new ColumnSteps(sinogram);
        // A lower stripe is left to Filtering.
        var least = ratio / 300 * sinogram.Values.Average(v => (double)Math.Abs(v));
        var changed = false;
        foreach (var part in Parts.Where(p => p == 1 || sinogram.Angles >= 8 * p))
        {
            // Twice: stripes beside each other take turns.
            for (var round = 0; round < 2 && RemoveIn(steps, part, least); round++)
            {
                changed = true;
            }
        }

        if (changed)
        {
            steps.CopyTo(sinogram);
        }
    }

    /// <summary>Removes what is seen in windows of a part of the angles that overlap by half; whether there was anything.</summary>
    private bool RemoveIn(ColumnSteps steps, int part, double least)
    {
        var windows = new Range[(2 * part) - 1];
        var medians = new float[windows.Length][];
        for (var w = 0; w < windows.Length; w++)
        {
            var (from, to) = (steps.Angles * w / (2 * part), steps.Angles * (w + 2) / (2 * part));
            windows[w] = from..to;
            medians[w] = [.. Enumerable.Range(0, steps.Boundaries).Select(b => steps.Median(b, from, to))];
        }

        var edges = new StripeEdges(Noise(medians), ratio * 4 / 3, least, (size + 1) / 2, size);
        var candidates = medians.SelectMany((m, w) => edges.Pairs(m).Select(p => (p.Score, p.First, p.End, Window: w)))
            .OrderByDescending(c => c.Score).ThenBy(c => c.First).ThenBy(c => c.End).ThenBy(c => c.Window);
        var used = new bool[steps.Columns];
        foreach (var (_, first, end, window) in candidates)
        {
            if (!used.AsSpan(first - 1, end - first + 2).Contains(true) && StripeSegment.Fit(steps, first, end, windows[window], least) is { } stripe)
            {
                stripe.Remove();
                used.AsSpan(first, end - first).Fill(true);
            }
        }

        return used.Contains(true);
    }

    /// <summary>How much steps differ from the mean of those beside them: in the middle of the windows, then of the columns around.</summary>
    private float[] Noise(float[][] medians)
    {
        var usual = new float[medians[0].Length];
        var differences = new float[medians.Length];
        for (var b = 1; b < usual.Length - 1; b++)
        {
            for (var w = 0; w < medians.Length; w++)
            {
                differences[w] = Math.Abs(medians[w][b] - ((medians[w][b - 1] + medians[w][b + 1]) / 2));
            }

            usual[b] = SelectedMedian.Of(differences);
        }

        var noise = new float[usual.Length];
        new RunningMedian(Math.Min(size, (usual.Length - 1) | 1)).Apply(usual, noise);
        return noise;
    }
}
