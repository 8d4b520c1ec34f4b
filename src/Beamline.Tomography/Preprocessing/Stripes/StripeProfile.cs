namespace Beamline.Tomography.Preprocessing;

/// <summary>How a stripe of some columns steps up and down again.</summary>
/// <param name="steps">The sinogram.</param>
/// <param name="first">The first column.</param>
/// <param name="end">The one behind the last.</param>
/// <param name="least">Smallest height.</param>
internal sealed class StripeProfile(ColumnSteps steps, int first, int end, double least)
{
    /// <summary>How different the heights of both edges may be, as a part of the larger one.</summary>
    private const double MostMismatch = 0.35;

    /// <summary>Up to here the mean of both is taken; beyond, an edge of the sample is in one of them, and the smaller counts.</summary>
    private const double UsualMismatch = 0.15;

    /// <summary>How much energy steps between the edges may have, as a part of that of the edges.</summary>
    private const double MostInside = 0.2;

    /// <summary>Steps between the edges that are smaller than this part of the largest one are the sample's.</summary>
    private const double LeastInside = 0.25;

    internal int First => first;

    /// <summary>Steps, both edges included.</summary>
    internal int Edges => end - first + 1;

    /// <summary>Steps that an edge takes: those of wide stripes are blurred.</summary>
    internal int Blur => Edges >= 4 ? 2 : 1;

    /// <summary>The steps of the stripe: of sum 0 once fitted.</summary>
    internal double[] Offsets { get; } = new double[end - first + 1];

    /// <summary>Reads the steps at the angles where the stripe is there, less those of the sample, which are read at the others.</summary>
    internal void Read(bool[] on, bool compare, double[] sample)
    {
        for (var i = 0; i < Edges; i++)
        {
            sample[i] = compare ? steps.Median(first - 1 + i, on, state: false) : 0;
            Offsets[i] = steps.Median(first - 1 + i, on, state: true) - sample[i];
        }
    }

    /// <summary>Whether most of the steps is in what was taken for the sample.</summary>
    internal bool IsFull(double[] sample)
    {
        double[] together = [.. Offsets.Zip(sample, (offset, rest) => offset + rest)];
        return Spread(Offsets) < 0.5 * Spread(together);
    }

    /// <summary>Makes the steps those of a plateau, less the slope around it. False: it is none.</summary>
    internal bool Fit(bool[] on, double[] sample)
    {
        var slope = SlopeAround(on, sample.Any(s => s != 0));
        double left = 0, right = 0, largest = 0, inside = 0, edges = 0;
        for (var i = 0; i < Edges; i++)
        {
            var step = Offsets[i] -= slope;
            if (IsInside(i))
            {
                inside += step * step;
                continue;
            }

            (left, right) = i < Blur ? (left + step, right) : (left, right + step);
            edges += step * step;
            largest = Math.Max(largest, Math.Abs(step));
        }

        var (smaller, larger) = (Math.Min(Math.Abs(left), Math.Abs(right)), Math.Max(Math.Abs(left), Math.Abs(right)));
        if (left * right >= 0 || larger - smaller > MostMismatch * larger || inside > MostInside * edges || larger < least)
        {
            return false;
        }

        Level(left, right, larger - smaller < UsualMismatch * larger ? (smaller + larger) / 2 : smaller, LeastInside * largest);
        return true;
    }

    /// <summary>Both edges get the same height; what changes on the way between them, they share.</summary>
    private void Level(double left, double right, double height, double leastInside)
    {
        double inside = 0;
        for (var i = Blur; i < Edges - Blur; i++)
        {
            Offsets[i] = Math.Abs(Offsets[i]) < leastInside ? 0 : Offsets[i];
            inside += Offsets[i];
        }

        for (var i = 0; i < Blur; i++)
        {
            Offsets[i] = (Offsets[i] * height / Math.Abs(left)) - (inside / (2 * Blur));
            Offsets[^(i + 1)] = (Offsets[^(i + 1)] * height / Math.Abs(right)) - (inside / (2 * Blur));
        }
    }

    private bool IsInside(int i) => i >= Blur && i < Edges - Blur;

    /// <summary>Median of two steps on each side, beyond one that may be blurred.</summary>
    private float SlopeAround(bool[] on, bool compare)
    {
        Span<float> around = stackalloc float[4];
        var count = 0;
        foreach (var boundary in (ReadOnlySpan<int>)[first - 3, first - 2, end, end + 1])
        {
            if (boundary >= 0 && boundary < steps.Boundaries)
            {
                around[count++] = steps.Median(boundary, on, state: true) - (compare ? steps.Median(boundary, on, state: false) : 0);
            }
        }

        return count == 0 ? 0 : SelectedMedian.Of(around[..count]);
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)));
    }
}
