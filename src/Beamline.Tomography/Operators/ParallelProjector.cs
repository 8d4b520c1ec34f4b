using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Gpu;
using Beamline.Tomography.Operators;

namespace Beamline.Tomography;

/// <summary>
/// The parallel-beam projection of slices: A makes sinograms from images by Joseph's method, A' is its exact transpose.
/// </summary>
/// <remarks>
/// Joseph, IEEE Trans. Med. Imaging 1 (1982) 192. Lengths are in pixels: a voxel of value 1 adds 1 for each pixel
/// that a ray travels in it. Not for use by several threads at once; it uses all cores by itself.
/// </remarks>
public sealed class ParallelProjector : ISplitOperator
{
    private readonly ProjectorBackend _kind;
    private readonly ParallelBackend _backend;
    private readonly RayTable _joseph;

    /// <summary>Makes the operator of a geometry.</summary>
    /// <param name="geometry">Angles, detector, axis and image size.</param>
    /// <param name="backend">Which implementation; Auto follows the device of the <see cref="RunContext"/>.</param>
    /// <exception cref="DeviceNotFoundException">The context asks for a GPU that is not there.</exception>
    public ParallelProjector(ParallelGeometry geometry, ProjectorBackend backend = ProjectorBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        (Geometry, _kind) = (geometry, backend);
        Device = ComputeDevices.Resolve(RunContext.Current.Device);
        _backend = backend switch
        {
            ProjectorBackend.Scalar => new ScalarBackend(geometry),
            ProjectorBackend.Simd => new SimdBackend(geometry),
            ProjectorBackend.Ilgpu => new IlgpuBackend(
                geometry, Device.Kind == DeviceKind.Cuda ? GpuContext.Cuda(Device.Index) : GpuContext.Simulator()),
            ProjectorBackend.Auto when Device.Kind == DeviceKind.Cuda => new IlgpuBackend(geometry, GpuContext.Cuda(Device.Index)),
            ProjectorBackend.Auto => new SimdBackend(geometry),
            _ => throw new ArgumentOutOfRangeException(nameof(backend), backend, "No such back end."),
        };
        _joseph = RayTable.Joseph(geometry.AnglesDegrees);
    }

    /// <summary>Angles, detector, axis and image size.</summary>
    public ParallelGeometry Geometry { get; }

    /// <summary>What the operator runs on.</summary>
    public Device Device { get; }

    /// <summary>Images: size x size, with padding rows.</summary>
    public SlabShape Domain => new(Geometry.ImageSize, Geometry.ImageSize, SlabShape.Pad);

    /// <summary>Sinograms: angles x columns.</summary>
    public SlabShape Range => new(Geometry.AngleCount, Geometry.ColumnCount, 0);

    /// <inheritdoc/>
    public void Forward(InterleavedSlab x, InterleavedSlab y)
    {
        CheckPair(x, y);
        _backend.Forward(x, y, RunContext.Current);
    }

    /// <inheritdoc/>
    public void Adjoint(InterleavedSlab y, InterleavedSlab x)
    {
        CheckPair(x, y);
        _backend.Backproject(y, _joseph, x, 0, RunContext.Current);
    }

    /// <inheritdoc/>
    public ILinearOperator Part(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ParallelProjector(
            new ParallelGeometry([.. rows.Select(r => Geometry.AnglesDegrees[r])], Geometry.ColumnCount, Geometry.Axis, Geometry.ImageSize), _kind);
    }

    /// <summary>
    /// Backprojects with linear interpolation and one weight for each angle into some rows of the image: the last step of FBP.
    /// </summary>
    internal void BackprojectBand(InterleavedSlab sinogram, RayTable weighted, InterleavedSlab band, int firstRow)
    {
        CheckShape(sinogram, Range, "sinogram");
        if (band.InnerCount != Geometry.ImageSize || band.Lanes != sinogram.Lanes || firstRow < 0 ||
            firstRow + band.OuterCount > Geometry.ImageSize)
        {
            throw new ArgumentException("The band does not fit the image.", nameof(band));
        }

        _backend.Backproject(sinogram, weighted, band, firstRow, RunContext.Current);
    }

    /// <summary>Gives back tables and device memory.</summary>
    public void Dispose()
    {
        _backend.Dispose();
        _joseph.Dispose();
    }

    private void CheckPair(InterleavedSlab image, InterleavedSlab sinogram)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(sinogram);
        CheckShape(image, Domain, "image");
        CheckShape(sinogram, Range, "sinogram");
        if (image.Lanes != sinogram.Lanes)
        {
            throw new ArgumentException($"The image has {image.Lanes} lanes, the sinogram {sinogram.Lanes}.", nameof(sinogram));
        }
    }

    private static void CheckShape(InterleavedSlab slab, SlabShape shape, string what)
    {
        if (slab.OuterCount != shape.OuterCount || slab.InnerCount != shape.InnerCount ||
            slab.Pad != SlabShape.Pad || slab.OuterPad != shape.OuterPad)
        {
            throw new ArgumentException(
                $"The {what} slab is {slab.OuterCount} x {slab.InnerCount} (padding {slab.OuterPad}, {slab.Pad}), but the operator " +
                $"needs {shape.OuterCount} x {shape.InnerCount} (padding {shape.OuterPad}, {SlabShape.Pad}). " +
                "Allocate slabs with operator.Domain.Allocate(lanes) and operator.Range.Allocate(lanes).");
        }
    }
}
