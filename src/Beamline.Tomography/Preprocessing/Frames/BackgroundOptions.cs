using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// Makes air read 1 (line integrals: 0) again: each row of each projection is divided by the straight line between the means of its left and
/// right columns (line integrals: the line is subtracted). Corrects a beam that drifts between flats and projections.
/// </summary>
public sealed record BackgroundOptions : PreprocessingStep
{
    /// <summary>Columns at each side that see air at every angle, 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int AirColumns
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AirColumns), value, "At least one column at each side must be air.");
    } = 10;

    /// <inheritdoc/>
    public override string Name => "normalize-background";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("airColumns", $"{AirColumns}")];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The detector has fewer columns than the two sides.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        return 2 * AirColumns <= projections.ColumnCount
            ? new BackgroundStack(projections, this)
            : throw new ArgumentException(
                $"{AirColumns} air columns at each side do not fit on a detector of {projections.ColumnCount} columns.", nameof(projections));
    }

    private sealed class BackgroundStack(ProjectionStack source, BackgroundOptions step) : RowStack(source, step)
    {
        private readonly bool _subtract = source.Quantity == Quantity.LineIntegral;

        protected override void ApplyRow(Span<float> line, int angle, int row)
        {
            var n = step.AirColumns;
            var (left, right) = (Mean(line[..n]), Mean(line[^n..]));
            // The means belong to the middles of the two sides.
            var slope = (right - left) / (line.Length - n);
            var start = left - (slope * (n - 1) / 2);
            for (var x = 0; x < line.Length; x++)
            {
                var air = start + (slope * x);
                line[x] = (float)(_subtract ? line[x] - air : line[x] / air);
            }
        }

        private static double Mean(ReadOnlySpan<float> values)
        {
            double sum = 0;
            var count = 0;
            foreach (var value in values)
            {
                if (float.IsFinite(value))
                {
                    sum += value;
                    count++;
                }
            }

            return sum / count;
        }
    }
}
