using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;
using MathNet.Numerics.LinearAlgebra;

namespace Beamline.Tomography;

/// <summary>
/// Beam hardening by a polynomial of the line integrals, p -> c1 p + c2 p^2 + c3 p^3 ...: the dense middle of a sample looks too transparent to a
/// spectrum of energies, and the polynomial bends that back. Comes after minus-log.
/// </summary>
public sealed record BeamHardeningOptions : PreprocessingStep
{
    private readonly double[] _coefficients;

    /// <summary>Takes the coefficients.</summary>
    /// <param name="coefficients">c1, c2, c3 ...; 1, 0, 0 changes nothing. There is no constant: air stays 0.</param>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public BeamHardeningOptions(params IReadOnlyList<double> coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (coefficients.Count == 0 || coefficients.Any(c => !double.IsFinite(c)))
        {
            throw new ArgumentException("A polynomial needs at least one coefficient, and all must be finite.", nameof(coefficients));
        }

        _coefficients = [.. coefficients];
    }

    /// <summary>c1, c2, c3 ...</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

    /// <inheritdoc/>
    public override string Name => "beam-hardening";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("coefficients", string.Join(' ', _coefficients.Select(c => c.ToString("g6"))))];

    /// <summary>Fits the polynomial to a calibration, for instance a step wedge: measured line integrals and those of a single energy.</summary>
    /// <param name="measured">Measured line integrals.</param>
    /// <param name="ideal">What they should be: thickness times the attenuation at one energy.</param>
    /// <param name="degree">Degree of the polynomial, 1 to 8; at most the number of points.</param>
    /// <returns>The least-squares polynomial through the origin.</returns>
    /// <exception cref="ArgumentException">Too few points, or lists of different lengths.</exception>
    public static BeamHardeningOptions Fit(IReadOnlyList<double> measured, IReadOnlyList<double> ideal, int degree = 3)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(ideal);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, 8);
        if (measured.Count != ideal.Count || measured.Count < degree)
        {
            throw new ArgumentException(
                $"A fit of degree {degree} needs at least {degree} points, each with both values; given were {measured.Count} measured and {ideal.Count} ideal ones.");
        }

        var powers = Matrix<double>.Build.Dense(measured.Count, degree, (i, k) => Math.Pow(measured[i], k + 1));
        return new BeamHardeningOptions([.. powers.QR().Solve(Vector<double>.Build.DenseOfEnumerable(ideal))]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The stack holds no line integrals.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        return projections.Quantity == Quantity.LineIntegral
            ? new HardeningStack(projections, this)
            : throw new ArgumentException(
                $"Beam hardening is corrected on line integrals, and this stack holds {projections.Quantity.Name}: MinusLog() comes first.", nameof(projections));
    }

    /// <summary>Whether both have the same coefficients.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(BeamHardeningOptions? other) => other is not null && _coefficients.SequenceEqual(other._coefficients);

    /// <inheritdoc/>
    public override int GetHashCode() => _coefficients.Aggregate(17, HashCode.Combine);

    private sealed class HardeningStack(ProjectionStack source, BeamHardeningOptions step) : RowStack(source, step)
    {
        protected override void ApplyRow(Span<float> line, int angle, int row)
        {
            var c = step._coefficients;
            foreach (ref var value in line)
            {
                double sum = 0;
                for (var k = c.Length - 1; k >= 0; k--)
                {
                    sum = (sum + c[k]) * value;
                }

                value = (float)sum;
            }
        }
    }
}
