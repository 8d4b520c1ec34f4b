using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Gpu;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography;

/// <summary>
/// The projection of slices or volumes by any geometry: A follows each ray by Joseph's method, A' is its exact transpose.
/// </summary>
/// <remarks>
/// Joseph, IEEE Trans. Med. Imaging 1 (1982) 192. Lengths are in voxels. Where rays stay in their slices (<see cref="VectorGeometry.IsSliceWise"/>) slabs hold
/// 16 or 32 slices; otherwise a slab of 16 lanes holds the whole volume, its depth in pieces (<see cref="InterleavedSlab.PiecesOfDepth"/>): fill it with
/// <see cref="Fill(Volume, InterleavedSlab)"/> and read it with <see cref="ToVolume"/>. Not for use by several threads at once; it uses all cores by itself.
/// </remarks>
public sealed class VectorProjector : ISplitOperator
{
    private readonly ProjectorBackend _kind;
    private readonly RayBackend _backend;

    /// <summary>Makes the operator of a geometry.</summary>
    /// <param name="geometry">Any geometry.</param>
    /// <param name="backend">Which implementation; Auto follows the device of the <see cref="RunContext"/>.</param>
    /// <exception cref="DeviceNotFoundException">The context asks for a GPU that is not there.</exception>
    public VectorProjector(Geometry geometry, ProjectorBackend backend = ProjectorBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        (Geometry, _kind) = (geometry.ToVectors(), backend);
        Device = ComputeDevices.Resolve(RunContext.Current.Device);
        _backend = backend switch
        {
            ProjectorBackend.Scalar => new ScalarRayBackend(Geometry),
            ProjectorBackend.Ilgpu => new IlgpuRayBackend(
                Geometry, Device.Kind == DeviceKind.Cuda ? GpuContext.Cuda(Device.Index) : GpuContext.Simulator()),
            ProjectorBackend.Auto when Device.Kind == DeviceKind.Cuda => new IlgpuRayBackend(Geometry, GpuContext.Cuda(Device.Index)),
            ProjectorBackend.Simd or ProjectorBackend.Auto => new SimdRayBackend(Geometry),
            _ => throw new ArgumentOutOfRangeException(nameof(backend), backend, "No such back end."),
        };
    }

    /// <summary>The geometry as vectors.</summary>
    public VectorGeometry Geometry { get; }

    /// <summary>What the operator runs on.</summary>
    public Device Device { get; }

    /// <summary>Slices, or the volume.</summary>
    public SlabShape Domain => Geometry.IsSliceWise
        ? new SlabShape(Geometry.ImageSize, Geometry.ImageSize, 0)
        : VolumeSlabs.Shape(Geometry.ImageSize, Geometry.ImageSize, Geometry.SliceCount);

    /// <summary>Sinograms, or the projections.</summary>
    public SlabShape Range => Geometry.IsSliceWise
        ? new SlabShape(Geometry.ViewCount, Geometry.ColumnCount, 0)
        : VolumeSlabs.Shape(Geometry.ViewCount, Geometry.ColumnCount, Geometry.RowCount);

    /// <inheritdoc/>
    public void Forward(InterleavedSlab x, InterleavedSlab y)
    {
        Check(x, y);
        _backend.Forward(x, y, RunContext.Current);
    }

    /// <inheritdoc/>
    public void Adjoint(InterleavedSlab y, InterleavedSlab x)
    {
        Check(x, y);
        _backend.Adjoint(y, x, RunContext.Current);
    }

    /// <inheritdoc/>
    public ILinearOperator Part(IReadOnlyList<int> rows) => new VectorProjector(Geometry.Part(rows), _kind);

    /// <summary>Puts a volume into a slab of the <see cref="Domain"/>.</summary>
    /// <param name="volume">As many slices, rows and columns as the geometry has.</param>
    /// <param name="slab">A slab of 16 lanes.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the rays stay in their slices.</exception>
    public void Fill(Volume volume, InterleavedSlab slab)
    {
        ArgumentNullException.ThrowIfNull(volume);
        CheckSlab(slab, Domain, "volume");
        if (volume.SliceCount != Geometry.SliceCount || volume.RowCount != Geometry.ImageSize || volume.ColumnCount != Geometry.ImageSize)
        {
            throw new ArgumentException($"{volume} does not fit {Geometry.SliceCount} slices of {Geometry.ImageSize} x {Geometry.ImageSize}.", nameof(volume));
        }

        VolumeSlabs.Read(volume, slab, 1, RunContext.Current);
    }

    /// <summary>Puts projections into a slab of the <see cref="Range"/>; values that are not finite become 0.</summary>
    /// <param name="projections">As many views, rows and columns as the geometry has.</param>
    /// <param name="slab">A slab of 16 lanes.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the rays stay in their slices.</exception>
    public void Fill(ProjectionStack projections, InterleavedSlab slab)
    {
        ArgumentNullException.ThrowIfNull(projections);
        CheckSlab(slab, Range, "projections");
        GeometryChecks.ForStack(Geometry, projections);
        VolumeSlabs.Read(projections, slab, RunContext.Current);
    }

    /// <summary>The volume that a slab of the <see cref="Domain"/> holds.</summary>
    /// <param name="slab">A slab of 16 lanes.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or the rays stay in their slices.</exception>
    public Volume ToVolume(InterleavedSlab slab)
    {
        CheckSlab(slab, Domain, "volume");
        var volume = new Volume(Geometry.SliceCount, Geometry.ImageSize, Geometry.ImageSize);
        VolumeSlabs.Write(slab, volume, 1, RunContext.Current);
        return volume;
    }

    /// <summary>Gives back tables and device memory.</summary>
    public void Dispose() => _backend.Dispose();

    private void CheckSlab(InterleavedSlab slab, SlabShape shape, string what)
    {
        ArgumentNullException.ThrowIfNull(slab);
        if (Geometry.IsSliceWise)
        {
            throw new ArgumentException("The rays stay in their slices: slabs hold slices, which SetLanes and GetLanes fill and read.", nameof(slab));
        }

        CheckShape(slab, shape, what);
    }

    private void Check(InterleavedSlab x, InterleavedSlab y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CheckShape(x, Domain, "volume");
        CheckShape(y, Range, "projections");
        if (x.Lanes != y.Lanes || (!Geometry.IsSliceWise && x.Lanes != VolumeSlabs.Lanes))
        {
            throw new ArgumentException($"The slabs have {x.Lanes} and {y.Lanes} lanes; slices have 16 or 32 alike, volumes 16.", nameof(y));
        }
    }

    private static void CheckShape(InterleavedSlab slab, SlabShape shape, string what)
    {
        if (slab.OuterCount != shape.OuterCount || slab.InnerCount != shape.InnerCount || slab.Pad != SlabShape.Pad ||
            slab.OuterPad != shape.OuterPad || slab.PiecesOfDepth != shape.PiecesOfDepth)
        {
            throw new ArgumentException(
                $"The {what} slab is {slab.OuterCount} x {slab.InnerCount} (padding {slab.OuterPad}, {slab.Pad}, pieces {slab.PiecesOfDepth}), but the " +
                $"operator needs {shape.OuterCount} x {shape.InnerCount} (padding {shape.OuterPad}, {SlabShape.Pad}, pieces {shape.PiecesOfDepth}). " +
                "Allocate slabs with operator.Domain.Allocate(lanes) and operator.Range.Allocate(lanes).");
        }
    }
}
