using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>
/// Fits a method on the CPU that works on whole slabs into the memory that is free: 32 slices at once, or 16, with smaller
/// bands and blocks when it is tight.
/// </summary>
internal static class SlabPlan
{
    private const long ReadBlockBytes = 16L << 20;

    /// <param name="name">The method, for the message when it does not fit.</param>
    /// <param name="projections">What is reconstructed.</param>
    /// <param name="size">Edge of a slice in pixels.</param>
    /// <param name="context">Limits and threads.</param>
    /// <param name="ownBytes">Bytes that the method's own arrays take for a number of lanes.</param>
    internal static ReconstructionPlan Make(
        string name, ProjectionStack projections, int size, RunContext context, Func<int, long> ownBytes)
    {
        var available = MemoryBudget.AvailableBytes(context);
        ReconstructionPlan? smallest = null;
        foreach (var (lanes, bandRows, divide) in Choices(projections.RowCount))
        {
            var rows = Math.Min(bandRows, size);
            var columns = projections.ColumnCount;
            var anglesPerRead = (int)Math.Clamp(ReadBlockBytes / divide / ((long)lanes * columns * sizeof(float)), 1, projections.AngleCount);
            smallest = new ReconstructionPlan
            {
                Device = Device.Cpu,
                SliceCount = projections.RowCount,
                ImageSize = size,
                Lanes = lanes,
                BandRows = rows,
                AnglesPerRead = anglesPerRead,
                WorkingBytes =
                    InterleavedSlab.BytesNeeded(projections.AngleCount, columns, lanes, SlabShape.Pad) +
                    (2 * InterleavedSlab.BytesNeeded(rows, size, lanes, SlabShape.Pad)) +
                    ((long)lanes * rows * size * sizeof(float)) +
                    (2L * anglesPerRead * lanes * columns * sizeof(float)) +
                    ownBytes(lanes),
                ResultBytes = (long)projections.RowCount * size * size * sizeof(float),
                CachedInputBytes = 0,
                AvailableBytes = available,
            };
            if (smallest.WorkingBytes <= available)
            {
                return smallest.WithInput(projections, context);
            }
        }

        throw new InsufficientMemoryException(
            $"{name} needs at least {Size(smallest!.WorkingBytes)} to work in ({smallest.Lanes} slices of {size} x {size} at once), but only " +
            $"{Size(available)} are free" + (context.MemoryLimitBytes is not null ? " under the memory limit. Raise --memory-limit, " : ". Close other programs, ") +
            "reconstruct fewer columns (ImageSize), or take FBP, which needs least.");
    }

    private static (int Lanes, int BandRows, int Divide)[] Choices(int rows) => rows > 16
        ? [(32, 64, 1), (32, 16, 4), (16, 16, 8)]
        : [(16, 64, 1), (16, 16, 8)];

    private static string Size(long bytes) => $"{Math.Max(bytes, 0) / (double)(1L << 20):0.0} MiB";
}
