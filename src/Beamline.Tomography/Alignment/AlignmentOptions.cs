using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Options of the alignment by reprojection.</summary>
public sealed record AlignmentOptions
{
    /// <summary>Most rounds of reconstruction, reprojection and comparison: 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Iterations
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Iterations), value, "At least one iteration.");
    } = 20;

    /// <summary>Ends when no shift moves by more than this many pixels in a round; above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double TolerancePixels
    {
        get;
        init => field = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TolerancePixels), value, "The tolerance must be above 0.");
    } = 0.01;

    /// <summary>Whether shifts along the axis are sought as well; they need at least 8 detector rows.</summary>
    public bool AlongAxis { get; init; } = true;

    /// <summary>Middle of the detector rows (32 at most) that are compared; null takes the middle of the detector.</summary>
    public int? MiddleRow { get; init; }
}

/// <summary>What an alignment found.</summary>
/// <param name="Shifts">The step that aligns the projections: <c>projections.Apply(result.Shifts)</c>.</param>
/// <param name="ResidualHistory">Root mean square of measured minus reprojected values after each round, as a part of that of the measured ones.</param>
/// <param name="Converged">Whether the shifts stood still before the iterations ended.</param>
public sealed record AlignmentResult(ShiftOptions Shifts, IReadOnlyList<double> ResidualHistory, bool Converged)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"alignment of {Shifts.Columns.Count} projections: {ResidualHistory.Count} rounds{(Converged ? "" : " (not converged)")}, residual " +
        $"{ResidualHistory[0]:0.0%} -> {ResidualHistory[^1]:0.0%}";
}
