using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Gpu;
using Beamline.Tomography.Operators;

namespace Beamline.Tomography.Geometries;

/// <summary>Some slices of some image rows that are backprojected together: the band's row 0 and its lane 0 in the volume.</summary>
internal readonly record struct BandPlace(int FirstRow, int FirstSlice, int SliceCount, int ImageSize, int Slices)
{
    internal double MiddleXY => (ImageSize - 1) / 2.0;

    internal double MiddleZ => (Slices - 1) / 2.0;
}

/// <summary>
/// Backprojection of filtered projections, voxel by voxel with linear interpolation: each voxel gets weight / depth² times the value
/// at its shadow, summed over the views.
/// </summary>
internal abstract class ViewBackend : IDisposable
{
    internal abstract void Backproject(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, RunContext context);

    internal static ViewBackend Make(ProjectorBackend backend, Device device) => backend switch
    {
        ProjectorBackend.Scalar => new ScalarViewBackend(),
        ProjectorBackend.Simd => new SimdViewBackend(),
        ProjectorBackend.Ilgpu => new IlgpuViewBackend(device.Kind == DeviceKind.Cuda ? GpuContext.Cuda(device.Index) : GpuContext.Simulator()),
        ProjectorBackend.Auto when device.Kind == DeviceKind.Cuda => new IlgpuViewBackend(GpuContext.Cuda(device.Index)),
        ProjectorBackend.Auto => new SimdViewBackend(),
        _ => throw new ArgumentOutOfRangeException(nameof(backend), backend, "No such back end."),
    };

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The readable reference, in double precision.</summary>
internal sealed unsafe class ScalarViewBackend : ViewBackend
{
    internal override void Backproject(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, RunContext context)
    {
        for (var y = 0; y < band.OuterCount; y++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < band.InnerCount; x++)
            {
                for (var lane = 0; lane < place.SliceCount; lane++)
                {
                    var point = new Vector3D(x - place.MiddleXY, place.FirstRow + y - place.MiddleXY, place.FirstSlice + lane - place.MiddleZ);
                    double sum = 0;
                    for (var i = 0; i < views.Count; i++)
                    {
                        var m = views.Matrices[i];
                        var depth = m.D.Dot(point) + m.D0;
                        var across = m.U.Dot(point) + m.U0;
                        var column = across / depth;
                        var squared = depth * depth;
                        if (views.IsCurved)
                        {
                            column = views.MiddleColumn + (views.PerRadian * Math.Atan2(across, depth));
                            squared += across * across;
                        }

                        var row = views.RowsAreSlices ? place.FirstSlice + lane : (m.V.Dot(point) + m.V0) / depth;
                        sum += views.Weight(i) / squared * Value(runs, i, column, row);
                    }

                    band[y, x, lane] = (float)sum;
                }
            }
        }
    }

    private static double Value(ProjectionRuns runs, int view, double column, double row)
    {
        var r = Math.Clamp(row - runs.FirstRow, -1, runs.RowCount);
        var c = Math.Clamp(column, -1, runs.Columns);
        var (left, top) = ((int)Math.Floor(c), (int)Math.Floor(r));
        var (fc, fr) = (c - left, r - top);
        var at = runs.Column0(view) + ((long)left * runs.Run) + top + 1;
        return ((1 - fc) * (((1 - fr) * at[0]) + (fr * at[1]))) + (fc * (((1 - fr) * at[runs.Run]) + (fr * at[runs.Run + 1])));
    }
}
