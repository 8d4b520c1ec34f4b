using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// Half acquisition: a whole turn with the axis near one edge of the detector becomes half a turn on a detector of nearly twice the width. Each
/// projection is joined with the mirrored one taken half a turn later; where both see the sample they fade into each other.
/// </summary>
/// <remarks>Angles that have no partner at exactly 180 degrees take the line between the two nearest.</remarks>
public sealed record HalfAcquisitionOptions : PreprocessingStep
{
    /// <summary>Column of the rotation axis in the projections as taken, in pixels; it may lie between columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite.</exception>
    public required double AxisColumn
    {
        get;
        init => field = double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AxisColumn), value, "The axis is a column in pixels.");
    }

    /// <inheritdoc/>
    public override string Name => "stitch-half-acquisition";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("axisColumn", $"{AxisColumn:0.###}")];

    /// <summary>The axis in the stitched projections.</summary>
    /// <param name="columnCount">Columns of the projections as taken.</param>
    public RotationAxis StitchedAxis(int columnCount) => new(StitchedLayout.Make(AxisColumn, columnCount).Axis);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The projections cover less than a whole turn, or the axis lies outside or in the middle of the detector.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        return new StitchedStack(projections, this);
    }
}
