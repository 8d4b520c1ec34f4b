namespace Beamline.Arrays;

/// <summary>A point or a direction in the volume, in voxels from its middle: x along columns, y along rows, z along slices.</summary>
/// <param name="X">Along the columns of a slice.</param>
/// <param name="Y">Along the rows of a slice, downward in a picture.</param>
/// <param name="Z">Along the slices; the rotation axis.</param>
public readonly record struct Vector3D(double X, double Y, double Z)
{
    /// <summary>One voxel along the slices.</summary>
    public static Vector3D UnitZ => new(0, 0, 1);

    /// <summary>The length of the vector.</summary>
    public double Norm => Math.Sqrt(Dot(this));

    /// <summary>Whether all three numbers are finite.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Z);

    /// <summary>The inner product.</summary>
    /// <param name="other">The other vector.</param>
    public double Dot(Vector3D other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>The vector product.</summary>
    /// <param name="other">The other vector.</param>
    public Vector3D Cross(Vector3D other) => new(
        (Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    /// <summary>The sum of two vectors.</summary>
    public static Vector3D operator +(Vector3D a, Vector3D b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>The difference of two vectors.</summary>
    public static Vector3D operator -(Vector3D a, Vector3D b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    /// <summary>A vector times a number.</summary>
    public static Vector3D operator *(Vector3D a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);

    /// <summary>The sum of two vectors.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static Vector3D Add(Vector3D a, Vector3D b) => a + b;

    /// <summary>The difference of two vectors.</summary>
    /// <param name="a">From which.</param>
    /// <param name="b">What is taken away.</param>
    public static Vector3D Subtract(Vector3D a, Vector3D b) => a - b;

    /// <summary>A vector times a number.</summary>
    /// <param name="a">The vector.</param>
    /// <param name="factor">The number.</param>
    public static Vector3D Multiply(Vector3D a, double factor) => a * factor;
}
