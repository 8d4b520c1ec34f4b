using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Geometries;

/// <summary>One implementation of <see cref="VectorProjector"/>. Slabs were checked by the caller.</summary>
internal abstract class RayBackend(VectorGeometry geometry) : IDisposable
{
    protected VectorGeometry Geometry { get; } = geometry;

    internal abstract void Forward(InterleavedSlab volume, InterleavedSlab rays, RunContext context);

    internal abstract void Adjoint(InterleavedSlab rays, InterleavedSlab volume, RunContext context);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The readable reference: one ray after the other in double precision; the transpose scatters what forward gathers.</summary>
internal sealed unsafe class ScalarRayBackend(VectorGeometry geometry) : RayBackend(geometry)
{
    internal override void Forward(InterleavedSlab volume, InterleavedSlab rays, RunContext context) => VolumeRays.Each(Geometry, 0, Geometry.ViewCount, (view, row, column) =>
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        var walk = RayWalk.Of(Geometry, Geometry.Views[view], row, column);
        for (var lane = 0; lane < VolumeRays.LanesOf(Geometry, volume); lane++)
        {
            double sum = 0;
            VolumeRays.Follow(Geometry, walk, 0, Geometry.ImageSize, (at, weight) => sum += weight * volume.Origin[VolumeRays.Offset(volume, at) + lane]);
            rays.Origin[VolumeRays.RayOffset(Geometry, rays, view, row, column) + lane] = (float)(sum * walk.Length);
        }
    });

    internal override void Adjoint(InterleavedSlab rays, InterleavedSlab volume, RunContext context)
    {
        var sums = new double[volume.FloatCount];
        VolumeRays.Each(Geometry, 0, Geometry.ViewCount, (view, row, column) =>
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var walk = RayWalk.Of(Geometry, Geometry.Views[view], row, column);
            for (var lane = 0; lane < VolumeRays.LanesOf(Geometry, volume); lane++)
            {
                var value = rays.Origin[VolumeRays.RayOffset(Geometry, rays, view, row, column) + lane] * walk.Length;
                VolumeRays.Follow(
                    Geometry, walk, 0, Geometry.ImageSize, (at, weight) => sums[volume.OriginOffset + VolumeRays.Offset(volume, at) + lane] += weight * value);
            }
        });
        for (long i = 0; i < sums.LongLength; i++)
        {
            volume.Origin[i - volume.OriginOffset] = (float)sums[i];
        }
    }
}

/// <summary>A voxel: x, y, z.</summary>
internal readonly record struct Voxel(int X, int Y, int Z);

/// <summary>Rays of any direction through a volume, one by one.</summary>
internal static class VolumeRays
{
    /// <summary>All rays of some views; slice-wise geometries have one row, whose lanes are the slices.</summary>
    internal static void Each(VectorGeometry geometry, int firstView, int endView, Action<int, int, int> ray)
    {
        var rows = geometry.IsSliceWise ? 1 : geometry.RowCount;
        for (var view = firstView; view < endView; view++)
        {
            for (var column = 0; column < geometry.ColumnCount; column++)
            {
                for (var row = 0; row < rows; row++)
                {
                    ray(view, row, column);
                }
            }
        }
    }

    internal static int LanesOf(VectorGeometry geometry, InterleavedSlab slab) => geometry.IsSliceWise ? slab.Lanes : 1;

    /// <summary>Floats from the origin of a slab of slices or of a volume to a voxel.</summary>
    internal static long Offset(InterleavedSlab slab, Voxel at) =>
        (at.Y * slab.RowStride) + ((long)at.X * Math.Max(slab.PiecesOfDepth, 1) * slab.Lanes) + at.Z;

    internal static long RayOffset(VectorGeometry geometry, InterleavedSlab slab, int view, int row, int column) =>
        (view * slab.RowStride) + ((long)column * Math.Max(slab.PiecesOfDepth, 1) * slab.Lanes) + (geometry.IsSliceWise ? 0 : row);

    /// <summary>The voxels that a ray touches in some rows (y) of the volume, with their parts of each plane.</summary>
    internal static void Follow(VectorGeometry geometry, RayWalk walk, int firstY, int endY, Action<Voxel, double> touch)
    {
        var size = geometry.ImageSize;
        // In a slice-wise geometry every ray is in slice 0 of its own lane.
        var slices = geometry.IsSliceWise ? 1 : geometry.SliceCount;
        var (v0, dv) = geometry.IsSliceWise ? (0.0, 0.0) : (walk.V0, walk.Dv);
        var (from, to) = walk.Axis switch
        {
            1 => (firstY, endY),
            0 => RayWalk.Within(walk.U0, walk.Du, firstY, endY, 0, size),
            _ => RayWalk.Within(v0, dv, firstY, endY, 0, slices),
        };
        for (var j = from; j < to; j++)
        {
            var (u, v) = (walk.U0 + (walk.Du * j), v0 + (dv * j));
            if (!(Math.Abs(u) < 1e6) || !(Math.Abs(v) < 1e6))
            {
                continue;
            }

            var (iu, iv) = ((int)Math.Floor(u), (int)Math.Floor(v));
            for (var k = 0; k < 4; k++)
            {
                var (nu, nv) = (iu + (k & 1), iv + (k >> 1));
                var weight = (1 - Math.Abs(u - nu)) * (1 - Math.Abs(v - nv));
                var at = walk.Axis switch { 1 => new Voxel(nu, j, nv), 0 => new Voxel(j, nu, nv), _ => new Voxel(nu, nv, j) };
                if (weight > 0 && at.X >= 0 && at.X < size && at.Y >= firstY && at.Y < endY && at.Z >= 0 && at.Z < slices)
                {
                    touch(at, weight);
                }
            }
        }
    }
}
