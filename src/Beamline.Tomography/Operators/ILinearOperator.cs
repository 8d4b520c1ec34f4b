using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Shape of a slab that an operator reads or writes.</summary>
/// <param name="OuterCount">Angles, or image rows.</param>
/// <param name="InnerCount">Columns.</param>
/// <param name="OuterPad">Rows of zeros that the operator needs above and below.</param>
public readonly record struct SlabShape(int OuterCount, int InnerCount, int OuterPad)
{
    /// <summary>Columns of zeros on each side that every operator may rely on.</summary>
    public const int Pad = 2;

    /// <summary>Pieces of 16 lanes that make up the depth of a volume; 0 when every lane is a slice of its own. See <see cref="InterleavedSlab.PiecesOfDepth"/>.</summary>
    public int PiecesOfDepth { get; init; }

    /// <summary>Allocates a slab of zeros of this shape.</summary>
    /// <param name="lanes">Number of interleaved slices, 16 or 32; 16 for the pieces of a volume.</param>
    public InterleavedSlab Allocate(int lanes) => new(OuterCount, InnerCount, lanes, Pad, OuterPad) { PiecesOfDepth = PiecesOfDepth };

    /// <summary>Bytes of such a slab.</summary>
    /// <param name="lanes">Number of interleaved slices, 16 or 32.</param>
    public long BytesNeeded(int lanes) =>
        InterleavedSlab.BytesNeeded(OuterCount + (2 * OuterPad), InnerCount, lanes, Pad);
}

/// <summary>A linear map A between slabs of slices, with its exact transpose.</summary>
/// <remarks>Every implementation passes the adjoint test: the inner products (A x, y) and (x, A' y) are equal.</remarks>
public interface ILinearOperator : IDisposable
{
    /// <summary>Shape of x.</summary>
    SlabShape Domain { get; }

    /// <summary>Shape of A x.</summary>
    SlabShape Range { get; }

    /// <summary>Computes y = A x; y is overwritten.</summary>
    /// <param name="x">A slab of the shape <see cref="Domain"/>; not changed.</param>
    /// <param name="y">A slab of the shape <see cref="Range"/> with as many lanes.</param>
    /// <exception cref="ArgumentException">A slab has another shape.</exception>
    void Forward(InterleavedSlab x, InterleavedSlab y);

    /// <summary>Computes x = A' y; x is overwritten.</summary>
    /// <param name="y">A slab of the shape <see cref="Range"/>; not changed.</param>
    /// <param name="x">A slab of the shape <see cref="Domain"/> with as many lanes.</param>
    /// <exception cref="ArgumentException">A slab has another shape.</exception>
    void Adjoint(InterleavedSlab y, InterleavedSlab x);
}
