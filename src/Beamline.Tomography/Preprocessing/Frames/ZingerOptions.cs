using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Removes zingers: single pixels that a stray photon or a cosmic ray made much brighter than all around them.</summary>
/// <remarks>
/// A pixel that is above the median of its square window by more than the threshold takes that median; every other pixel stays as it is.
/// Best done on counts or transmissions, before minus-log.
/// </remarks>
public sealed record ZingerOptions : PreprocessingStep
{
    /// <summary>Edge of the window in pixels: 3, 5, 7 or 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Size
    {
        get;
        init => field = value is 3 or 5 or 7 or 9
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, "The window is 3, 5, 7 or 9 pixels wide.");
    } = 3;

    /// <summary>
    /// How far above the median, in the units of the stack; above 0. Null: eight times the noise of each projection (from differences of
    /// neighbors), at least 5 % of its median.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? Threshold
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "The threshold must be above 0.");
    }

    /// <summary>Whether pixels that are too dark go as well, as after minus-log or with dead pixels.</summary>
    public bool DarkToo { get; init; }

    /// <inheritdoc/>
    public override string Name => "remove-zingers";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("size", $"{Size}"), ("threshold", Threshold?.ToString("g4") ?? "auto"), ("darkToo", DarkToo ? "true" : "false")];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var (rows, columns) = (projections.RowCount, projections.ColumnCount);
        return new FrameStack(projections, this, (frame, _) =>
            ZingerFilter.Apply(frame, rows, columns, Size, (float)(Threshold ?? ZingerFilter.AutoThreshold(frame, columns)), DarkToo));
    }
}
