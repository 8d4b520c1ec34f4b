using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Total variation of slices, each for itself, or of a volume. The dual field has as many parts as there are directions; all of
/// them begin with zeros.
/// </summary>
/// <param name="depth">Slices of a volume whose variation counts across slices; 0 for slices by themselves.</param>
internal sealed unsafe class TotalVariation(int depth)
{
    /// <summary>Directions of differences: 2 within slices, 3 in a volume.</summary>
    internal int Directions => depth > 0 ? 3 : 2;

    /// <summary>What bounds the squared norm of the differences.</summary>
    internal int SquaredNorm => 4 * Directions;

    private static RunContext Context => RunContext.Current;

    /// <summary>Of each lane; of a volume the same for all.</summary>
    internal double[] Value(InterleavedSlab x) => depth > 0
        ? All(x, VolumeStencil.Walk(new TvVolumeValue(x.Origin), x, depth, 1, Context))
        : Stencil.Walk(new TvValue(x.Origin), x, null, Context);

    /// <summary>u = v + div p within bounds.</summary>
    internal void FromDual(InterleavedSlab v, InterleavedSlab[] p, InterleavedSlab u, float low, float high)
    {
        if (depth > 0)
        {
            VolumeStencil.Walk(new FromVolumeDual(v.Origin, p[0].Origin, p[1].Origin, p[2].Origin, u.Origin, low, high), u, depth, 1, Context);
        }
        else
        {
            Stencil.Walk(new FromDual(v.Origin, p[0].Origin, p[1].Origin, u.Origin, low, high), u, null, Context);
        }
    }

    /// <summary>p = p + step grad u, no longer anywhere than the weight of its lane.</summary>
    internal void Ascend(InterleavedSlab u, InterleavedSlab[] p, float step, double[] weights)
    {
        if (depth > 0)
        {
            VolumeStencil.Walk(new VolumeDualAscent(u.Origin, p[0].Origin, p[1].Origin, p[2].Origin, step), u, depth, weights[0], Context);
        }
        else
        {
            Stencil.Walk(new DualAscent(u.Origin, p[0].Origin, p[1].Origin, step), u, weights, Context);
        }
    }

    /// <summary>g = g - div p.</summary>
    internal void SubtractDivergence(InterleavedSlab g, InterleavedSlab[] p)
    {
        if (depth > 0)
        {
            VolumeStencil.Walk(new SubtractVolumeDivergence(g.Origin, p[0].Origin, p[1].Origin, p[2].Origin), g, depth, 1, Context);
        }
        else
        {
            Stencil.Walk(new SubtractDivergence(g.Origin, p[0].Origin, p[1].Origin), g, null, Context);
        }
    }

    /// <summary>g = the gradient at x, smooth below a length; its square for each lane.</summary>
    internal double[] Gradient(InterleavedSlab x, InterleavedSlab g, double[] smooth) => depth > 0
        ? All(x, VolumeStencil.Walk(new TvVolumeGradient(x.Origin, g.Origin), x, depth, smooth[0], Context))
        : Stencil.Walk(new TvGradient(x.Origin, g.Origin), x, smooth, Context);

    private static double[] All(InterleavedSlab slab, double value) => [.. Enumerable.Repeat(value, slab.Lanes)];
}
