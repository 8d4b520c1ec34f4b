namespace Beamline.Arrays;

/// <summary>Where the rotation axis falls on the detector.</summary>
/// <remarks>
/// One convention everywhere: the center of column c lies at c, so an axis in the middle of N columns is at
/// (N - 1) / 2, and an axis exactly between columns 3 and 4 is at 3.5. (TomoPy's default is N / 2, half a pixel further right.)
/// </remarks>
/// <param name="Column">Column of the axis in pixels; may have a fraction.</param>
[TypeFormatterSource("Beamline.Display.AxisFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record RotationAxis(double Column)
{
    /// <summary>How the axis was found, for instance "vo"; empty when given by hand.</summary>
    public string Method { get; init; } = "";

    /// <summary>Half-width of the range that the data allow, in pixels; null when not estimated.</summary>
    public double? UncertaintyPixels { get; init; }

    /// <summary>What a user should know about this answer, for instance that it lies at the edge of the searched range.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The axis in the middle of the detector.</summary>
    /// <param name="columnCount">Number of detector columns.</param>
    public static RotationAxis Middle(int columnCount) => new((columnCount - 1) / 2.0);

    /// <inheritdoc/>
    public override string ToString() =>
        $"rotation axis at column {Column:0.00}" +
        (UncertaintyPixels is { } u ? $" ± {u:0.##} px" : " px") +
        (Method.Length > 0 ? $" ({Method})" : "");
}
