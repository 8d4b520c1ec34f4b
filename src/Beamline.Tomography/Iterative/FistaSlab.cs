using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Accelerated proximal gradients for 1/2 (A x - b)' W (A x - b) + penalty, with a restart of the acceleration where the sum grew
/// (O'Donoghue and Candès, Found. Comput. Math. 15 (2015) 715). The penalty is total variation, roughness (PWLS) or the user's.
/// </summary>
internal sealed class FistaSlab : IterativeSlab
{
    /// <summary>Steps of the inner problem; it goes on from where the last iteration left it, so few are enough.</summary>
    private const int DualSteps = 10;

    private readonly InterleavedSlab[] _dual;
    private readonly InterleavedSlab _rays;
    private readonly InterleavedSlab? _weights;
    private readonly double[] _momentum;
    private readonly double[] _objective;
    private InterleavedSlab _old;
    private InterleavedSlab _gradient;
    private InterleavedSlab _projected;
    private InterleavedSlab _projectedOld;
    private double[] _lambda = [];
    private double[] _measured = [];

    internal FistaSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_old, _gradient, _projected, _projectedOld, _rays) = (Image(), Image(), Rays(), Rays(), Rays());
        _weights = problem.Options.Method == IterativeMethod.Pwls ? Rays() : null;
        _dual = IsTv ? [.. Enumerable.Range(0, problem.Variation.Directions).Select(_ => Image())] : [];
        (_momentum, _objective) = (new double[lanes], new double[lanes]);
    }

    internal override IReadOnlyList<InterleavedSlab> Slabs => [_old, _projectedOld, .. _dual];

    internal override IReadOnlyList<double[]> Numbers => [_momentum, _objective];

    private IRegularizer? Penalty => Problem.Options.Regularizer;

    private bool IsTv => Penalty is null && Problem.Options.Method == IterativeMethod.TvFista;

    private bool IsRough => Penalty is null && Problem.Options.Method == IterativeMethod.Pwls;

    // Roughness is smooth: its curvature, 8 at most, counts with that of the data.
    private double Step => Problem.SquaredNorm > 0 ? 1 / (Problem.SquaredNorm * (1 + (IsRough ? 8 * Strength : 0))) : 0;

    private double Strength => Problem.Options.Regularization ?? (Problem.Options.Method == IterativeMethod.Pwls && Penalty is null ? 1e-5 : 1e-3);

    internal override unsafe LaneFit Measure()
    {
        var context = Context;
        Operator.Forward(X, _projected);
        var squares = SlabMath.Apply(default(SquaredDistance), _weights ?? _projected, _projected, Data, null, null, context);
        var data = Each(_weights is null ? squares.Second : squares.First, s => s / 2);
        var penalty = Penalty is not null ? Penalty.Values(X)
            : IsTv ? Problem.Variation.Value(X)
            : Stencil.Walk(new Roughness(X.Origin, null), X, null, context);
        _measured = Each(data, Each(_lambda, penalty, (l, p) => l * p), (d, p) => d + p);
        return new LaneFit(squares.Second, [.. _measured]);
    }

    internal override unsafe LaneSums Update(int iteration)
    {
        var context = Context;
        var factors = new double[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (_measured[lane] > _objective[lane])
            {
                _momentum[lane] = 1;
            }

            var next = (1 + Math.Sqrt(1 + (4 * _momentum[lane] * _momentum[lane]))) / 2;
            (factors[lane], _momentum[lane]) = ((_momentum[lane] - 1) / next, next);
        }

        _measured.CopyTo(_objective, 0);
        // At the extrapolated point y, whose projection follows from those of the last two iterates.
        SlabMath.Apply(default(Extrapolate), _rays, _projected, _projectedOld, null, factors, context);
        Misfit(_rays);
        Operator.Adjoint(_rays, _gradient);
        SlabMath.Apply(default(Extrapolate), _old, X, _old, null, factors, context);
        if (IsRough)
        {
            Stencil.Walk(new Roughness(_old.Origin, _gradient.Origin), _old, _lambda, context);
            SlabMath.Apply(default(Weigh), _gradient, _gradient, _gradient, Problem.Mask, null, context);
        }

        SlabMath.Add(_old, _gradient, [.. Enumerable.Repeat(-Step, Lanes)], context);
        (X, _old) = (_old, X);
        (_projected, _projectedOld) = (_projectedOld, _projected);
        Proximal(Each(_lambda, l => l * Step));
        return SlabMath.Apply(new Confine(Problem.Low, Problem.High), X, _old, _old, Problem.Mask, null, context);
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        Array.Fill(_momentum, 1);
        Array.Fill(_objective, double.PositiveInfinity);
        SlabMath.Copy(X, _old);
        _projectedOld.Clear();
        Array.ForEach(_dual, d => d.Clear());
        if (_weights is not null)
        {
            if (weights is null)
            {
                SlabMath.Apply(default(PhotonWeight), _weights, Data, Data, null, null, Context);
            }
            else
            {
                SlabMath.Copy(weights, _weights);
            }

            // The largest weight of a slice is 1, so that the norm of A bounds that of the weighted A.
            SlabMath.Apply(default(Scale), _weights, _weights, _weights, null, Each(LaneMaxima.Of(_weights), m => m > 0 ? 1 / m : 0), Context);
        }

        if (IsRough)
        {
            _lambda = [.. Enumerable.Repeat(Strength * Problem.SquaredNorm, Lanes)];
            return;
        }

        SlabMath.Copy(Data, _rays);
        if (_weights is not null)
        {
            SlabMath.Apply(default(Times), _rays, _weights, _weights, null, null, Context);
        }

        Operator.Adjoint(_rays, _gradient);
        _lambda = Each(LaneMaxima.Of(_gradient), m => Strength * m);
    }

    private void Misfit(InterleavedSlab rays)
    {
        if (_weights is null)
        {
            SlabMath.Apply(default(Difference), rays, Data, Data, null, null, Context);
        }
        else
        {
            SlabMath.Apply(default(WeightedDifference), rays, _weights, Data, null, null, Context);
        }
    }

    private void Proximal(double[] weights)
    {
        if (Penalty is not null)
        {
            Penalty.Proximal(X, weights);
        }
        else if (IsTv)
        {
            var variation = Problem.Variation;
            for (var i = 0; i < DualSteps; i++)
            {
                variation.FromDual(X, _dual, _gradient, Problem.Low, Problem.High);
                variation.Ascend(_gradient, _dual, 1f / variation.SquaredNorm, weights);
            }

            variation.FromDual(X, _dual, _gradient, Problem.Low, Problem.High);
            (X, _gradient) = (_gradient, X);
        }
    }
}
