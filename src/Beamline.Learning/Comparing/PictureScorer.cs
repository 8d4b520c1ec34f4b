using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>Scores the pictures of a method.</summary>
internal sealed class PictureScorer
{
    private const int LeastEdge = 8;
    private readonly ComparisonDomain _domain;
    private readonly IReadOnlyList<Image>? _truth;
    private readonly double _disc;
    private readonly bool _isExact;

    /// <param name="domain">What the pictures are.</param>
    /// <param name="truth">What they should be; null when not known.</param>
    /// <param name="guide">The middle one of the pictures, with noise.</param>
    /// <param name="range">Data range; null takes it from the truth.</param>
    /// <param name="disc">Radius of the scored disc over half the width.</param>
    /// <param name="flat">Where noise is measured; null looks for the place.</param>
    /// <param name="isExact">Whether the truth has no noise.</param>
    internal PictureScorer(ComparisonDomain domain, IReadOnlyList<Image>? truth, Image guide, double? range, double disc, FlatRegion? flat, bool isExact)
    {
        (_domain, _truth, _disc, _isExact) = (domain, truth, disc, isExact);
        Range = truth is null ? null : range ?? truth.Select(t => ImageQuality.DataRange(t, 0.1, 99.9, disc)).Average();
        if (Range is not null and not (> 0 and < double.PositiveInfinity))
        {
            throw new ArgumentException($"The reference ({domain.ToString().ToLowerInvariant()}) has one value everywhere, or is not finite: there is nothing to compare with.", nameof(truth));
        }

        if (flat is not null && (flat.Edge < 2 || flat.Row < 0 || flat.Column < 0 || flat.Row + flat.Edge > guide.RowCount || flat.Column + flat.Edge > guide.ColumnCount))
        {
            throw new ArgumentException($"The flat region {flat} does not lie in a picture of {guide.RowCount} x {guide.ColumnCount} pixels.", nameof(flat));
        }

        Flat = flat ?? FlatSearch.Find(truth?[truth.Count / 2] ?? new GaussianFilter { SigmaPixels = 3 }.Apply(guide), Math.Min(disc, 0.9));
    }

    internal double? Range { get; }

    internal FlatRegion? Flat { get; }

    internal Image? MiddleTruth => _truth?[_truth.Count / 2];

    /// <summary>Mean squared error over all pictures.</summary>
    internal double MeanSquare(IReadOnlyList<Image> made) => Enumerable.Range(0, made.Count).Average(i => Math.Pow(ImageQuality.Rmse(_truth![i], made[i], _disc), 2));

    /// <summary>Fills in what the pictures tell.</summary>
    /// <param name="row">Method, parameter, cost.</param>
    /// <param name="made">The pictures, as many as the truth.</param>
    /// <param name="halves">Without a truth: the middle picture from two independent halves of the data.</param>
    internal ComparisonRow Score(ComparisonRow row, IReadOnlyList<Image> made, (Image First, Image Second)? halves = null)
    {
        var middle = made.Count / 2;
        row = row with
        {
            Domain = _domain,
            Picture = made[middle],
            NoiseSigma = Flat is null ? null : FlatSearch.Measure(made[middle], Flat, _isExact ? MiddleTruth : null).Sigma,
        };
        if (_truth is not null)
        {
            var square = MeanSquare(made);
            row = row with
            {
                Rmse = Math.Sqrt(square),
                PsnrDecibels = 10 * Math.Log10(Range!.Value * Range.Value / square),
                Ssim = Math.Min(made[0].RowCount, made[0].ColumnCount) < 7 ? null : Enumerable.Range(0, made.Count).Average(i => ImageQuality.Ssim(_truth[i], made[i], Range.Value, _disc)),
            };
            halves = (_truth[middle], made[middle]);
        }

        return halves is { } pair ? Correlate(row, Core(pair.First), Core(pair.Second), _truth is null ? 0.5f : 1) : row;
    }

    private static ComparisonRow Correlate(ComparisonRow row, Image first, Image second, float scale)
    {
        if (Math.Min(first.RowCount, first.ColumnCount) < LeastEdge)
        {
            return row;
        }

        var correlation = FourierCorrelation.Between(first, second);
        var error = new Image(first.RowCount, first.ColumnCount) { Quantity = first.Quantity, PixelSizeX = first.PixelSizeX, PixelSizeY = first.PixelSizeY };
        for (var i = 0; i < error.Values.Length; i++)
        {
            error.Values[i] = scale * (second.Values[i] - first.Values[i]);
        }

        return row with
        {
            Correlation = correlation,
            ResolutionPixels = correlation.ResolutionPixels(FourierCriterion.HalfBit),
            Resolution = correlation.Resolution(FourierCriterion.HalfBit),
            NoisePower = NoisePowerSpectrum.Of(error),
        };
    }

    /// <summary>Of slices the largest square in the disc: what lies outside of it, not all projections have seen.</summary>
    private Image Core(Image image)
    {
        if (_domain == ComparisonDomain.Projections)
        {
            return image;
        }

        var edge = Math.Min((int)(Math.Min(_disc, 1) * image.ColumnCount / Math.Sqrt(2)), Math.Min(image.RowCount, image.ColumnCount));
        if (edge < LeastEdge)
        {
            return image;
        }

        var (top, left) = ((image.RowCount - edge) / 2, (image.ColumnCount - edge) / 2);
        var core = new Image(edge, edge) { Quantity = image.Quantity, PixelSizeX = image.PixelSizeX, PixelSizeY = image.PixelSizeY };
        for (var row = 0; row < edge; row++)
        {
            image.Row(top + row).Slice(left, edge).CopyTo(core.Row(row));
        }

        return core;
    }
}
