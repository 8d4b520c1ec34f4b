using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>One comparison on slices of volumes: against a reference, or of two halves against each other.</summary>
internal sealed class VolumeComparison
{
    private readonly List<Image> _first;
    private readonly List<Image> _other;
    private readonly bool _isHalf;
    private readonly ComparisonOptions _options;
    private readonly PictureScorer _scorer;

    private VolumeComparison(Volume noisy, Volume other, bool isHalf, ComparisonOptions options)
    {
        (_isHalf, _options) = (isHalf, options);
        int[] slices = [.. options.Slices ?? Enumerable.Range(1, 3).Select(i => Math.Min(i * noisy.SliceCount / 4, noisy.SliceCount - 1)).Distinct()];
        (_first, _other) = ([.. slices.Select(noisy.SliceXY)], [.. slices.Select(other.SliceXY)]);
        CheckFinite(_first, slices, "The noisy volume");
        CheckFinite(_other, slices, "The other volume");
        _scorer = new PictureScorer(
            ComparisonDomain.Slices, isHalf ? null : _other, _first[slices.Length / 2], options.SliceDataRange, options.DiscFraction, options.FlatRegion, options.ReferenceIsExact);
    }

    internal static DenoisingComparison Run(string name, Func<Image, Image> network, Volume noisy, Volume other, bool isHalf, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(other);
        if ((noisy.SliceCount, noisy.RowCount, noisy.ColumnCount) != (other.SliceCount, other.RowCount, other.ColumnCount))
        {
            throw new ArgumentException(
                $"The volumes differ in shape: {noisy.SliceCount} x {noisy.RowCount} x {noisy.ColumnCount} and {other.SliceCount} x {other.RowCount} x {other.ColumnCount}.", nameof(other));
        }

        if (ReferenceEquals(noisy, other))
        {
            throw new ArgumentException("Both volumes are the same one: the noise would count as structure.", nameof(other));
        }

        ScanCheck.CheckIndices(options.Slices, noisy.SliceCount, "slice");
        if (options.Others.Count > 0)
        {
            throw new ArgumentException("Other scans can be compared with projections only.", nameof(options));
        }

        using var job = RunJob.Start("comparison");
        var made = new VolumeComparison(noisy, other, isHalf, options).Make(name, network);
        job.Complete(new JobResult(made));
        return made;
    }

    private DenoisingComparison Make(string name, Func<Image, Image> network)
    {
        var rows = new List<ComparisonRow>
        {
            Score(new ComparisonRow { Method = "as reconstructed", Picture = null! }, i => i),
            Score(new ComparisonRow { Method = "network", Parameter = name, Choice = FilterChoice.Trained, Picture = null! }, network),
        };
        // Noise after a reconstruction is not white: what is measured in the flat region counts, not what neighbors differ by.
        var sigma = rows[0].NoiseSigma is > 0 and { } measured ? measured : NoiseEstimate.Sigma(_first[0]);
        var filters = _options.Filters?.Select(f => (Filter: (Func<NoiseFilter>)(() => f), FilterChoice.Given))
            ?? FilterFamily.All(sigma).Select(f => (Filter: (Func<NoiseFilter>)(() => f.Tune(Risk)), _isHalf ? FilterChoice.OnOtherHalf : FilterChoice.OnReference));
        foreach (var (make, choice) in filters)
        {
            RunContext.Current.Report("comparison", 0.2 + (0.2 * (rows.Count - 2)), "classical filters");
            var filter = make();
            var (method, parameter) = FilterFamily.Describe(filter);
            rows.Add(Score(new ComparisonRow { Method = method, Parameter = parameter, Choice = choice, Picture = null! }, filter.Apply));
        }

        return new DenoisingComparison
        {
            Slices = rows,
            Reference = _isHalf ? "one half against the other" : _options.ReferenceIsExact ? "against exact slices" : "against the reference volume",
            SliceDataRange = _scorer.Range,
            ReferenceSlice = _scorer.MiddleTruth,
            FlatRegion = _scorer.Flat,
            Notes =
            [
                $"{_first.Count} slices were scored.",
                .. FlatSearch.Say(_scorer.Flat, _options.ReferenceIsExact && !_isHalf),
                .. _isHalf ? ["Resolution: what the two halves have in common after each was denoised. What a method invents in both counts as resolved; a filter that blurs is found out."] : Array.Empty<string>(),
            ],
        };
    }

    private ComparisonRow Score(ComparisonRow row, Func<Image, Image> method)
    {
        var watch = Stopwatch.StartNew();
        List<Image> made = [.. _first.Select(method)];
        if (row.Choice.Length > 0)
        {
            row = row with { SecondsPerPicture = watch.Elapsed.TotalSeconds / made.Count };
        }

        var middle = made.Count / 2;
        return _scorer.Score(row, made, _isHalf ? (made[middle], method(_other[middle])) : null);
    }

    /// <summary>Distance to the reference; or to the other half, whose noise adds the same to all (arXiv 1803.04189).</summary>
    private double Risk(NoiseFilter filter) => Enumerable.Range(0, _first.Count).Average(
        i => Math.Pow(ImageQuality.Rmse(_other[i], filter.Apply(_first[i]), _options.DiscFraction), 2));

    private static void CheckFinite(List<Image> images, int[] slices, string what)
    {
        for (var i = 0; i < images.Count; i++)
        {
            foreach (var value in images[i].Values)
            {
                if (!float.IsFinite(value))
                {
                    throw new ArgumentException($"{what} holds {value} in slice {slices[i]}: replace such values first.", nameof(images));
                }
            }
        }
    }
}
