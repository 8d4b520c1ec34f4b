namespace Beamline.Arrays;

/// <summary>Edges of one voxel.</summary>
/// <param name="Z">Distance between slices.</param>
/// <param name="Y">Distance between rows of a slice.</param>
/// <param name="X">Distance between columns of a slice.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public readonly record struct VoxelSize(Length Z, Length Y, Length X)
{
    /// <summary>A cube.</summary>
    /// <param name="edge">The edge of the cube.</param>
    public static VoxelSize Cube(Length edge) => new(edge, edge, edge);

    /// <inheritdoc/>
    public override string ToString() => Z == Y && Y == X ? X.ToString() : $"{Z} × {Y} × {X}";
}
