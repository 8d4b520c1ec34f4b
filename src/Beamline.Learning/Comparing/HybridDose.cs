using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>What a scan costs that measures every view at low dose and some views at normal dose too.</summary>
/// <param name="LowPhotonsPerPixel">Photons for each pixel, without a sample, of a low-dose view: above 0.</param>
/// <param name="NormalPhotonsPerPixel">The same of a normal-dose view: above 0.</param>
/// <param name="NormalViews">Number of views at normal dose.</param>
public sealed record HybridDose(double LowPhotonsPerPixel, double NormalPhotonsPerPixel, int NormalViews)
{
    /// <summary>Photons for each pixel of each view, when all are spread evenly over the views: what the fair opponent has.</summary>
    /// <param name="viewCount">Number of low-dose views.</param>
    public double EffectivePhotonsPerPixel(int viewCount) => LowPhotonsPerPixel + (NormalPhotonsPerPixel * NormalViews / viewCount);

    internal void Check(int viewCount)
    {
        if (!(LowPhotonsPerPixel > 0 && NormalPhotonsPerPixel > 0 && double.IsFinite(LowPhotonsPerPixel + NormalPhotonsPerPixel)) || NormalViews < 0 || NormalViews > viewCount)
        {
            throw new ArgumentException(
                $"The dose of {LowPhotonsPerPixel} photons for each pixel, and {NormalPhotonsPerPixel} in {NormalViews} views, does not fit a scan of {viewCount} views: photons are above 0.", nameof(viewCount));
        }
    }
}

/// <summary>Another scan of the sample, or what another method made of it: one more row of a comparison.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Projections">Line integrals, of the shape of the noisy scan.</param>
public sealed record ComparedScan(string Name, ProjectionStack Projections)
{
    /// <summary>Photons for each pixel of each view that it cost; null when not known.</summary>
    public double? PhotonsPerPixel { get; init; }
}

/// <summary>A square of a slice in which nothing but noise changes.</summary>
/// <param name="Row">First row.</param>
/// <param name="Column">First column.</param>
/// <param name="Edge">Pixels along an edge: 2 or more.</param>
public sealed record FlatRegion(int Row, int Column, int Edge);
