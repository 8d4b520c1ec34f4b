using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Compute.Tests;

public sealed unsafe class LaneFftTests
{
    public static TheoryData<int, int> Sizes()
    {
        var data = new TheoryData<int, int>();
        for (var n = 1; n <= 4096; n *= 2)
        {
            data.Add(n, 16);
            data.Add(n, 32);
        }

        foreach (var n in new[] { 3, 5, 6, 10, 12, 20, 24, 40, 80, 96, 768, 1280, 1536 })
        {
            data.Add(n, 16);
            data.Add(n, 32);
        }

        return data;
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Every_lane_is_the_discrete_fourier_transform_of_its_signal(int n, int floats)
    {
        using var fft = new LaneFft(n, floats);
        var signal = Random(n * floats, seed: n + floats);
        var found = Forward(fft, signal);
        var half = floats / 2;
        // Long transforms are compared in the lanes at both ends: the direct sum takes n^2 steps.
        int[] lanes = n <= 256 ? [.. Enumerable.Range(0, half)] : [0, half - 1];
        foreach (var lane in lanes)
        {
            var expected = DirectTransform(signal, n, floats, lane);
            var allowed = 3e-7 * (1 + Math.Log2(n)) * Math.Sqrt(n);
            for (var k = 0; k < n; k++)
            {
                var error = Math.Max(
                    Math.Abs(found[(k * floats) + lane] - expected[k].Real),
                    Math.Abs(found[(k * floats) + half + lane] - expected[k].Imaginary));
                Assert.True(error <= allowed, $"n = {n}, lane {lane}, k = {k}: off by {error}, allowed {allowed}");
            }
        }
    }

    [Theory]
    [InlineData(8, 32), InlineData(512, 16), InlineData(1024, 32)]
    public void The_transform_is_linear(int n, int floats)
    {
        using var fft = new LaneFft(n, floats);
        var (a, b) = (Random(n * floats, 1), Random(n * floats, 2));
        var sum = a.Zip(b, (x, y) => (2.5f * x) - (0.75f * y)).ToArray();
        var (fa, fb, fs) = (Forward(fft, a), Forward(fft, b), Forward(fft, sum));
        for (var i = 0; i < fs.Length; i++)
        {
            Assert.Equal((2.5f * fa[i]) - (0.75f * fb[i]), fs[i], 2e-5f * MathF.Sqrt(n));
        }
    }

    [Theory]
    [InlineData(2, 16), InlineData(256, 32), InlineData(4096, 16)]
    public void The_energy_of_each_lane_is_kept_up_to_the_length(int n, int floats)
    {
        // Parseval: the sum of |X|^2 is n times the sum of |x|^2, for a transform that is not normalized.
        using var fft = new LaneFft(n, floats);
        var signal = Random(n * floats, 3);
        var found = Forward(fft, signal);
        for (var lane = 0; lane < floats / 2; lane++)
        {
            Assert.Equal(n * Energy(signal, n, floats, lane), Energy(found, n, floats, lane), 1e-5 * n * n);
        }
    }

    [Theory]
    [InlineData(16), InlineData(32)]
    public void A_pulse_at_one_turns_clockwise(int floats)
    {
        // The sign of the exponent: x = delta(j - 1) gives exp(-2 pi i k / n), so -i at a quarter of the length.
        using var fft = new LaneFft(8, floats);
        var signal = new float[8 * floats];
        signal[floats + 3] = 1;
        var found = Forward(fft, signal);
        var half = floats / 2;
        Assert.Equal(0, found[(2 * floats) + 3], 1e-6f);
        Assert.Equal(-1, found[(2 * floats) + half + 3], 1e-6f);
        Assert.Equal(0, found[(2 * floats) + 4]);
    }

    [Fact]
    public void One_plan_serves_many_threads()
    {
        using var fft = new LaneFft(256, 32);
        var signal = Random(256 * 32, 4);
        var expected = Forward(fft, signal);
        Parallel.For(0, 32, _ => Assert.True(expected.AsSpan().SequenceEqual(Forward(fft, signal))));
    }

    [Theory]
    [InlineData(0, 16), InlineData(7, 16), InlineData(9, 16), InlineData(15, 32), InlineData(-4, 16), InlineData(8, 8), InlineData(8, 64)]
    public void Lengths_and_lanes_that_are_not_supported_are_refused(int n, int floats) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneFft(n, floats));

    [Theory]
    [InlineData(256), InlineData(96), InlineData(80), InlineData(40)]
    public void All_vectors_give_the_same(int n)
    {
        var signal = Random(n * 32, 5);
        using var scalar = new LaneFft(n, 32, LaneVectors.Scalar);
        var expected = Forward(scalar, signal);
        foreach (var vectors in new[] { LaneVectors.Widest, LaneVectors.Bits256, LaneVectors.Bits512 })
        {
            using var fft = new LaneFft(n, 32, vectors);
            // The same operations in the same order: the same bits.
            Assert.Equal(expected, Forward(fft, signal));
        }
    }

    [Theory]
    [InlineData(1, 1), InlineData(3, 3), InlineData(5, 5), InlineData(7, 8), InlineData(9, 10), InlineData(11, 12), InlineData(1025, 1280), InlineData(1281, 1536), InlineData(1537, 2048)]
    public void The_next_good_length_is_near(int least, int good) => Assert.Equal(good, LaneFft.GoodLength(least));

    [Fact]
    public void A_disposed_plan_says_so()
    {
        var fft = new LaneFft(8, 16);
        fft.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Forward(fft, new float[128]));
    }

    [Fact]
    public void The_widest_vectors_are_taken_unless_switched_off()
    {
        // NarrowVectorTests runs this class in a process with the switch.
        var switchedOff = Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0";
        Assert.Equal(Vector512.IsHardwareAccelerated, VectorUnit.Has512);
        Assert.False(switchedOff && VectorUnit.Has512);
        Assert.Equal(VectorUnit.Has512, VectorUnit.Name == "AVX-512");
    }

    private static float[] Forward(LaneFft fft, float[] signal)
    {
        using var data = ArrayMemory.Allocate<float>(fft.BufferLength);
        using var work = ArrayMemory.Allocate<float>(fft.BufferLength);
        signal.CopyTo(data.Span(0, signal.Length));
        var result = fft.Forward(data.Pointer, work.Pointer);
        Assert.True(result == data.Pointer || result == work.Pointer);
        return new Span<float>(result, signal.Length).ToArray();
    }

    private static System.Numerics.Complex[] DirectTransform(float[] signal, int n, int floats, int lane)
    {
        var turns = new System.Numerics.Complex[n];
        for (var i = 0; i < n; i++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * i / n);
            turns[i] = new(cos, sin);
        }

        var result = new System.Numerics.Complex[n];
        for (var k = 0; k < n; k++)
        {
            System.Numerics.Complex sum = 0;
            for (var j = 0; j < n; j++)
            {
                sum += new System.Numerics.Complex(signal[(j * floats) + lane], signal[(j * floats) + (floats / 2) + lane]) *
                    turns[(int)((long)j * k % n)];
            }

            result[k] = sum;
        }

        return result;
    }

    private static double Energy(float[] values, int n, int floats, int lane)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var (re, im) = ((double)values[(i * floats) + lane], (double)values[(i * floats) + (floats / 2) + lane]);
            sum += (re * re) + (im * im);
        }

        return sum;
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
