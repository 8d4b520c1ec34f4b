using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A step that works on each sinogram by itself; blocks are some detector rows at all angles.</summary>
internal sealed class SinogramStack(ProjectionStack source, PreprocessingStep step, Action<SinogramBlock> work, bool repair = true)
    : StoredStack(source, step)
{
    private int _warned;

    protected override int UnitCount => RowCount;

    protected override (int First, int End) UnitsOf(StackRegion region) => (region.RowStart, region.RowEnd);

    protected override StackRegion RegionOf(int first, int count) => new(0, AngleCount, first, count);

    protected override void Process(float[] block, StackRegion region, RunContext context)
    {
        long repaired = 0;
        ParallelWork.For(region.RowCount, context, row =>
        {
            var sinogram = new SinogramBlock(AngleCount, ColumnCount, region.RowStart + row);
            for (var a = 0; a < AngleCount; a++)
            {
                block.AsSpan(((a * region.RowCount) + row) * ColumnCount, ColumnCount).CopyTo(sinogram.Row(a));
            }

            if (repair)
            {
                Interlocked.Add(ref repaired, NonFiniteRepair.Sinogram(sinogram));
            }

            work(sinogram);
            for (var a = 0; a < AngleCount; a++)
            {
                sinogram.Row(a).CopyTo(block.AsSpan(((a * region.RowCount) + row) * ColumnCount, ColumnCount));
            }
        });
        NonFiniteRepair.Warn(Step.Name, repaired, ref _warned, context);
    }
}

/// <summary>The sinogram of one detector row while it is worked on: [angle, column].</summary>
internal sealed class SinogramBlock(int angles, int columns, int detectorRow)
{
    internal int Angles { get; } = angles;

    internal int Columns { get; } = columns;

    internal int DetectorRow { get; } = detectorRow;

    internal float[] Values { get; } = new float[angles * columns];

    internal Span<float> Row(int angle) => Values.AsSpan(angle * Columns, Columns);
}
