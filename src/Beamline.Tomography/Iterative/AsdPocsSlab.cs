using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Steepest descent of the total variation, then a sweep of OS-SART; the step of the descent shrinks when it undoes more than the sweep
/// did while the data are not yet explained. Names of the parameters as in the paper.
/// </summary>
internal sealed class AsdPocsSlab : SirtSlab
{
    private const int DescentSteps = 20;
    // The paper has 0.2 for each of the 20 steps: from an empty start they undo the first sweep four times over, which takes a hundred
    // sweeps to mend (docs/adr/0037). Together they go a fifth of its way.
    private const double Alpha = 0.2 / DescentSteps;
    private const double AlphaReduction = 0.95;
    private const double LargestRatio = 0.95;
    private const double BetaReduction = 0.995;
    private readonly InterleavedSlab _full;
    private readonly InterleavedSlab _start;
    private readonly double[] _beta;
    private readonly double[] _descent;
    private readonly double[] _swept;
    private double[] _measured = [];

    internal AsdPocsSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_full, _start) = (Rays(), Image());
        (_beta, _descent, _swept) = (new double[lanes], new double[lanes], new double[lanes]);
    }

    internal override IReadOnlyList<double[]> Numbers => [.. base.Numbers, _beta, _descent, _swept];

    internal override LaneFit Measure()
    {
        if (Problem.Subsets.Count == 1)
        {
            _measured = base.Measure().SquaredResidual;
        }
        else
        {
            Operator.Forward(X, _full);
            _measured = SlabMath.Apply(default(SquaredDistance), _full, _full, Data, null, null, Context).Second;
        }

        return new LaneFit([.. _measured], Problem.Variation.Value(X));
    }

    internal override LaneSums Update(int iteration)
    {
        var context = Context;
        SlabMath.Copy(X, _start);
        if (iteration > 0)
        {
            Control(Each(Descend(), Math.Sqrt));
        }

        // The sweep comes last: what is returned is as near to the data as the variation allows (f_res of the paper).
        var schedule = Problem.Options.Relaxation.At(iteration);
        Factors = Each(_beta, b => b * schedule);
        Each(base.Update(iteration).First, Math.Sqrt).CopyTo(_swept, 0);
        for (var lane = 0; lane < Lanes; lane++)
        {
            _descent[lane] = double.IsNaN(_descent[lane]) ? Alpha * _swept[lane] : _descent[lane];
        }

        return SlabMath.Apply(new Confine(Problem.Low, Problem.High), X, _start, _start, Problem.Mask, null, context);
    }

    /// <summary>Shortens the steps where the descent went further than the sweep before it, and the data are not yet explained.</summary>
    private void Control(double[] descended)
    {
        var noise = Problem.Options.NoiseLevel ?? 0;
        var tolerance = noise * noise * Places(Data);
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (descended[lane] > LargestRatio * _swept[lane] && _measured[lane] > tolerance)
            {
                _descent[lane] *= AlphaReduction;
            }

            _beta[lane] *= BetaReduction;
        }
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        base.Prepare(weights, isWarm);
        Array.Fill(_beta, 1);
        Array.Fill(_descent, double.NaN);
    }

    /// <summary>Steps of a set length down the gradient; gives the squared way gone from the slices before.</summary>
    private double[] Descend()
    {
        var context = Context;
        var pixels = Places(X);
        for (var i = 0; i < DescentSteps; i++)
        {
            var smooth = Each(SlabMath.SquaredNorm(X, context), s => Math.Max(1e-4 * Math.Sqrt(s / pixels), 1e-12));
            var norm = Each(Problem.Variation.Gradient(X, Correction, smooth), Math.Sqrt);
            SlabMath.Apply(
                new BoundedStep(Problem.Low, Problem.High), X, Correction, Correction, Problem.Mask, Each(Ratio(_descent, norm), s => -s), context);
        }

        return SlabMath.Apply(default(SquaredDistance), _start, X, _start, null, null, context).Second;
    }
}
