using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Options of stripe removal. Values that are null take a default made for the size of the sinogram.</summary>
/// <remarks>
/// Vo, Atwood and Drakopoulos, Optics Express 26 (2018) 28396; Münch, Trtik, Marone and Stampanoni, Optics Express 17 (2009)
/// 8567; Titarenko, Withers and Yagola, Applied Mathematics Letters 23 (2010) 1489. Stripes are found on line integrals as well
/// as on transmissions; line integrals are the better place, because a gain error is an offset there.
/// </remarks>
public sealed record StripeOptions : PreprocessingStep
{
    /// <summary>The method.</summary>
    public StripeMethod Method { get; init; } = StripeMethod.All;

    /// <summary>
    /// Columns of the median for small stripes (Sorting, Filtering, and the last part of All): odd, 3 or more, more than twice the widest
    /// small stripe. Null: 1.5 % of the width, 9 to 31 (Sorting, and as published: 2 %, 11 to 31).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Even, or below 3.</exception>
    public int? Size
    {
        get;
        init => field = Odd(value, nameof(Size));
    }

    /// <summary>
    /// Columns of the window for large stripes (Large, Dead, Interpolation, All): odd, 3 or more, twice the widest stripe. Null: 4 % of the width, 31 to 81.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Even, or below 3.</exception>
    public int? LargeSize
    {
        get;
        init => field = Odd(value, nameof(LargeSize));
    }

    /// <summary>How far a column must stand out of the noise to be a stripe (Large, Dead, Interpolation, All): above 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 1.</exception>
    public double SignalToNoise
    {
        get;
        init => field = value > 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SignalToNoise), value, "The ratio must be above 1; 3 finds most stripes.");
    } = 3;

    /// <summary>Part of the values of a column, lowest and highest together, that do not count when stripes are found: 0 to 0.8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double DropRatio
    {
        get;
        init => field = value is >= 0 and <= 0.8
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DropRatio), value, "The ratio goes from 0 to 0.8.");
    } = 0.1;

    /// <summary>
    /// Whether Filtering, Dead, Large and All run as published: plain medians, and All is Dead, Large and Sorting. False: the medians follow
    /// slopes, flickering columns are found by what most angles see, stripes by both of their edges at all, a half or a quarter of the angles (docs/adr/0038),
    /// and All ends with Filtering, limited to 3 % of the mean: more of the stripes goes and less of the sample.
    /// </summary>
    public bool AsPublished { get; init; }

    /// <summary>
    /// Width of the band around frequency zero along the angle, in cycles over all angles (Filtering, All, WaveletFourier): above 0. A larger one takes
    /// more of stripes that are not at all angles, and more of the sample. Null: 4 (3 as published), and 2 for WaveletFourier.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? Sigma
    {
        get;
        init => field = value is { } v ? Positive(v, nameof(Sigma)) : null;
    }

    /// <summary>Wavelet: 1 (Haar) to 10 vanishing moments of Daubechies (WaveletFourier).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int VanishingMoments
    {
        get;
        init => field = value is >= 1 and <= 10
            ? value
            : throw new ArgumentOutOfRangeException(nameof(VanishingMoments), value, "Daubechies wavelets have 1 to 10 vanishing moments here.");
    } = 5;

    /// <summary>Levels of the wavelet transform (WaveletFourier): 1 or more; a stripe of 2^n columns needs n. Null: 4, fewer on small sinograms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? Levels
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Levels), value, "At least one level.");
    }

    /// <summary>Strength of the constraint that offsets are small (Titarenko): above 0; smaller removes wider stripes and more of the sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double Alpha
    {
        get;
        init => field = Positive(value, nameof(Alpha));
    } = 0.05;

    /// <summary>Parts of the angles that are treated each by itself, for stripes that change (Titarenko): 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Blocks
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Blocks), value, "At least one block.");
    } = 1;

    /// <summary>Degree of the polynomial along the angle (Fitting): 0 to 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int Order
    {
        get;
        init => field = value is >= 0 and <= 10
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Order), value, "The degree goes from 0 to 10.");
    } = 3;

    /// <summary>
    /// Cycles over the width that stay when the fit is made smooth over columns (Fitting): above 0; smaller removes wider stripes. Null: a
    /// twenty-fifth of the width.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? SigmaColumns
    {
        get;
        init => field = value is { } v ? Positive(v, nameof(SigmaColumns)) : null;
    }

    /// <inheritdoc/>
    public override string Name => "remove-stripes";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("method", Method.ToString()), .. Own().Select(p => (p.Name, p.Value?.ToString() ?? "auto")), .. AsPublished ? [("asPublished", "true")] : Array.Empty<(string, string)>()];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var remover = StripeRemover.Create(this, projections.AngleCount, projections.ColumnCount);
        return new SinogramStack(projections, this, remover.Apply);
    }

    private (string Name, object? Value)[] Own() => Method switch
    {
        StripeMethod.Sorting => [("size", Size)],
        StripeMethod.Filtering => [("sigma", Sigma), ("size", Size)],
        StripeMethod.Fitting => [("order", Order), ("sigmaColumns", SigmaColumns)],
        StripeMethod.Large or StripeMethod.Interpolation =>
            [("signalToNoise", SignalToNoise), ("largeSize", LargeSize), ("dropRatio", DropRatio)],
        StripeMethod.Dead => [("signalToNoise", SignalToNoise), ("largeSize", LargeSize)],
        StripeMethod.WaveletFourier => [("vanishingMoments", VanishingMoments), ("levels", Levels), ("sigma", Sigma)],
        StripeMethod.Titarenko => [("alpha", Alpha), ("blocks", Blocks)],
        _ when AsPublished => [("signalToNoise", SignalToNoise), ("largeSize", LargeSize), ("size", Size), ("dropRatio", DropRatio)],
        _ => [("signalToNoise", SignalToNoise), ("largeSize", LargeSize), ("size", Size), ("sigma", Sigma)],
    };

    private static int? Odd(int? value, string name) => value is null || (value >= 3 && int.IsOddInteger(value.Value))
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The window of a median is odd and at least 3 columns wide.");

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Must be above 0.");
}
