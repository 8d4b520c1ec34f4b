using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A step that works on each projection by itself; blocks are some whole projections.</summary>
internal class FrameStack(ProjectionStack source, PreprocessingStep step, Action<float[], int>? work = null)
    : StoredStack(source, step)
{
    private int _warned;

    protected sealed override int UnitCount => AngleCount;

    protected int FrameLength => RowCount * ColumnCount;

    protected sealed override (int First, int End) UnitsOf(StackRegion region) => (region.AngleStart, region.AngleEnd);

    protected sealed override StackRegion RegionOf(int first, int count) => new(first, count, 0, RowCount);

    protected override void Process(float[] block, StackRegion region, RunContext context)
    {
        long repaired = 0;
        ParallelWork.For(region.AngleCount, context, i =>
        {
            var frame = block.AsSpan(i * FrameLength, FrameLength).ToArray();
            var angle = region.AngleStart + i;
            Interlocked.Add(ref repaired, NonFiniteRepair.Frame(frame, ColumnCount, angle, AnglesDegrees[angle]));
            work!(frame, angle);
            frame.CopyTo(block, i * FrameLength);
        });
        NonFiniteRepair.Warn(Step.Name, repaired, ref _warned, context);
    }
}
