using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Planning;

/// <summary>Measures projections and backprojections of geometries other than the parallel beam.</summary>
internal static class GeometryProbes
{
    private const int Slices = 32;
    private const int MostColumns = 512;

    /// <summary>Voxels x views a second of a filtered backprojection by views.</summary>
    internal static double ViewBackproject(RayPose pose, WorkScale scale)
    {
        const int Views = 16, BandRows = 32;
        var geometry = RayPoses.Example(pose, Math.Min(scale.Columns, MostColumns), Views, Slices);
        var (first, count) = ViewPlan.RowsOf(geometry, 0, Slices);
        using var views = new ViewTable(geometry, geometry.RowCount, [.. Enumerable.Repeat(1.0, Views)]);
        using var runs = new ProjectionRuns(Views, geometry.ColumnCount, count);
        using var band = new InterleavedSlab(BandRows, geometry.ImageSize, Slices, SlabShape.Pad);
        using var backend = ViewBackend.Make(ProjectorBackend.Auto, ComputeDevices.Resolve(scale.Context.Device));
        runs.Begin(first, count);
        var place = new BandPlace((geometry.ImageSize - BandRows) / 2, 0, Slices, geometry.ImageSize, geometry.SliceCount);
        return WorkProbes.Rate(
            (double)BandRows * geometry.ImageSize * Slices * Views, () => backend.Backproject(runs, views, band, place, scale.Context));
    }

    /// <summary>Rays x pixels of an edge a second of the projection of the iterative methods.</summary>
    internal static double Forward(RayPose pose, WorkScale scale) => Rays(pose, scale, (projector, x, y) => projector.Forward(x, y));

    /// <summary>The same of its transpose.</summary>
    internal static double Adjoint(RayPose pose, WorkScale scale) => Rays(pose, scale, (projector, x, y) => projector.Adjoint(y, x));

    /// <summary>Units of <see cref="Forward"/> of all rays.</summary>
    internal static double RayUnits(double views, double columns, double rows, double imageSize) => views * columns * rows * imageSize;

    private static double Rays(RayPose pose, WorkScale scale, Action<VectorProjector, InterleavedSlab, InterleavedSlab> project)
    {
        // Rays in any pose are followed one by one, some fifty times slower.
        var (most, views, slices) = pose == RayPose.Free ? (128, 2, 16) : (256, 8, Slices);
        var geometry = RayPoses.Example(pose, Math.Min(scale.Columns, most), views, slices);
        using var scope = RunContext.Use(scale.Context);
        using var projector = new VectorProjector(geometry);
        var lanes = geometry.IsSliceWise ? slices : VolumeSlabs.Lanes;
        using var x = projector.Domain.Allocate(lanes);
        using var y = projector.Range.Allocate(lanes);
        return WorkProbes.Rate(RayUnits(views, geometry.ColumnCount, geometry.RowCount, geometry.ImageSize), () => project(projector, x, y));
    }
}
