using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Iterative;

/// <summary>target = weight * (a - target): what the rays miss. First sum: the squared misfit, not weighted.</summary>
internal readonly struct WeightedMisfit : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var misfit = a - target;
        first = Vector256.FusedMultiplyAdd(misfit, misfit, first);
        return misfit * weight;
    }
}

/// <summary>target = target + factor * weight * a within bounds; unchanged where the weight is 0. Sums: squared change, squared result.</summary>
internal readonly struct BoundedStep(float low, float high) : ILaneOperation
{
    private readonly Vector256<float> _low = Vector256.Create(low);
    private readonly Vector256<float> _high = Vector256.Create(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var made = Vector256.FusedMultiplyAdd(factor * weight, a, target);
        made = Vector256.Min(Vector256.Max(made, _low), _high);
        made = Vector256.ConditionalSelect(Vector256.Equals(weight, Vector256<float>.Zero), target, made);
        var change = made - target;
        first = Vector256.FusedMultiplyAdd(change, change, first);
        second = Vector256.FusedMultiplyAdd(made, made, second);
        return made;
    }
}

/// <summary>target = target within bounds where the weight (a mask) is not 0, else 0. Sums: squared distance to a, squared result.</summary>
internal readonly struct Confine(float low, float high) : ILaneOperation
{
    private readonly Vector256<float> _low = Vector256.Create(low);
    private readonly Vector256<float> _high = Vector256.Create(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var made = Vector256.Min(Vector256.Max(target, _low), _high);
        made = Vector256.ConditionalSelect(Vector256.Equals(weight, Vector256<float>.Zero), Vector256<float>.Zero, made);
        var change = made - a;
        first = Vector256.FusedMultiplyAdd(change, change, first);
        second = Vector256.FusedMultiplyAdd(made, made, second);
        return made;
    }
}

/// <summary>target = a + factor * target: the next direction. First sum: the squared result.</summary>
internal readonly struct AddToDirection : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var made = Vector256.FusedMultiplyAdd(factor, target, a);
        first = Vector256.FusedMultiplyAdd(made, made, first);
        return made;
    }
}

/// <summary>target = factor * target. First sum: the squared result.</summary>
internal readonly struct Scale : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var made = factor * target;
        first = Vector256.FusedMultiplyAdd(made, made, first);
        return made;
    }
}

/// <summary>target = weight * target: a mask over it.</summary>
internal readonly struct Weigh : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => weight * target;
}

/// <summary>target = factor times the weight of the place: a flat start.</summary>
internal readonly struct Fill : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => weight * factor;
}

/// <summary>target = a + factor * (a - b): a step beyond a in the direction from b.</summary>
internal readonly struct Extrapolate : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => Vector256.FusedMultiplyAdd(factor, a - b, a);
}

/// <summary>target unchanged. Sums: squared distance of a from b, weighted by the target and not weighted.</summary>
internal readonly struct SquaredDistance : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second)
    {
        var distance = a - b;
        first = Vector256.FusedMultiplyAdd(distance * target, distance, first);
        second = Vector256.FusedMultiplyAdd(distance, distance, second);
        return target;
    }
}

/// <summary>target = a * (target - b): weighted misfit of an extrapolated point.</summary>
internal readonly struct WeightedDifference : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => a * (target - b);
}
