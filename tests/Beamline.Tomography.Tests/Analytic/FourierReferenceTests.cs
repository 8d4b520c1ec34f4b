using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Gridding;

namespace Beamline.Tomography.Tests;

/// <summary>The Fourier method against the sum that it approximates, made term by term in double precision.</summary>
public sealed class FourierReferenceTests
{
    [Theory]
    [InlineData(24, 24, 11.5, 4, 2.0, 4e-4)]
    [InlineData(24, 24, 9.3, 6, 2.0, 1e-5)]
    [InlineData(25, 25, 12.4, 8, 2.0, 4e-6)]
    [InlineData(24, 31, 11.5, 6, 1.5, 1e-4)]
    [InlineData(30, 17, 14.0, 5, 2.0, 1e-4)]
    [InlineData(20, 20, 9.5, 6, 1.25, 1e-3)]
    public void The_kernel_gives_the_sum(int columns, int size, double axis, int width, double oversampling, double allowed)
    {
        var random = new Random(3);
        double[] angles = [.. Enumerable.Range(0, 19).Select(_ => (random.NextDouble() * 400) - 30), 0, 90, 180, 45];
        using var projections = Random(angles, 18, columns);
        using var volume = Reconstruction.Fourier(
            projections, new RotationAxis(axis),
            new FourierOptions { ImageSize = size, KernelWidth = width, Oversampling = oversampling, Filter = FbpFilter.RamLak });
        foreach (var row in new[] { 0, 17 })
        {
            var expected = DirectSum(projections, row, axis, size);
            var largest = expected.Max(Math.Abs);
            double error = 0;
            for (var i = 0; i < expected.Length; i++)
            {
                error += Math.Pow(volume.Slice(row)[i] - expected[i], 2);
            }

            Assert.InRange(Math.Sqrt(error / expected.Length) / largest, 0, allowed);
        }
    }

    [Theory]
    [InlineData(16, false), InlineData(32, false), InlineData(16, true), InlineData(32, true)]
    public void All_vectors_give_the_same(int lanes, bool logPolar)
    {
        const int N = 40;
        using var projections = Random(Phantoms.Angles(24), lanes, N);
        var geometry = new ParallelGeometry(projections.AnglesDegrees, N, new RotationAxis(18.7));
        var scalar = Make(LaneVectors.Scalar);
        foreach (var vectors in new[] { LaneVectors.Widest, LaneVectors.Bits512, LaneVectors.Bits256 })
        {
            var found = Make(vectors);
            var largest = scalar.Max(Math.Abs);
            Assert.True(scalar.Zip(found, (a, b) => Math.Abs(a - b)).Max() <= 1e-6 * largest, $"{vectors}");
        }

        float[] Make(LaneVectors vectors)
        {
            using var sinogram = new SlabShape(24, N, 0).Allocate(lanes);
            for (var a = 0; a < 24; a++)
            {
                sinogram.SetLanes(a, projections.Frame(a), N, lanes);
            }

            var weights = AngularWeights.Compute(geometry.AnglesDegrees);
            using ISlabMethod method = logPolar
                ? new Beamline.Tomography.LogPolar.LogPolarMethod(geometry, new LogPolarOptions(), weights, lanes, vectors)
                : new FourierMethod(geometry, new FourierOptions(), weights, lanes, vectors);
            using var band = new InterleavedSlab(N, N, lanes, SlabShape.Pad);
            method.Prepare(sinogram, _ => { }, RunContext.Default);
            method.MakeBand(band, 0, RunContext.Default);
            var all = new float[N * N * lanes];
            for (var y = 0; y < N; y++)
            {
                band.GetLanes(y, all.AsSpan(y * N * lanes, N * lanes), N, lanes);
            }

            return all;
        }
    }

    private static MemoryProjectionStack Random(double[] angles, int rows, int columns)
    {
        var random = new Random(5);
        var stack = new MemoryProjectionStack(angles, rows, columns) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles.Length; a++)
        {
            foreach (ref var value in stack.Frame(a))
            {
                value = random.NextSingle();
            }
        }

        return stack;
    }

    /// <summary>
    /// Each row, convolved with the band-limited ramp (Kak and Slaney, equation 61) over a period of the padded length, is read
    /// between its samples by its Fourier series and summed over the angles.
    /// </summary>
    private static double[] DirectSum(MemoryProjectionStack projections, int row, double axis, int size)
    {
        var columns = projections.ColumnCount;
        var length = FourierGrid.RowLengthFor(columns, size, new FourierOptions());
        var weights = AngularWeights.Compute(projections.AnglesDegrees);
        var image = new double[size * size];
        for (var a = 0; a < projections.AngleCount; a++)
        {
            var filtered = new double[length];
            for (var i = 0; i < length; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    var n = Math.Min(Math.Abs(i - j), length - Math.Abs(i - j));
                    filtered[i] += projections.Frame(a)[(row * columns) + j] * (n == 0 ? 0.25 : n % 2 != 0 ? -1 / (Math.PI * Math.PI * n * n) : 0);
                }
            }

            var (sin, cos) = Math.SinCos(projections.AnglesDegrees[a] * Math.PI / 180);
            for (var p = 0; p < image.Length; p++)
            {
                var t = axis + (((p % size) - ((size - 1) / 2.0)) * cos) + (((p / size) - ((size - 1) / 2.0)) * sin);
                double value = 0;
                for (var i = 0; i < length; i++)
                {
                    value += filtered[i] * Dirichlet(t - i, length);
                }

                image[p] += weights[a] * value;
            }
        }

        return image;
    }

    /// <summary>The periodic sinc of an even length, with half of the highest frequency for each sign.</summary>
    private static double Dirichlet(double x, int length)
    {
        var turn = Math.PI * x / length;
        return Math.Abs(Math.Sin(turn)) < 1e-12 ? 1 : Math.Sin(Math.PI * x) * Math.Cos(turn) / (length * Math.Sin(turn));
    }
}
