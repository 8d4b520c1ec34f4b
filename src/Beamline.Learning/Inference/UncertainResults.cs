using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>
/// A denoised image with how far the answers lie apart. The spread shows where a network is unsure (edges, what it never saw); it is no error
/// bar: an error that all answers share does not show in it.
/// </summary>
/// <param name="Mean">Mean of the answers, in the units of the data: mostly a little better than a single one.</param>
/// <param name="Deviation">Standard deviation of the answers, in the units of the data.</param>
public sealed record UncertainImage(Image Mean, Image Deviation);

/// <summary>Denoised projections with how far the answers lie apart; see <see cref="UncertainImage"/>.</summary>
/// <param name="Mean">Mean of the answers.</param>
/// <param name="Deviation">Standard deviation of the answers, in the same units.</param>
public sealed record UncertainProjections(ProjectionStack Mean, ProjectionStack Deviation) : IDisposable
{
    /// <summary>Gives both back.</summary>
    public void Dispose()
    {
        Mean.Dispose();
        Deviation.Dispose();
    }
}
