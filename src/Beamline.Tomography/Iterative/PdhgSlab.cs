using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// The primal-dual method for 1/2 |A x - b|² + lambda TV(x) within bounds. Every ray and every pixel has a step of its own, the
/// inverse of what its row or column of (A, grad) sums up to, so no norm is needed.
/// </summary>
internal sealed class PdhgSlab : IterativeSlab
{
    // Share of the gradient in a pixel's step: differences reach their weight in few iterations, and the data still count most.
    private const double GradientShare = 0.2;
    private readonly InterleavedSlab _xBar;
    private readonly InterleavedSlab _gradient;
    private readonly InterleavedSlab[] _differences;
    private readonly InterleavedSlab _dual;
    private readonly InterleavedSlab _rays;
    // Minus the step of each pixel: down the gradient.
    private readonly float[] _tau;
    private readonly float _gradientStep;
    private readonly double[] _started;
    private InterleavedSlab _projected;
    private InterleavedSlab _projectedOld;
    private double[] _lambda = [];

    internal PdhgSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_xBar, _gradient) = (Image(), Image());
        _differences = [.. Enumerable.Range(0, problem.Variation.Directions).Select(_ => Image())];
        (_dual, _rays, _projected, _projectedOld) = (Rays(), Rays(), Rays(), Rays());
        _started = new double[lanes];
        var inverse = problem.Subsets[0].InverseColumnSums;
        var largest = inverse.Max(c => c > 0 ? 1 / c : 0);
        var scale = (float)(GradientShare * Math.Max(largest, 1));
        // |grad| scaled by s: its rows sum up to 2 s, its columns to 4 s within slices and 6 s across them.
        _gradientStep = scale / 2;
        _tau = new float[inverse.Length];
        for (var i = 0; i < _tau.Length; i++)
        {
            var inside = problem.Mask is null || problem.Mask[i] != 0;
            _tau[i] = inside ? -1 / ((inverse[i] > 0 ? 1 / inverse[i] : 0) + (2 * problem.Variation.Directions * scale)) : 0;
        }
    }

    internal override IReadOnlyList<InterleavedSlab> Slabs => [_xBar, .. _differences, _dual, _projectedOld];

    internal override IReadOnlyList<double[]> Numbers => [_started];

    internal override LaneFit Measure()
    {
        Operator.Forward(X, _projected);
        var squares = SlabMath.Apply(default(SquaredDistance), _projected, _projected, Data, null, null, Context).Second;
        var variation = Problem.Variation.Value(X);
        return new LaneFit(squares, Each(squares, Each(_lambda, variation, (l, t) => l * t), (s, p) => (s / 2) + p));
    }

    internal override LaneSums Update(int iteration)
    {
        var context = Context;
        SlabMath.Apply(default(Extrapolate), _rays, _projected, _projectedOld, null, _started, context);
        Array.Fill(_started, 1);
        SlabMath.Apply(default(DualRays), _dual, _rays, Data, Problem.Subsets[0].InverseRowSums, null, context);
        Problem.Variation.Ascend(_xBar, _differences, _gradientStep, _lambda);
        Operator.Adjoint(_dual, _gradient);
        Problem.Variation.SubtractDivergence(_gradient, _differences);
        SlabMath.Copy(X, _xBar);
        var sums = SlabMath.Apply(new BoundedStep(Problem.Low, Problem.High), X, _gradient, _gradient, _tau, null, context);
        SlabMath.Apply(default(Extrapolate), _xBar, X, _xBar, null, null, context);
        (_projected, _projectedOld) = (_projectedOld, _projected);
        return sums;
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        Array.Clear(_started);
        SlabMath.Copy(X, _xBar);
        foreach (var slab in (InterleavedSlab[])[.. _differences, _dual, _projectedOld])
        {
            slab.Clear();
        }

        Operator.Adjoint(Data, _gradient);
        var strength = Problem.Options.Regularization ?? 1e-3;
        _lambda = Each(LaneMaxima.Of(_gradient), m => strength * m);
    }

    /// <summary>target = (target + weight (a - b)) / (1 + weight): the dual of the squared misfit.</summary>
    private readonly struct DualRays : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second) =>
            Vector256.FusedMultiplyAdd(weight, a - b, target) / (Vector256<float>.One + weight);
    }
}
