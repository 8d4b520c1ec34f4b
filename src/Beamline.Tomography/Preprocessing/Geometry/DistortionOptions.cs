using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Takes out the radial distortion of the optics.</summary>
/// <remarks>
/// Vo, Atwood and Drakopoulos, Optics Express 23 (2015) 32859, backward model: the corrected pixel at distance r from the center shows what the camera
/// saw at r (1 + a1 r + a2 r^2 + ...). Programs for calibration targets (discorpy) give these numbers; their first factor divides the others.
/// </remarks>
public sealed record DistortionOptions : PreprocessingStep
{
    private readonly double[] _coefficients;

    /// <summary>Takes the model.</summary>
    /// <param name="centerColumn">Column of the center of distortion, in pixels.</param>
    /// <param name="centerRow">Row of the center of distortion, in pixels.</param>
    /// <param name="coefficients">a1, a2 ... in 1/pixel, 1/pixel^2 ...</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public DistortionOptions(double centerColumn, double centerRow, params IReadOnlyList<double> coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (coefficients.Append(centerColumn).Append(centerRow).Any(v => !double.IsFinite(v)))
        {
            throw new ArgumentException("The center and the coefficients must be finite.", nameof(coefficients));
        }

        (CenterColumn, CenterRow, _coefficients) = (centerColumn, centerRow, [.. coefficients]);
    }

    /// <summary>Column of the center of distortion, in pixels.</summary>
    public double CenterColumn { get; }

    /// <summary>Row of the center of distortion, in pixels.</summary>
    public double CenterRow { get; }

    /// <summary>a1, a2 ... in 1/pixel, 1/pixel^2 ...</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

    /// <inheritdoc/>
    public override string Name => "correct-distortion";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
    [
        ("centerColumn", $"{CenterColumn:0.##}"), ("centerRow", $"{CenterRow:0.##}"),
        ("coefficients", string.Join(' ', _coefficients.Select(c => c.ToString("g6")))),
    ];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        return new WarpedStack(projections, this, (y, x) =>
        {
            var (dy, dx) = (y - CenterRow, x - CenterColumn);
            var r = Math.Sqrt((dy * dy) + (dx * dx));
            double factor = 0;
            for (var k = _coefficients.Length - 1; k >= 0; k--)
            {
                factor = (factor + _coefficients[k]) * r;
            }

            return (CenterRow + (dy * (1 + factor)), CenterColumn + (dx * (1 + factor)));
        });
    }

    /// <summary>Whether both are the same model.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(DistortionOptions? other) => other is not null && CenterColumn == other.CenterColumn &&
        CenterRow == other.CenterRow && _coefficients.SequenceEqual(other._coefficients);

    /// <inheritdoc/>
    public override int GetHashCode() => _coefficients.Aggregate(HashCode.Combine(CenterColumn, CenterRow), HashCode.Combine);
}
