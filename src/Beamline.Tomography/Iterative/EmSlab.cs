using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>Expectation maximization: x *= A'(b / A x) / A'1, by all rays (MLEM) or subset by subset (OSEM).</summary>
internal sealed class EmSlab(IterativeProblem problem, int lanes) : SubsetSweep(problem, lanes)
{
    // A ray whose projection is less than this part of the mean is not divided by.
    private const double LeastPart = 1e-6;
    private double[] _least = [];

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        base.Prepare(weights, isWarm);
        var context = Context;
        var sums = SlabMath.Apply(default(PositiveSums), Data, Data, Data, null, null, context).First;
        var rays = Places(Data);
        _least = Each(sums, s => Math.Max(LeastPart * s / rays, float.Epsilon));
        // What all rays together say of the mean: 1 over the sum of the lengths that they travel.
        var lengths = Problem.Subsets.Sum(s => s.InverseRowSums.Sum(r => r > 0 ? 1.0 / r : 0));
        var mean = Each(sums, s => lengths > 0 ? s / lengths : 0);
        if (isWarm)
        {
            // What is 0 would stay 0.
            SlabMath.Apply(default(AtLeast), X, X, X, Problem.Mask, Each(mean, m => 1e-3 * m), context);
        }
        else
        {
            SlabMath.Apply(default(Fill), X, X, X, Problem.Mask, mean, context);
        }

        SlabMath.Apply(new Confine(Math.Max(Problem.Low, 0), Problem.High), X, X, X, Problem.Mask, null, context);
    }

    protected override LaneSums Compare(RaySubset subset, InterleavedSlab rays, InterleavedSlab data) =>
        SlabMath.Apply(default(Quotient), rays, data, data, null, _least, Context);

    protected override LaneSums Apply(RaySubset subset, int iteration) =>
        SlabMath.Apply(
            new MultiplyBounded(Math.Max(Problem.Low, 0), Problem.High), X, Correction, Correction, subset.InverseColumnSums, null, Context);

    /// <summary>First sum: the values above 0.</summary>
    private readonly struct PositiveSums : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second)
        {
            first += Vector256.Max(a, Vector256<float>.Zero);
            return target;
        }
    }

    /// <summary>target = the larger of target and factor, inside the mask.</summary>
    private readonly struct AtLeast : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second) => weight * Vector256.Max(target, factor);
    }

    /// <summary>target = a over target; what is below the factor is not divided by. First sum: the squared misfit.</summary>
    private readonly struct Quotient : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second)
        {
            var misfit = a - target;
            first = Vector256.FusedMultiplyAdd(misfit, misfit, first);
            return Vector256.Max(a, Vector256<float>.Zero) / Vector256.Max(target, factor);
        }
    }

    /// <summary>target = target * weight * a within bounds; a weight of 0 gives 0. Sums as those of a step.</summary>
    private readonly struct MultiplyBounded(float low, float high) : ILaneOperation
    {
        private readonly Vector256<float> _low = Vector256.Create(low);
        private readonly Vector256<float> _high = Vector256.Create(high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second)
        {
            var made = Vector256.Min(Vector256.Max(target * (weight * a), _low), _high);
            made = Vector256.ConditionalSelect(Vector256.Equals(weight, Vector256<float>.Zero), Vector256<float>.Zero, made);
            var change = made - target;
            first = Vector256.FusedMultiplyAdd(change, change, first);
            second = Vector256.FusedMultiplyAdd(made, made, second);
            return made;
        }
    }
}
