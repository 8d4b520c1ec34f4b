using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Reads detector rows of a stack into a sinogram slab, some projections at a time.</summary>
internal sealed class SlabReader : IDisposable
{
    private readonly ProjectionStack _projections;
    private readonly ArrayMemory<float> _block;
    private readonly int _anglesPerRead;
    private long _replaced;

    internal SlabReader(ProjectionStack projections, int anglesPerRead, int lanes)
    {
        (_projections, _anglesPerRead) = (projections, anglesPerRead);
        _block = ArrayMemory.AllocateToFill<float>((long)anglesPerRead * lanes * projections.ColumnCount);
    }

    /// <summary>Values that were not finite and were set to zero.</summary>
    internal long Replaced => _replaced;

    internal void Read(int firstRow, int rowCount, InterleavedSlab slab, RunContext context)
    {
        var columns = _projections.ColumnCount;
        var frame = rowCount * columns;
        for (var first = 0; first < _projections.AngleCount; first += _anglesPerRead)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_anglesPerRead, _projections.AngleCount - first);
            var start = first;
            // Reading is work as well: numbers are converted, normalized and taken the logarithm of on the way.
            var pieces = Math.Min(context.MaxThreads, count);
            ParallelWork.For(pieces, context, piece =>
            {
                var (from, until) = (count * piece / pieces, count * (piece + 1) / pieces);
                var values = _block.Span((long)from * frame, (until - from) * frame);
                _projections.Read(new StackRegion(start + from, until - from, firstRow, rowCount), values);
                if (NonFinite.ReplaceByZero(values) is > 0 and var replaced)
                {
                    Interlocked.Add(ref _replaced, replaced);
                }

                for (var i = from; i < until; i++)
                {
                    slab.SetLanes(start + i, values.Slice((i - from) * frame, frame), columns, rowCount);
                }
            });
        }
    }

    public void Dispose() => _block.Dispose();
}
