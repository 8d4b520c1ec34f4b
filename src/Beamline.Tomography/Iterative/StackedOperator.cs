using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// An operator on slices as one on the volume that they make up, in pieces of 16 slices: what couples slices (total variation across
/// them) then sees its neighbors. Each piece is projected as the slices themselves would be.
/// </summary>
internal sealed class StackedOperator : ISplitOperator
{
    private readonly ILinearOperator _inner;
    private readonly int _depth;
    private readonly InterleavedSlab _slices;
    private readonly InterleavedSlab _rays;

    /// <param name="inner">The operator on slices; disposed with this one.</param>
    /// <param name="depth">Number of slices.</param>
    internal StackedOperator(ILinearOperator inner, int depth)
    {
        (_inner, _depth) = (inner, depth);
        (_slices, _rays) = (inner.Domain.Allocate(VolumeSlabs.Lanes), inner.Range.Allocate(VolumeSlabs.Lanes));
    }

    public SlabShape Domain => VolumeSlabs.Shape(_inner.Domain.OuterCount, _inner.Domain.InnerCount, _depth);

    public SlabShape Range => VolumeSlabs.Shape(_inner.Range.OuterCount, _inner.Range.InnerCount, _depth);

    public void Forward(InterleavedSlab x, InterleavedSlab y)
    {
        for (var piece = 0; piece < x.PiecesOfDepth; piece++)
        {
            Copy(x, piece, _slices, isOut: true);
            _inner.Forward(_slices, _rays);
            Copy(y, piece, _rays, isOut: false);
        }
    }

    public void Adjoint(InterleavedSlab y, InterleavedSlab x)
    {
        for (var piece = 0; piece < x.PiecesOfDepth; piece++)
        {
            Copy(y, piece, _rays, isOut: true);
            _inner.Adjoint(_rays, _slices);
            Copy(x, piece, _slices, isOut: false);
        }
    }

    public ILinearOperator Part(IReadOnlyList<int> rows) => _inner is ISplitOperator split
        ? new StackedOperator(split.Part(rows), _depth)
        : throw new ArgumentException(
            $"This method works by subsets of the rays, but {_inner.GetType().Name} cannot be split: implement ISplitOperator, or take SIRT or MLEM.");

    public void Dispose()
    {
        _inner.Dispose();
        _slices.Dispose();
        _rays.Dispose();
    }

    private static unsafe void Copy(InterleavedSlab volume, int piece, InterleavedSlab slices, bool isOut)
    {
        const int Lanes = VolumeSlabs.Lanes;
        var run = volume.PiecesOfDepth * Lanes;
        ParallelWork.For(slices.OuterCount, RunContext.Current, row =>
        {
            var whole = volume.Origin + (row * volume.RowStride) + (piece * Lanes);
            var part = slices.Origin + (row * slices.RowStride);
            for (var column = 0; column < slices.InnerCount; column++, whole += run, part += Lanes)
            {
                new Span<float>(isOut ? whole : part, Lanes).CopyTo(new Span<float>(isOut ? part : whole, Lanes));
            }

            GC.KeepAlive(volume);
            GC.KeepAlive(slices);
        });
    }
}
