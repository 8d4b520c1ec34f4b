using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Iterative;

/// <summary>The plan of a run on a whole volume (<see cref="VolumeRun"/>).</summary>
internal static class VolumePlan
{
    /// <summary>Whether the arrays fit; all of them are in memory at once.</summary>
    internal static ReconstructionPlan Make(
        ProjectionStack projections, VectorGeometry geometry, IterativeOptions options, RunContext context, bool isAsked = false)
    {
        var image = VolumeSlabs.Shape(geometry.ImageSize, geometry.ImageSize, geometry.SliceCount).BytesNeeded(VolumeSlabs.Lanes);
        var rays = VolumeSlabs.Shape(geometry.ViewCount, geometry.ColumnCount, geometry.RowCount).BytesNeeded(VolumeSlabs.Lanes);
        var largest = Math.Max(image, rays) / sizeof(float);
        if (largest > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A volume or a stack of {largest} values is more than iterations over whole volumes can hold ({Array.MaxLength}). Give a geometry with " +
                "fewer or larger voxels (imageSize, sliceCount, voxelSize), bin the projections, or take Reconstruction.Fdk.", nameof(geometry));
        }

        var subsets = IterativeProblem.SubsetCount(options, geometry.ViewCount);
        var directions = options.TvAcrossSlices == false ? 2 : 3;
        var working = ((IterativeSlab.ImageSlabs(options.Method, directions) + 2 + subsets) * image) +
            ((IterativeSlab.RaySlabs(options.Method) + (options.Weights is null ? 2 : 3)) * rays);
        if (geometry.IsSliceWise)
        {
            // Operators on 16 slices of the volume, of all rays and of each subset, have slabs of their own.
            working += (subsets + 1) * ((image / VolumeSlabs.Pieces(geometry.SliceCount)) + (rays / VolumeSlabs.Pieces(geometry.RowCount)));
        }

        var result = (long)geometry.SliceCount * geometry.ImageSize * geometry.ImageSize * sizeof(float);
        var available = MemoryBudget.AvailableBytes(context);
        if (working + result > available)
        {
            throw new InsufficientMemoryException(
                $"{options.Method} on a volume of {geometry.SliceCount} x {geometry.ImageSize} x {geometry.ImageSize} needs {(working + result) >> 20} MiB, because its " +
                (geometry.IsSliceWise
                    ? $"slices are solved together; {available >> 20} MiB are free. Leave TvAcrossSlices out, or reconstruct fewer rows or columns (ImageSize)."
                    : $"slices share rays and are solved together; {available >> 20} MiB are free. Give a geometry with fewer or larger voxels " +
                        "(imageSize, sliceCount, voxelSize), take fewer subsets, or SIRT, which needs least."));
        }

        var plan = new ReconstructionPlan
        {
            Device = ComputeDevices.Resolve(context.Device),
            SliceCount = geometry.SliceCount,
            ImageSize = geometry.ImageSize,
            Lanes = geometry.SliceCount,
            BandRows = geometry.ImageSize,
            AnglesPerRead = 1,
            WorkingBytes = working,
            ResultBytes = result,
            CachedInputBytes = 0,
            AvailableBytes = available,
        };
        return plan.Timed(IterativeWork.OfVolume(plan, geometry, options), projections, context, isAsked);
    }
}
