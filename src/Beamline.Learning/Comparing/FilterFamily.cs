using System.Globalization;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>A kind of filter with the one parameter that is tuned.</summary>
/// <param name="Grid">Where the search begins; rising.</param>
/// <param name="IsOpen">Whether the parameter may lie between and beyond those of the grid.</param>
/// <param name="Forms">The filter of a parameter, in each of its forms; the better one is taken.</param>
internal sealed record FilterFamily(IReadOnlyList<double> Grid, bool IsOpen, params IReadOnlyList<Func<double, NoiseFilter>> Forms)
{
    private const int MostSteps = 8;

    /// <summary>All of them, for a noise of so much.</summary>
    internal static IReadOnlyList<FilterFamily> All(double sigma) =>
    [
        new([0.5, 0.71, 1, 1.41, 2, 2.83], true, s => new GaussianFilter { SigmaPixels = s }),
        new([3, 5, 7, 9, 11], false, n => new MedianFilter { Size = (int)n }),
        new([0.5, 1, 2, 4], true, w => new TotalVariationFilter { Weight = w * sigma }),
        new([0.7, 1, 1.4], true,
            h => new NonLocalMeansFilter { Strength = h, NoiseSigma = sigma, PatchSize = 5 },
            h => new NonLocalMeansFilter { Strength = h, NoiseSigma = sigma, PatchSize = 3 }),
    ];

    /// <summary>The filter of least risk: of the grid, beyond its ends as long as that gets better, and between.</summary>
    internal NoiseFilter Tune(Func<NoiseFilter, double> risk) => Forms.Select(make => Tune(make, risk)).MinBy(f => f.Risk).Filter;

    private (NoiseFilter Filter, double Risk) Tune(Func<double, NoiseFilter> make, Func<NoiseFilter, double> risk)
    {
        var risks = new SortedDictionary<double, double>();
        void Try(double value) => risks[value] = risk(make(value));
        double Best() => risks.MinBy(r => r.Value).Key;
        foreach (var value in Grid)
        {
            Try(value);
        }

        for (var i = 0; IsOpen && i < MostSteps; i++)
        {
            if (Best() == risks.Keys.First())
            {
                Try(Best() / Math.Sqrt(2));
            }
            else if (Best() == risks.Keys.Last() && Best() < 50)
            {
                Try(Best() * Math.Sqrt(2));
            }
        }

        if (IsOpen)
        {
            var keys = risks.Keys.ToArray();
            var at = Array.IndexOf(keys, Best());
            foreach (var neighbor in new[] { at - 1, at + 1 }.Where(n => n >= 0 && n < keys.Length))
            {
                Try(Math.Sqrt(keys[at] * keys[neighbor]));
            }
        }

        return (make(Best()), risks.Values.Min());
    }

    /// <summary>What a filter is called in a table, and its parameter.</summary>
    internal static (string Method, string Parameter) Describe(NoiseFilter filter) => filter switch
    {
        GaussianFilter gaussian => ("Gaussian", Text($"sigma {gaussian.SigmaPixels:0.##} px")),
        MedianFilter median => ("median", Text($"{median.Size} x {median.Size} px")),
        TotalVariationFilter variation => ("total variation", variation.Weight is { } weight ? Text($"weight {weight:g3}") : "weight from the noise"),
        NonLocalMeansFilter means => ("non-local means", Text($"{means.PatchSize} px patches, h {means.Strength:0.##} x noise") + (means.NoiseSigma is { } sigma ? Text($" of {sigma:g3}") : "")),
        _ => (filter.Name, string.Join(", ", filter.Parameters.Select(p => $"{p.Name} {p.Value}"))),
    };

    /// <summary>Rows above and below that decide about a row; all of them when a filter takes its parameter from the whole picture.</summary>
    internal static int Reach(NoiseFilter filter) => filter switch
    {
        GaussianFilter gaussian => (int)(4 * gaussian.SigmaPixels) + 1,
        MedianFilter median => median.Size / 2,
        // Without an end in theory; differences at 32 rows are far below the noise.
        TotalVariationFilter { Weight: not null } => 32,
        NonLocalMeansFilter { NoiseSigma: not null } means => means.SearchRadius + (means.PatchSize / 2),
        _ => int.MaxValue / 2,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where a parameter comes from, in words.</summary>
internal static class FilterChoice
{
    internal const string Trained = "trained";
    internal const string Given = "given";
    internal const string OnReference = "tuned on the reference";
    internal const string OnOtherHalf = "tuned on the other half";
    internal const string FromNoise = "from the noise";
}
