using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Conjugate gradients for min |A x - b|² + damping |x|². A user's operator whose transpose is not quite its transpose makes the residual
/// grow, which is seen, because the residual belongs to x always.
/// </summary>
internal sealed class CglsSlab : IterativeSlab
{
    private readonly InterleavedSlab _gradient;
    private readonly InterleavedSlab _direction;
    private readonly InterleavedSlab _residual;
    private readonly InterleavedSlab _image;
    private readonly double _damping;
    private readonly double[] _gamma;
    private readonly double[] _squaredResidual;
    private readonly double[] _squaredNorm;

    internal CglsSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_gradient, _direction, _residual, _image) = (Image(), Image(), Rays(), Rays());
        (_gamma, _squaredResidual, _squaredNorm) = (new double[lanes], new double[lanes], new double[lanes]);
        _damping = problem.Options.Method == IterativeMethod.Tikhonov
            ? (problem.Options.Regularization ?? 1e-4) * problem.SquaredNorm
            : 0;
    }

    internal override IReadOnlyList<InterleavedSlab> Slabs => [_direction, _residual];

    internal override IReadOnlyList<double[]> Numbers => [_gamma, _squaredResidual, _squaredNorm];

    internal override LaneFit Measure() =>
        new([.. _squaredResidual], Each(_squaredResidual, _squaredNorm, (r, x) => (r + (_damping * x)) / 2));

    internal override LaneSums Update(int iteration)
    {
        var context = Context;
        Operator.Forward(_direction, _image);
        var length = SlabMath.SquaredNorm(_image, context);
        if (_damping > 0)
        {
            length = Each(length, SlabMath.SquaredNorm(_direction, context), (a, p) => a + (_damping * p));
        }

        var step = Ratio(_gamma, length);
        var sums = SlabMath.Add(X, _direction, step, context);
        sums.Second.CopyTo(_squaredNorm, 0);
        SlabMath.Add(_residual, _image, Each(step, a => -a), context).Second.CopyTo(_squaredResidual, 0);
        var gamma = Gradient();
        SlabMath.Apply(default(AddToDirection), _direction, _gradient, _gradient, null, Ratio(gamma, _gamma), context);
        gamma.CopyTo(_gamma, 0);
        return sums;
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        if (isWarm)
        {
            Operator.Forward(X, _residual);
            SlabMath.Apply(default(WeightedMisfit), _residual, Data, Data, null, null, Context).First.CopyTo(_squaredResidual, 0);
        }
        else
        {
            SlabMath.Copy(Data, _residual);
            SlabMath.SquaredNorm(Data, Context).CopyTo(_squaredResidual, 0);
        }

        SlabMath.SquaredNorm(X, Context).CopyTo(_squaredNorm, 0);
        Gradient().CopyTo(_gamma, 0);
        SlabMath.Copy(_gradient, _direction);
    }

    /// <summary>A' r - damping x, and its square.</summary>
    private double[] Gradient()
    {
        Operator.Adjoint(_residual, _gradient);
        return _damping > 0
            ? SlabMath.Add(_gradient, X, [.. Enumerable.Repeat(-_damping, Lanes)], Context).Second
            : SlabMath.SquaredNorm(_gradient, Context);
    }
}
