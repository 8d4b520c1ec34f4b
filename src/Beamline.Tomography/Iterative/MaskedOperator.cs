using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// An operator on the pixels of a mask alone. Slices must be 0 outside of it, which every method keeps to; so only the transpose
/// has to be cut.
/// </summary>
internal sealed class MaskedOperator(ILinearOperator inner, float[]? mask) : ILinearOperator
{
    public SlabShape Domain => inner.Domain;

    public SlabShape Range => inner.Range;

    public void Forward(InterleavedSlab x, InterleavedSlab y) => inner.Forward(x, y);

    public void Adjoint(InterleavedSlab y, InterleavedSlab x)
    {
        inner.Adjoint(y, x);
        if (mask is not null)
        {
            SlabMath.Apply(default(Weigh), x, x, x, mask, null, RunContext.Current);
        }
    }

    public void Dispose() => inner.Dispose();
}
