using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Benchmarks;

/// <summary>
/// What two threads can give on this machine at best: multiply-adds in registers, without memory, cut in two halves for two
/// threads. Virtual cores that others use as well, or that clock down when both are busy, give less than 2.
/// </summary>
internal static class ThreadYardstick
{
    private const int Runs = 9;
    private const int Steps = 60_000_000;

    internal static BenchRow Row()
    {
        var (one, two) = Measure();
        return new BenchRow
        {
            Name = "Machine's own ratio, two threads over one",
            Value = one / two,
            Unit = "ratio",
            Threads = 2,
            Note = $"multiply-adds in registers, least of {Runs} runs in turn, {one * 1e3:0.0} and {two * 1e3:0.0} ms; what the ratios of the projectors are to be held against",
        };
    }

    /// <summary>Least seconds of the whole work on one thread and on two, in turn.</summary>
    internal static (double One, double Two) Measure()
    {
        var (one, two) = (double.PositiveInfinity, double.PositiveInfinity);
        Work(Steps / 10);
        for (var run = 0; run < Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            Work(Steps);
            one = Math.Min(one, watch.Elapsed.TotalSeconds);
            watch.Restart();
            var other = new Thread(() => Work(Steps / 2));
            other.Start();
            Work(Steps / 2);
            other.Join();
            two = Math.Min(two, watch.Elapsed.TotalSeconds);
        }

        return (one, two);
    }

    /// <summary>Enough sums at once to keep both units busy that multiply and add, in vectors as wide as those of the projectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Work(int steps) => Vector512.IsHardwareAccelerated ? Wide(steps) : Narrow(steps);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Wide(int steps)
    {
        var (f, g) = (Vector512.Create(0.999f), Vector512.Create(1e-3f));
        var (a, b, c, d, e, h, i, j) = (g, f, g + g, f + f, g + f, f - g, g - f, f * g);
        for (var step = 0; step < steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, f, g);
            b = Vector512.FusedMultiplyAdd(b, f, g);
            c = Vector512.FusedMultiplyAdd(c, f, g);
            d = Vector512.FusedMultiplyAdd(d, f, g);
            e = Vector512.FusedMultiplyAdd(e, f, g);
            h = Vector512.FusedMultiplyAdd(h, f, g);
            i = Vector512.FusedMultiplyAdd(i, f, g);
            j = Vector512.FusedMultiplyAdd(j, f, g);
        }

        return Vector512.Sum(a + b + c + d + e + h + i + j);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Narrow(int steps)
    {
        var (f, g) = (Vector256.Create(0.999f), Vector256.Create(1e-3f));
        var (a, b, c, d, e, h, i, j) = (g, f, g + g, f + f, g + f, f - g, g - f, f * g);
        for (var step = 0; step < steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, f, g);
            b = Vector256.FusedMultiplyAdd(b, f, g);
            c = Vector256.FusedMultiplyAdd(c, f, g);
            d = Vector256.FusedMultiplyAdd(d, f, g);
            e = Vector256.FusedMultiplyAdd(e, f, g);
            h = Vector256.FusedMultiplyAdd(h, f, g);
            i = Vector256.FusedMultiplyAdd(i, f, g);
            j = Vector256.FusedMultiplyAdd(j, f, g);
        }

        return Vector256.Sum(a + b + c + d + e + h + i + j);
    }
}
