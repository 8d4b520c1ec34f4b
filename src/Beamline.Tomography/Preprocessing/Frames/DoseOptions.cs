using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Divides each projection by its dose relative to the mean: corrects a beam whose intensity was recorded, as in top-up or decay.</summary>
public sealed record DoseOptions : PreprocessingStep
{
    private readonly double[] _relative;

    /// <summary>Takes the recorded doses.</summary>
    /// <param name="doses">One for each projection, in any unit, above 0.</param>
    /// <exception cref="ArgumentException">There are none, or one is not above 0.</exception>
    public DoseOptions(IReadOnlyList<double> doses)
    {
        ArgumentNullException.ThrowIfNull(doses);
        for (var i = 0; i < doses.Count; i++)
        {
            if (!(doses[i] > 0) || !double.IsFinite(doses[i]))
            {
                throw new ArgumentException($"Dose {i} is {doses[i]:g5}; doses must be above 0.", nameof(doses));
            }
        }

        var mean = doses.Count > 0 ? doses.Average() : throw new ArgumentException("There are no doses.", nameof(doses));
        _relative = [.. doses.Select(d => d / mean)];
    }

    /// <summary>The doses as parts of their mean.</summary>
    public IReadOnlyList<double> RelativeDoses => _relative;

    /// <inheritdoc/>
    public override string Name => "normalize-dose";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("doses", $"{_relative.Length}"), ("lowest", $"{_relative.Min():0.###}"), ("highest", $"{_relative.Max():0.###}")];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are more or fewer doses than projections, or the stack holds line integrals.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        if (_relative.Length != projections.AngleCount)
        {
            throw new ArgumentException($"There are {_relative.Length} doses for {projections.AngleCount} projections.", nameof(projections));
        }

        return projections.Quantity != Quantity.LineIntegral
            ? new DoseStack(projections, this)
            : throw new ArgumentException("Doses divide intensities; these are line integrals. Correct the dose before MinusLog().", nameof(projections));
    }

    /// <summary>Whether both hold the same doses.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(DoseOptions? other) => other is not null && _relative.SequenceEqual(other._relative);

    /// <inheritdoc/>
    public override int GetHashCode() => _relative.Aggregate(17, HashCode.Combine);

    private sealed class DoseStack(ProjectionStack source, DoseOptions step) : RowStack(source, step)
    {
        protected override void ApplyRow(Span<float> line, int angle, int row)
        {
            var factor = (float)(1 / step._relative[angle]);
            foreach (ref var value in line)
            {
                value *= factor;
            }
        }
    }
}
