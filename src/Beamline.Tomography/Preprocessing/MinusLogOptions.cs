using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Options of minus-log.</summary>
public sealed record MinusLogOptions : PreprocessingStep
{
    /// <summary>Transmissions below this count as this: above 0, below 1. The largest line integral is then -ln(floor).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Floor
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The floor is a transmission above 0 and below 1.");
    } = 1e-4;

    /// <inheritdoc/>
    public override string Name => "minus-log";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("floor", Floor.ToString("g3"))];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections) => projections.MinusLog(this);
}
