using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Iterative;

/// <summary>Fits the slabs of an iterative run into the memory that is free, in the terms of <see cref="ReconstructionPlan"/>.</summary>
internal static class IterativePlan
{
    private const long ReadBlockBytes = 16L << 20;

    internal static ReconstructionPlan Make(ProjectionStack projections, IterativeOptions options, int? lanes, RunContext context, bool isAsked = false, VectorGeometry? fan = null)
    {
        var size = options.ImageSize ?? projections.ColumnCount;
        var available = MemoryBudget.AvailableBytes(context);
        ReconstructionPlan? smallest = null;
        int[] choices = lanes is { } fixedLanes ? [fixedLanes] : projections.RowCount > 16 ? [32, 16] : [16];
        foreach (var count in choices)
        {
            var anglesPerRead = (int)Math.Clamp(
                ReadBlockBytes / ((long)count * projections.ColumnCount * sizeof(float)), 1, projections.AngleCount);
            var plan = smallest = new ReconstructionPlan
            {
                Device = ComputeDevices.Resolve(context.Device),
                SliceCount = projections.RowCount,
                ImageSize = size,
                Lanes = count,
                BandRows = size,
                AnglesPerRead = anglesPerRead,
                WorkingBytes = WorkingBytes(projections, options, size, count) + ((long)anglesPerRead * count * projections.ColumnCount * sizeof(float)),
                ResultBytes = (long)projections.RowCount * size * size * sizeof(float),
                CachedInputBytes = 0,
                AvailableBytes = available,
            };
            if (plan.WorkingBytes <= available)
            {
                plan = plan.WithInput(projections, context);
                return plan.Timed(IterativeWork.Of(plan, projections.AngleCount, projections.ColumnCount, options, fan), projections, context, isAsked);
            }
        }

        throw new InsufficientMemoryException(
            $"{options.Method} needs at least {Size(smallest!.WorkingBytes)} to work in ({smallest.Lanes} slices of {size} x {size} at once), but only " +
            $"{Size(available)} are free" + (context.MemoryLimitBytes is not null ? " under the memory limit. Raise --memory-limit" : ". Close other programs") +
            (IterativeProblem.UsesSubsets(options.Method) ? ", take fewer subsets," : ",") +
            " or reconstruct fewer columns (ImageSize); SIRT and MLEM need least.");
    }

    /// <summary>Slabs of the method, one for the best slices and one to begin with, and the sums of the subsets.</summary>
    private static long WorkingBytes(ProjectionStack projections, IterativeOptions options, int size, int lanes)
    {
        var image = InterleavedSlab.BytesNeeded(size + (2 * SlabShape.Pad), size, lanes, SlabShape.Pad);
        var rays = InterleavedSlab.BytesNeeded(projections.AngleCount, projections.ColumnCount, lanes, SlabShape.Pad);
        var subsets = IterativeProblem.SubsetCount(options, projections.AngleCount);
        var sums = ((long)subsets * size * size * sizeof(float)) + ((long)projections.AngleCount * projections.ColumnCount * sizeof(float));
        return ((IterativeSlab.ImageSlabs(options.Method) + 1) * image) +
            ((IterativeSlab.RaySlabs(options.Method) + (options.Weights is null ? 1 : 2)) * rays) + sums + ((long)size * size * sizeof(float));
    }

    private static string Size(long bytes) => $"{Math.Max(bytes, 0) / (double)(1L << 20):0.0} MiB";
}
