using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;

namespace Beamline.Tomography.Geometries;

/// <summary>Fits a filtered backprojection by views into the memory that is free, in the terms of <see cref="ReconstructionPlan"/>.</summary>
internal static class ViewPlan
{
    private const long ReadBlockBytes = 16L << 20;

    /// <summary>Detector rows filtered together.</summary>
    internal const int FilterRows = 32;

    internal static ReconstructionPlan Make(ProjectionStack projections, VectorGeometry geometry, SinogramPadding padding, RunContext context)
    {
        var size = geometry.ImageSize;
        var available = MemoryBudget.AvailableBytes(context);
        ReconstructionPlan? smallest = null;
        (int Lanes, int BandRows)[] choices = geometry.SliceCount > 16 ? [(32, 64), (16, 64), (16, 16)] : [(16, 64), (16, 16)];
        foreach (var (lanes, bandRows) in choices)
        {
            var rows = Math.Min(bandRows, size);
            var anglesPerRead = (int)Math.Clamp(
                ReadBlockBytes / ((long)FilterRows * projections.ColumnCount * sizeof(float)), 1, projections.AngleCount);
            var most = Enumerable.Range(0, (geometry.SliceCount + lanes - 1) / lanes).Max(s => RowsOf(geometry, s * lanes, lanes).Count);
            var working =
                ProjectionRuns.BytesNeeded(projections.AngleCount, geometry.ColumnCount, most) +
                InterleavedSlab.BytesNeeded(projections.AngleCount, geometry.ColumnCount, FilterRows, SlabShape.Pad) +
                // A detector that was moved aside is read into a slab of its own.
                (geometry.ColumnCount > projections.ColumnCount ? InterleavedSlab.BytesNeeded(projections.AngleCount, projections.ColumnCount, FilterRows, SlabShape.Pad) : 0) +
                (2 * InterleavedSlab.BytesNeeded(rows, size, lanes, SlabShape.Pad)) + ((long)lanes * rows * size * sizeof(float)) +
                (2L * anglesPerRead * FilterRows * projections.ColumnCount * sizeof(float)) +
                (context.MaxThreads * SinogramFilter.BytesPerThread(geometry.ColumnCount, FilterRows, padding));
            var plan = smallest = new ReconstructionPlan
            {
                Device = ComputeDevices.Resolve(context.Device),
                SliceCount = geometry.SliceCount,
                ImageSize = size,
                Lanes = lanes,
                BandRows = rows,
                AnglesPerRead = anglesPerRead,
                WorkingBytes = working,
                ResultBytes = (long)geometry.SliceCount * size * size * sizeof(float),
                CachedInputBytes = 0,
                AvailableBytes = available,
            };
            if (working <= available)
            {
                return plan.WithInput(projections, context);
            }
        }

        throw new InsufficientMemoryException(
            $"The reconstruction needs at least {smallest!.WorkingBytes / (double)(1L << 20):0.0} MiB to work in, but only " +
            $"{Math.Max(available, 0) / (double)(1L << 20):0.0} MiB are free" +
            (context.MemoryLimitBytes is not null ? " under the memory limit. Raise --memory-limit." : ". Close other programs, or give fewer slices or columns."));
    }

    /// <summary>The detector rows on which some slices fall in any view.</summary>
    internal static (int First, int Count) RowsOf(VectorGeometry geometry, int firstSlice, int count)
    {
        var last = Math.Min(firstSlice + count, geometry.SliceCount) - 1;
        if (geometry.IsSliceWise)
        {
            return (firstSlice, last - firstSlice + 1);
        }

        var half = geometry.ImageCenter;
        var middle = (geometry.SliceCount - 1) / 2.0;
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var view in geometry.Views)
        {
            var m = ViewMatrix.Of(geometry, view);
            for (var corner = 0; corner < 8; corner++)
            {
                var row = m.Row(new Vector3D(
                    (corner & 1) == 0 ? -half : half, (corner & 2) == 0 ? -half : half, ((corner & 4) == 0 ? firstSlice : last) - middle));
                (least, most) = (Math.Min(least, row), Math.Max(most, row));
            }
        }

        var first = (int)Math.Clamp(Math.Floor(least) - 1, 0, geometry.RowCount - 1);
        var end = (int)Math.Clamp(Math.Ceiling(most) + 2, first + 1, geometry.RowCount);
        return (first, end - first);
    }
}
