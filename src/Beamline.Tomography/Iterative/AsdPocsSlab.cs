using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// A sweep of OS-SART, then steepest descent of the total variation, whose step shrinks when it undoes more than the sweep did
/// while the data are not yet explained. Names of the parameters as in the paper.
/// </summary>
internal sealed class AsdPocsSlab : SirtSlab
{
    private const int DescentSteps = 20;
    private const double Alpha = 0.2;
    private const double AlphaReduction = 0.95;
    private const double LargestRatio = 0.95;
    private const double BetaReduction = 0.995;
    private readonly InterleavedSlab _full;
    private readonly InterleavedSlab _start;
    private readonly InterleavedSlab _swept;
    private readonly double[] _beta;
    private readonly double[] _descent;
    private double[] _measured = [];

    internal AsdPocsSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_full, _start) = (Rays(), Image());
        // With several subsets the sweep has a copy of what it began with, which is not needed after it.
        _swept = Before ?? Image();
        (_beta, _descent) = (new double[lanes], new double[lanes]);
    }

    internal override IReadOnlyList<double[]> Numbers => [.. base.Numbers, _beta, _descent];

    internal override unsafe LaneFit Measure()
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

        return new LaneFit([.. _measured], Stencil.Walk(new TvValue(X.Origin), X, null, Context));
    }

    internal override LaneSums Update(int iteration)
    {
        var context = Context;
        var schedule = Problem.Options.Relaxation.At(iteration);
        Factors = Each(_beta, b => b * schedule);
        SlabMath.Copy(X, _start);
        var sweep = base.Update(iteration);
        var dp = Each(sweep.First, Math.Sqrt);
        for (var lane = 0; lane < Lanes; lane++)
        {
            _descent[lane] = double.IsNaN(_descent[lane]) ? Alpha * dp[lane] : _descent[lane];
        }

        SlabMath.Copy(X, _swept);
        var dg = Each(Descend(), Math.Sqrt);
        var noise = Problem.Options.NoiseLevel ?? 0;
        var tolerance = noise * noise * Places(Data);
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (dg[lane] > LargestRatio * dp[lane] && _measured[lane] > tolerance)
            {
                _descent[lane] *= AlphaReduction;
            }

            _beta[lane] *= BetaReduction;
        }

        return SlabMath.Apply(new Confine(Problem.Low, Problem.High), X, _start, _start, Problem.Mask, null, context);
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        base.Prepare(weights, isWarm);
        Array.Fill(_beta, 1);
        Array.Fill(_descent, double.NaN);
    }

    /// <summary>Steps of a set length down the gradient; gives the squared way gone from the swept slices.</summary>
    private unsafe double[] Descend()
    {
        var context = Context;
        var pixels = Places(X);
        for (var i = 0; i < DescentSteps; i++)
        {
            var smooth = Each(SlabMath.SquaredNorm(X, context), s => Math.Max(1e-4 * Math.Sqrt(s / pixels), 1e-12));
            var norm = Each(Stencil.Walk(new TvGradient(X.Origin, Correction.Origin), X, smooth, context), Math.Sqrt);
            SlabMath.Apply(
                new BoundedStep(Problem.Low, Problem.High), X, Correction, Correction, Problem.Mask, Each(Ratio(_descent, norm), s => -s), context);
        }

        return SlabMath.Apply(default(SquaredDistance), _swept, X, _swept, null, null, context).Second;
    }
}
