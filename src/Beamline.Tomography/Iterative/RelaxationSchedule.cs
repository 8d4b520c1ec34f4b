namespace Beamline.Tomography;

/// <summary>How much of each correction is taken, iteration by iteration. Derive from it for a schedule of your own.</summary>
/// <remarks>Its text is part of what a checkpoint is recognized by, so a schedule must print its parameters (records do).</remarks>
public abstract record RelaxationSchedule
{
    /// <summary>The factor of an iteration.</summary>
    /// <param name="iteration">Counted from 0.</param>
    /// <returns>Above 0; the methods of this library converge below 2.</returns>
    public abstract double At(int iteration);

    /// <summary>The same factor always.</summary>
    /// <param name="factor">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public static RelaxationSchedule Constant(double factor) => new GeometricRelaxation(Positive(factor), 1);

    /// <summary>factor, factor x ratio, factor x ratio x ratio ...</summary>
    /// <param name="factor">Of the first iteration; above 0.</param>
    /// <param name="ratio">Above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside these ranges.</exception>
    public static RelaxationSchedule Geometric(double factor, double ratio) => ratio is > 0 and <= 1
        ? new GeometricRelaxation(Positive(factor), ratio)
        : throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio of a falling relaxation is above 0 and at most 1.");

    /// <summary>factor / (1 + rate x iteration): the slow fall under which subset methods converge on noisy data.</summary>
    /// <param name="factor">Of the first iteration; above 0.</param>
    /// <param name="rate">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside these ranges.</exception>
    public static RelaxationSchedule Harmonic(double factor, double rate) => rate >= 0 && double.IsFinite(rate)
        ? new HarmonicRelaxation(Positive(factor), rate)
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate of a falling relaxation is 0 or more.");

    private static double Positive(double factor) => factor > 0 && double.IsFinite(factor)
        ? factor
        : throw new ArgumentOutOfRangeException(nameof(factor), factor, "A relaxation is above 0; 1 takes each correction as it is.");

    private sealed record GeometricRelaxation(double Factor, double Ratio) : RelaxationSchedule
    {
        public override double At(int iteration) => Factor * Math.Pow(Ratio, iteration);
    }

    private sealed record HarmonicRelaxation(double Factor, double Rate) : RelaxationSchedule
    {
        public override double At(int iteration) => Factor / (1 + (Rate * iteration));
    }
}
