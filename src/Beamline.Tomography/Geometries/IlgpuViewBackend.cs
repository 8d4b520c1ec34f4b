using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Operators;
using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Geometries;

/// <summary>Sizes that the kernel needs; offsets count floats from the start of a buffer.</summary>
internal readonly struct ViewKernelShape(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place)
{
    internal readonly int Lanes = band.Lanes;
    internal readonly int Columns = runs.Columns;
    internal readonly int Width = band.InnerCount;
    internal readonly int FirstRow = place.FirstRow;
    internal readonly int FirstSlice = place.FirstSlice;
    internal readonly int Views = views.Count;
    internal readonly int PaddedViews = views.PaddedCount;
    internal readonly int Run = runs.Run;
    internal readonly int RunFirstRow = runs.FirstRow;
    internal readonly int RunRows = runs.RowCount;
    internal readonly long ViewStride = runs.ViewStride;
    internal readonly long BandStride = band.RowStride;
    internal readonly long BandOrigin = band.OriginOffset;
    internal readonly float MiddleXY = (float)place.MiddleXY;
    internal readonly float MiddleZ = (float)place.MiddleZ;
    internal readonly float PerRadian = (float)views.PerRadian;
    internal readonly float MiddleColumn = (float)views.MiddleColumn;
    internal readonly int RowsAreSlices = views.RowsAreSlices ? 1 : 0;
    internal readonly int IsCurved = views.IsCurved ? 1 : 0;
}

/// <summary>The backprojection on a GPU through ILGPU; buffers live as long as the back end.</summary>
internal sealed unsafe class IlgpuViewBackend : ViewBackend
{
    private readonly GpuBuffers _buffers;
    private readonly Action<Index1D, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>,
        ArrayView1D<float, Stride1D.Dense>, ViewKernelShape> _kernel;

    internal IlgpuViewBackend(Accelerator accelerator)
    {
        _buffers = new GpuBuffers(accelerator);
        _kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView1D<float, Stride1D.Dense>,
            ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>, ViewKernelShape>(ViewKernels.Backproject);
    }

    internal override void Backproject(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, RunContext context)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        var input = _buffers.Upload("runs", runs.Pointer, runs.FloatCount);
        var table = _buffers.Upload("views", views.Field(0), views.FloatCount);
        var output = _buffers.Buffer("band", band.FloatCount);
        output.MemSetToZero();
        _kernel(
            checked(band.OuterCount * band.InnerCount * band.Lanes), input.View, table.View, output.View,
            new ViewKernelShape(runs, views, band, place));
        _buffers.Download(output, band.Origin - band.OriginOffset, band.FloatCount);
        GC.KeepAlive(runs);
        GC.KeepAlive(views);
        GC.KeepAlive(band);
    }

    public override void Dispose()
    {
        _buffers.Dispose();
        base.Dispose();
    }
}

/// <summary>One thread makes one voxel; neighboring threads take neighboring slices, so that they read neighboring rows.</summary>
internal static class ViewKernels
{
    internal static void Backproject(
        Index1D thread,
        ArrayView1D<float, Stride1D.Dense> runs,
        ArrayView1D<float, Stride1D.Dense> views,
        ArrayView1D<float, Stride1D.Dense> band,
        ViewKernelShape shape)
    {
        int lane = thread % shape.Lanes;
        int pixel = thread / shape.Lanes;
        int x = pixel % shape.Width;
        int y = pixel / shape.Width;
        float px = x - shape.MiddleXY;
        float py = shape.FirstRow + y - shape.MiddleXY;
        float pz = shape.FirstSlice + lane - shape.MiddleZ;
        int n = shape.PaddedViews;
        float sum = 0;
        for (int i = 0; i < shape.Views; i++)
        {
            float depth = (views[(8 * n) + i] * px) + (views[(9 * n) + i] * py) + (views[(10 * n) + i] * pz) + views[(11 * n) + i];
            float u = (views[i] * px) + (views[n + i] * py) + (views[(2 * n) + i] * pz) + views[(3 * n) + i];
            float v = (views[(4 * n) + i] * px) + (views[(5 * n) + i] * py) + (views[(6 * n) + i] * pz) + views[(7 * n) + i];
            float squared = depth * depth;
            float row = shape.RowsAreSlices != 0 ? shape.FirstSlice + lane : v / depth;
            float column = u / depth;
            if (shape.IsCurved != 0)
            {
                squared += u * u;
                column = shape.MiddleColumn + (shape.PerRadian * ILGPU.Algorithms.XMath.Atan2(u, depth));
            }

            column = IntrinsicMath.Max(-1f, IntrinsicMath.Min(column, shape.Columns));
            row = IntrinsicMath.Max(0f, IntrinsicMath.Min(row + 1f - shape.RunFirstRow, shape.RunRows + 1f));
            int left = (int)(column + 1f) - 1;
            int top = (int)row;
            float fc = column - left;
            float fr = row - top;
            long at = (i * shape.ViewStride) + ((left + 1L) * shape.Run) + top;
            float upper = runs[at] + (fc * (runs[at + shape.Run] - runs[at]));
            float lower = runs[at + 1] + (fc * (runs[at + shape.Run + 1] - runs[at + 1]));
            sum += views[(12 * n) + i] / squared * (upper + (fr * (lower - upper)));
        }

        band[shape.BandOrigin + (y * shape.BandStride) + ((long)x * shape.Lanes) + lane] = sum;
    }
}
