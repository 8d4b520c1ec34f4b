using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Operators;
using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Geometries;

/// <summary>Sizes that the kernels need; strides and origins count floats.</summary>
internal readonly struct RayKernelShape(VectorGeometry geometry, InterleavedSlab volume, InterleavedSlab rays)
{
    internal readonly int Lanes = volume.Lanes;
    internal readonly int Views = geometry.ViewCount;
    internal readonly int Columns = geometry.ColumnCount;
    internal readonly int Rows = geometry.RowCount;
    internal readonly int Size = geometry.ImageSize;
    internal readonly int Slices = geometry.SliceCount;
    internal readonly int IsParallel = geometry.Beam == BeamShape.Parallel ? 1 : 0;
    internal readonly int IsCurved = geometry.IsCurved ? 1 : 0;
    internal readonly float PerRadian = geometry.IsCurved
        ? (float)((geometry.Views[0].Detector - geometry.Views[0].Source).Norm / geometry.Views[0].Column.Norm)
        : 0;

    internal readonly int VolumeRun = Math.Max(volume.PiecesOfDepth, 1) * volume.Lanes;
    internal readonly int RayRun = Math.Max(rays.PiecesOfDepth, 1) * rays.Lanes;
    internal readonly long VolumeStride = volume.RowStride;
    internal readonly long VolumeOrigin = volume.OriginOffset;
    internal readonly long RayStride = rays.RowStride;
    internal readonly long RayOrigin = rays.OriginOffset;
}

/// <summary>GPU kernels through ILGPU: the transpose gathers, so that sums have one order and need no atomics.</summary>
internal sealed unsafe class IlgpuRayBackend : RayBackend
{
    private readonly Accelerator _accelerator;
    private readonly GpuBuffers _buffers;
    private readonly float[] _table;
    private readonly float[] _planar;

    internal IlgpuRayBackend(VectorGeometry geometry, Accelerator accelerator)
        : base(geometry)
    {
        (_accelerator, _buffers) = (accelerator, new GpuBuffers(accelerator));
        _table = RayTables.Of(geometry);
        _planar = geometry.IsSliceWise ? RayTables.Planar(PlanarRays.Of(geometry)!) : [0];
    }

    internal override void Forward(InterleavedSlab volume, InterleavedSlab rays, RunContext context)
    {
        var threads = Geometry.IsSliceWise
            ? checked(Geometry.ViewCount * Geometry.ColumnCount * volume.Lanes)
            : checked(Geometry.ViewCount * Geometry.ColumnCount * Geometry.RowCount);
        Run(Geometry.IsSliceWise ? RayKernels.ForwardSlices : RayKernels.ForwardVolume, threads, volume, rays, "volume", volume, rays, context);
    }

    internal override void Adjoint(InterleavedSlab rays, InterleavedSlab volume, RunContext context)
    {
        var threads = Geometry.IsSliceWise
            ? checked(Geometry.ImageSize * Geometry.ImageSize * volume.Lanes)
            : checked(Geometry.ImageSize * Geometry.ImageSize * Geometry.SliceCount);
        Run(Geometry.IsSliceWise ? RayKernels.AdjointSlices : RayKernels.AdjointVolume, threads, rays, volume, "rays", volume, rays, context);
    }

    public override void Dispose()
    {
        _buffers.Dispose();
        base.Dispose();
    }

    private void Run(
        Action<Index1D, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>,
            ArrayView1D<float, Stride1D.Dense>, RayKernelShape> kernel, int threads, InterleavedSlab source, InterleavedSlab target, string name, InterleavedSlab volume, InterleavedSlab rays,
        RunContext context)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        var launch = _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>,
            ArrayView1D<float, Stride1D.Dense>, ArrayView1D<float, Stride1D.Dense>, RayKernelShape>(kernel);
        var input = _buffers.Upload(name + " in", source.Origin - source.OriginOffset, source.FloatCount);
        var output = _buffers.Buffer(name + " out", target.FloatCount);
        output.MemSetToZero();
        fixed (float* table = _table, planar = _planar)
        {
            launch(
                threads, input.View, _buffers.Upload("views", table, _table.Length).View, _buffers.Upload("planar", planar, _planar.Length).View,
                output.View, new RayKernelShape(Geometry, volume, rays));
        }

        _buffers.Download(output, target.Origin - target.OriginOffset, target.FloatCount);
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }
}
