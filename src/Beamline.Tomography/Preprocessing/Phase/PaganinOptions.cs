using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// Phase retrieval from one distance for a sample of one material (Paganin): turns transmissions with edge enhancement into the
/// transmissions that the sample would have in contact, so that <c>MinusLog()</c> gives its attenuation, with much less noise.
/// </summary>
/// <remarks>
/// Paganin, Mayo, Gureyev, Miller and Wilkins, Journal of Microscopy 206 (2002) 33: the spectrum is divided by
/// 1 + (z delta / mu) k^2, mu = 4 pi beta / wavelength. Generalised: Paganin et al., Ultramicroscopy 2020 (arXiv 1907.13474): k^2 is replaced by
/// 2 (2 - cos(W kx) - cos(W ky)) / W^2 of pixels of edge W, which keeps the finest details sharp.
/// </remarks>
public sealed record PaganinOptions : PreprocessingStep
{
    /// <summary>Photon energy in keV, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public required double EnergyKeV
    {
        get;
        init => field = Positive(value, nameof(EnergyKeV), "The energy in keV");
    }

    /// <summary>From the sample to the detector, above 0. In a cone beam the distance over the magnification.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public required Length Distance
    {
        get;
        init => field = new Length(Positive(value.Meters, nameof(Distance), "The distance from the sample to the detector"));
    }

    /// <summary>delta / beta of the material's refractive index 1 - delta + i beta, above 0; often 100 to 2000 for hard X-rays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public required double DeltaOverBeta
    {
        get;
        init => field = Positive(value, nameof(DeltaOverBeta), "delta / beta");
    }

    /// <summary>Edge of a pixel at the sample; null takes that of the stack.</summary>
    public Length? PixelSize { get; init; }

    /// <summary>Whether the discrete Laplacian of the pixels is inverted instead of the continuous one.</summary>
    public bool Generalized { get; init; }

    /// <summary>Wavelength of the photons.</summary>
    public Length Wavelength => Length.FromNanometers(1.239841984 / EnergyKeV);

    /// <inheritdoc/>
    public override string Name => Generalized ? "paganin-generalized" : "paganin";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
    [
        ("energyKeV", $"{EnergyKeV:g5}"), ("distance", Distance.ToString()), ("deltaOverBeta", $"{DeltaOverBeta:g5}"),
        ("pixelSize", PixelSize?.ToString() ?? "of the scan"),
    ];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The pixel size is not known, or the stack holds line integrals.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        if (projections.Quantity == Quantity.LineIntegral)
        {
            throw new ArgumentException(
                "Phase retrieval works on transmissions, and these are line integrals: call it between Normalize() and MinusLog().", nameof(projections));
        }

        var pixel = PixelSize ?? projections.PixelSize ?? throw new ArgumentException(
            "Phase retrieval needs the pixel size, which the scan does not say: give PaganinOptions.PixelSize, or PixelSize when opening the scan.",
            nameof(projections));
        if (pixel.Meters <= 0)
        {
            throw new ArgumentException($"The pixel size is {pixel}; it must be above 0.", nameof(projections));
        }

        return new PaganinStack(projections, this with { PixelSize = pixel });
    }

    /// <summary>z delta / mu in pixels squared: how far the phase spreads in the picture.</summary>
    internal double Spread
    {
        get
        {
            var metersSquared = Distance.Meters * DeltaOverBeta * Wavelength.Meters / (4 * Math.PI);
            return metersSquared / (PixelSize!.Value.Meters * PixelSize.Value.Meters);
        }
    }

    private static double Positive(double value, string name, string what) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{what} must be above 0.");
}
