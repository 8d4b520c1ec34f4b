using Beamline.Arrays;
using Beamline.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Operators;

/// <summary>
/// GPU kernels through ILGPU. A slab is uploaded, worked on and brought back; device buffers live as long as the
/// back end and are reused for every slab.
/// </summary>
internal sealed class IlgpuBackend : ParallelBackend
{
    private readonly Accelerator _accelerator;
    private readonly Dictionary<string, MemoryBuffer1D<float, Stride1D.Dense>> _buffers = [];
    private readonly Action<Index1D, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>,
        ArrayView1D<float, Stride1D.Dense>, int, KernelShape> _backproject;

    private readonly Action<Index1D, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>,
        ArrayView1D<float, Stride1D.Dense>, int, KernelShape> _forward;

    private readonly RayTable _rays;

    internal IlgpuBackend(ParallelGeometry geometry, Accelerator accelerator)
        : base(geometry)
    {
        _accelerator = accelerator;
        _rays = RayTable.Joseph(geometry.AnglesDegrees);
        _backproject = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView1D<float, Stride1D.Dense>,
            ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>, int, KernelShape>(IlgpuKernels.Backproject);
        _forward = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView1D<float, Stride1D.Dense>,
            ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>, int, KernelShape>(IlgpuKernels.Forward);
    }

    internal override void Forward(InterleavedSlab image, InterleavedSlab sinogram, RunContext context)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        var input = Upload("image", image);
        var rays = Upload(_rays);
        var output = Buffer("sinogram", sinogram.FloatCount);
        output.MemSetToZero();
        var threads = checked(Geometry.AngleCount * Geometry.ColumnCount * image.Lanes);
        _forward(threads, input.View, rays.View, output.View, _rays.PaddedCount, Shape(image, sinogram, 0));
        Download(output, sinogram);
        GC.KeepAlive(image);
    }

    internal override void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        var input = Upload("sinogram", sinogram);
        var rays = Upload(table);
        var output = Buffer("image", band.FloatCount);
        output.MemSetToZero();
        var threads = checked(band.OuterCount * band.InnerCount * band.Lanes);
        _backproject(threads, input.View, rays.View, output.View, table.PaddedCount, Shape(band, sinogram, firstRow));
        Download(output, band);
        GC.KeepAlive(sinogram);
    }

    public override void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }

        _rays.Dispose();
    }

    private KernelShape Shape(InterleavedSlab image, InterleavedSlab sinogram, int firstRow) => new(
        sinogram.Lanes,
        Geometry.AngleCount,
        Geometry.ColumnCount,
        Geometry.ImageSize,
        image.OuterCount,
        firstRow,
        sinogram.RowStride,
        sinogram.OriginOffset,
        image.RowStride,
        image.OriginOffset,
        (float)Geometry.Axis.Column);

    private MemoryBuffer1D<float, Stride1D.Dense> Buffer(string name, long length)
    {
        if (_buffers.TryGetValue(name, out var made) && made.Length == length)
        {
            return made;
        }

        made?.Dispose();
        return _buffers[name] = _accelerator.Allocate1D<float>(length);
    }

    private unsafe MemoryBuffer1D<float, Stride1D.Dense> Upload(string name, InterleavedSlab slab) =>
        Upload(name, slab.Origin - slab.OriginOffset, slab.FloatCount);

    private unsafe MemoryBuffer1D<float, Stride1D.Dense> Upload(RayTable table) =>
        Upload("rays", table.Cos, 4L * table.PaddedCount);

    private unsafe MemoryBuffer1D<float, Stride1D.Dense> Upload(string name, float* source, long length)
    {
        var buffer = Buffer(name, length);
        for (long done = 0; done < length;)
        {
            var count = (int)Math.Min(length - done, 1 << 28);
            buffer.View.SubView(done, count).CopyFromCPU(_accelerator.DefaultStream, new ReadOnlySpan<float>(source + done, count));
            done += count;
        }

        return buffer;
    }

    private unsafe void Download(MemoryBuffer1D<float, Stride1D.Dense> buffer, InterleavedSlab slab)
    {
        var target = slab.Origin - slab.OriginOffset;
        for (long done = 0; done < slab.FloatCount;)
        {
            var count = (int)Math.Min(slab.FloatCount - done, 1 << 28);
            buffer.View.SubView(done, count).CopyToCPU(_accelerator.DefaultStream, new Span<float>(target + done, count));
            done += count;
        }

        _accelerator.Synchronize();
        GC.KeepAlive(slab);
    }
}
