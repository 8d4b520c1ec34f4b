using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Turns every projection, so that a rotation axis that leans in the plane of the detector stands along its columns again.</summary>
public sealed record TiltOptions : PreprocessingStep
{
    /// <summary>
    /// The lean of the axis in degrees, -45 to 45: positive when the axis moves to higher columns as rows go down the picture.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public required double AngleDegrees
    {
        get;
        init => field = value is >= -45 and <= 45
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AngleDegrees), value, "A tilt goes from -45 to 45 degrees.");
    }

    /// <inheritdoc/>
    public override string Name => "correct-tilt";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("angleDegrees", $"{AngleDegrees:0.####}")];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var (sin, cos) = Math.SinCos(AngleDegrees * Math.PI / 180);
        var (middleY, middleX) = ((projections.RowCount - 1) / 2.0, (projections.ColumnCount - 1) / 2.0);
        return new WarpedStack(projections, this, (y, x) =>
            (middleY + (cos * (y - middleY)) - (sin * (x - middleX)), middleX + (sin * (y - middleY)) + (cos * (x - middleX))));
    }
}
