using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// All cores, and vectors where the rays of a column lie over each other (every geometry but tilted detectors and steep rays): then one
/// place and one weight serve all slices. The transpose is made band by band of image rows: a band belongs to one thread, and the
/// rays pass over it in their order, so sums do not depend on the number of threads.
/// </summary>
internal sealed unsafe partial class SimdRayBackend : RayBackend
{
    private const int BandRows = 16;
    private const int ColumnsAPiece = 32;
    private readonly PlanarRay[]? _rays;

    internal SimdRayBackend(VectorGeometry geometry)
        : base(geometry) => _rays = PlanarRays.Of(geometry);

    internal override void Forward(InterleavedSlab volume, InterleavedSlab rays, RunContext context)
    {
        var pieces = (Geometry.ColumnCount + ColumnsAPiece - 1) / ColumnsAPiece;
        if (_rays is null)
        {
            ParallelWork.For(Geometry.ViewCount, context, view => VolumeRays.Each(Geometry, view, view + 1, (_, row, column) =>
            {
                var walk = RayWalk.Of(Geometry, Geometry.Views[view], row, column);
                double sum = 0;
                VolumeRays.Follow(Geometry, walk, 0, Geometry.ImageSize, (at, weight) => sum += weight * volume.Origin[VolumeRays.Offset(volume, at)]);
                rays.Origin[VolumeRays.RayOffset(Geometry, rays, view, row, column)] = (float)(sum * walk.Length);
            }));
        }
        else
        {
            ParallelWork.For(Geometry.ViewCount * pieces, context, i =>
            {
                var (view, first) = (i / pieces, i % pieces * ColumnsAPiece);
                var end = Math.Min(first + ColumnsAPiece, Geometry.ColumnCount);
                if (Geometry.IsSliceWise)
                {
                    ForwardSlices(volume, rays, view, first, end);
                }
                else
                {
                    ForwardVolume(volume, rays, view, first, end);
                }
            });
        }

        GC.KeepAlive(volume);
        GC.KeepAlive(rays);
    }

    internal override void Adjoint(InterleavedSlab rays, InterleavedSlab volume, RunContext context)
    {
        volume.Clear();
        ParallelWork.For((Geometry.ImageSize + BandRows - 1) / BandRows, context, band =>
        {
            var first = band * BandRows;
            var end = Math.Min(first + BandRows, Geometry.ImageSize);
            if (_rays is null)
            {
                VolumeRays.Each(Geometry, 0, Geometry.ViewCount, (view, row, column) =>
                {
                    var walk = RayWalk.Of(Geometry, Geometry.Views[view], row, column);
                    var value = rays.Origin[VolumeRays.RayOffset(Geometry, rays, view, row, column)] * walk.Length;
                    VolumeRays.Follow(Geometry, walk, first, end, (at, weight) => volume.Origin[VolumeRays.Offset(volume, at)] += (float)(weight * value));
                });
            }
            else if (Geometry.IsSliceWise)
            {
                AdjointSlices(rays, volume, first, end);
            }
            else
            {
                AdjointVolume(rays, volume, first, end);
            }
        });
        GC.KeepAlive(volume);
        GC.KeepAlive(rays);
    }
}
