using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Iterative;

/// <summary>The sum of |grad x|, isotropic, with forward differences.</summary>
internal readonly unsafe struct TvValue(float* x) : IStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum)
    {
        var here = Vector256.Load(x + at);
        var dx = Vector256.Load(x + at + to.Right) - here;
        var dy = Vector256.Load(x + at + to.Down) - here;
        sum += Vector256.Sqrt((dx * dx) + (dy * dy));
    }
}

/// <summary>u = v + div p within bounds: the picture that belongs to the dual field p = (px, py).</summary>
internal readonly unsafe struct FromDual(float* v, float* px, float* py, float* u, float low, float high) : IStencil
{
    private readonly Vector256<float> _low = Vector256.Create(low);
    private readonly Vector256<float> _high = Vector256.Create(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum)
    {
        var made = Vector256.Load(v + at) + Divergence(px, py, at, to);
        Vector256.Store(Vector256.Min(Vector256.Max(made, _low), _high), u + at);
    }

    /// <summary>Minus the transpose of the forward differences; p is 0 across the far edges, so only the near ones need care.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Divergence(float* px, float* py, long at, in Neighbors to)
    {
        var left = to.Left == 0 ? Vector256<float>.Zero : Vector256.Load(px + at + to.Left);
        var up = to.Up == 0 ? Vector256<float>.Zero : Vector256.Load(py + at + to.Up);
        return (Vector256.Load(px + at) - left) + (Vector256.Load(py + at) - up);
    }
}

/// <summary>p = p + step grad u, cut to a length of at most the factor of the slice.</summary>
internal readonly unsafe struct DualAscent(float* u, float* px, float* py, float step) : IStencil
{
    private readonly Vector256<float> _step = Vector256.Create(step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum)
    {
        var here = Vector256.Load(u + at);
        var x = Vector256.FusedMultiplyAdd(_step, Vector256.Load(u + at + to.Right) - here, Vector256.Load(px + at));
        var y = Vector256.FusedMultiplyAdd(_step, Vector256.Load(u + at + to.Down) - here, Vector256.Load(py + at));
        var length = Vector256.Sqrt((x * x) + (y * y));
        // With a factor of 0 the quotient of zeros would not be a number.
        var scale = Vector256.ConditionalSelect(Vector256.GreaterThan(length, factor), factor / length, Vector256<float>.One);
        Vector256.Store(x * scale, px + at);
        Vector256.Store(y * scale, py + at);
    }
}

/// <summary>g = the gradient of the smoothed total variation, with the factor as the length below which it is smooth. Sum: its square.</summary>
internal readonly unsafe struct TvGradient(float* x, float* g) : IStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum)
    {
        var smooth = factor * factor;
        var here = Vector256.Load(x + at);
        var right = Vector256.Load(x + at + to.Right) - here;
        var down = Vector256.Load(x + at + to.Down) - here;
        var made = -(right + down) / Vector256.Sqrt((right * right) + (down * down) + smooth);
        if (to.Left != 0)
        {
            var left = Vector256.Load(x + at + to.Left);
            var across = Vector256.Load(x + at + to.Left + to.Down) - left;
            made += (here - left) / Vector256.Sqrt(((here - left) * (here - left)) + (across * across) + smooth);
        }

        if (to.Up != 0)
        {
            var up = Vector256.Load(x + at + to.Up);
            var across = Vector256.Load(x + at + to.Up + to.Right) - up;
            made += (here - up) / Vector256.Sqrt(((here - up) * (here - up)) + (across * across) + smooth);
        }

        Vector256.Store(made, g + at);
        sum = Vector256.FusedMultiplyAdd(made, made, sum);
    }
}

/// <summary>g = g + factor times (4 x minus its neighbors): the gradient of half the squared differences. Sum: half those squares.</summary>
internal readonly unsafe struct Roughness(float* x, float* g) : IStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum)
    {
        var here = Vector256.Load(x + at);
        var right = here - Vector256.Load(x + at + to.Right);
        var down = here - Vector256.Load(x + at + to.Down);
        var rest = (here - Vector256.Load(x + at + to.Left)) + (here - Vector256.Load(x + at + to.Up));
        if (g is not null)
        {
            Vector256.Store(Vector256.FusedMultiplyAdd(factor, right + down + rest, Vector256.Load(g + at)), g + at);
        }

        sum += Vector256.Create(0.5f) * ((right * right) + (down * down));
    }
}

/// <summary>g = g - div p.</summary>
internal readonly unsafe struct SubtractDivergence(float* g, float* px, float* py) : IStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum) =>
        Vector256.Store(Vector256.Load(g + at) - FromDual.Divergence(px, py, at, to), g + at);
}
