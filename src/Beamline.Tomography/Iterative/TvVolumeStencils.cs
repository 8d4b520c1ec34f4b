using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Iterative;

/// <summary>The forward differences of a volume at one place.</summary>
internal readonly unsafe struct Differences
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Differences(float* x, long at, long right, long down, Vector256<float> hasBelow)
    {
        Here = Vector256.Load(x + at);
        Right = Vector256.Load(x + at + right) - Here;
        Down = Vector256.Load(x + at + down) - Here;
        Below = (Vector256.Load(x + at + 1) - Here) & hasBelow;
    }

    internal Vector256<float> Here { get; }

    internal Vector256<float> Right { get; }

    internal Vector256<float> Down { get; }

    internal Vector256<float> Below { get; }

    internal Vector256<float> Square
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Right * Right) + (Down * Down) + (Below * Below);
    }
}

/// <summary>The sum of |grad x| of a volume, isotropic, with forward differences.</summary>
internal readonly unsafe struct TvVolumeValue(float* x) : IVolumeStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum) =>
        sum += Vector256.Sqrt(new Differences(x, at, to.Right, to.Down, depth.Below).Square);
}

/// <summary>u = v + div p within bounds: the volume that belongs to the dual field p = (px, py, pz).</summary>
internal readonly unsafe struct FromVolumeDual(float* v, float* px, float* py, float* pz, float* u, float low, float high) : IVolumeStencil
{
    private readonly Vector256<float> _low = Vector256.Create(low);
    private readonly Vector256<float> _high = Vector256.Create(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum)
    {
        var made = Vector256.Load(v + at) + Divergence(px, py, pz, at, to, depth);
        Vector256.Store(Vector256.Min(Vector256.Max(made, _low), _high), u + at);
    }

    /// <summary>Minus the transpose of the forward differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Divergence(float* px, float* py, float* pz, long at, in Neighbors to, in DepthMasks depth) =>
        FromDual.Divergence(px, py, at, to) + (Vector256.Load(pz + at) - (Vector256.Load(pz + at - 1) & depth.Above));
}

/// <summary>p = p + step grad u, cut to a length of at most the factor.</summary>
internal readonly unsafe struct VolumeDualAscent(float* u, float* px, float* py, float* pz, float step) : IVolumeStencil
{
    private readonly Vector256<float> _step = Vector256.Create(step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum)
    {
        var d = new Differences(u, at, to.Right, to.Down, depth.Below);
        var x = Vector256.FusedMultiplyAdd(_step, d.Right, Vector256.Load(px + at));
        var y = Vector256.FusedMultiplyAdd(_step, d.Down, Vector256.Load(py + at));
        var z = Vector256.FusedMultiplyAdd(_step, d.Below, Vector256.Load(pz + at));
        var length = Vector256.Sqrt((x * x) + (y * y) + (z * z));
        var scale = Vector256.ConditionalSelect(Vector256.GreaterThan(length, factor), factor / length, Vector256<float>.One);
        Vector256.Store(x * scale, px + at);
        Vector256.Store(y * scale, py + at);
        Vector256.Store(z * scale, pz + at);
    }
}

/// <summary>g = the gradient of the smoothed total variation, with the factor as the length below which it is smooth. Sum: its square.</summary>
internal readonly unsafe struct TvVolumeGradient(float* x, float* g) : IVolumeStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum)
    {
        var smooth = factor * factor;
        var here = new Differences(x, at, to.Right, to.Down, depth.Below);
        var made = -(here.Right + here.Down + here.Below) / Vector256.Sqrt(here.Square + smooth);
        if (to.Left != 0)
        {
            var left = new Differences(x, at + to.Left, -to.Left, to.Down, depth.Below);
            made += left.Right / Vector256.Sqrt(left.Square + smooth);
        }

        if (to.Up != 0)
        {
            var up = new Differences(x, at + to.Up, to.Right, -to.Up, depth.Below);
            made += up.Down / Vector256.Sqrt(up.Square + smooth);
        }

        // Seen from the slice above, the one below is here.
        var above = new Differences(x, at - 1, to.Right, to.Down, depth.Above);
        made += above.Below / Vector256.Sqrt(above.Square + smooth);
        Vector256.Store(made, g + at);
        sum = Vector256.FusedMultiplyAdd(made, made, sum);
    }
}

/// <summary>g = g - div p.</summary>
internal readonly unsafe struct SubtractVolumeDivergence(float* g, float* px, float* py, float* pz) : IVolumeStencil
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum) =>
        Vector256.Store(Vector256.Load(g + at) - FromVolumeDual.Divergence(px, py, pz, at, to, depth), g + at);
}
