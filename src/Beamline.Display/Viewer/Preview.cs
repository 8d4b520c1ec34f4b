namespace Beamline.Display;

/// <summary>Values of an array, or means of small blocks of it, as they go into a saved notebook.</summary>
/// <param name="Shape">Shape of the array: slowest axis first, three numbers.</param>
/// <param name="Steps">Array pixels for one preview pixel along each axis.</param>
/// <param name="Values">The preview, row-major; its shape is Shape over Steps, rounded up.</param>
internal sealed record Preview(int[] Shape, int[] Steps, float[] Values)
{
    /// <summary>Longest edge of the preview of a volume or stack.</summary>
    public const int VolumeEdge = 128;

    /// <summary>Preview pixels along each axis.</summary>
    public int[] Sizes => [.. Shape.Select((n, i) => Size(n, Steps[i]))];

    public static int Size(int count, int step) => (count + step - 1) / step;

    /// <summary>Array pixels for one preview pixel, so that an edge is no longer than a limit.</summary>
    public static int Step(int count, int edge) => (count + edge - 1) / edge;
}
