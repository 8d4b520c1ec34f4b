using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Data.Tests;

/// <summary>Pictures, line integrals and counts of the simulator against independent sums.</summary>
public sealed class PhantomTests
{
    [Fact]
    public void Shepp_logan_has_tofts_values()
    {
        var image = Phantom.SheppLogan(256).ToImage();

        // In units of the half width: brain, both dark ventricles, skull, outside, and the round spot above the middle.
        Assert.Equal(0.2f, At(0.5, 0), 1e-6f);
        Assert.Equal(0f, At(0.22, 0), 1e-6f);
        Assert.Equal(0f, At(-0.22, 0), 1e-6f);
        Assert.Equal(1f, At(0, 0.905), 1e-6f);
        Assert.Equal(0f, At(0.95, 0.95), 1e-6f);
        Assert.Equal(0.3f, At(0, 0.35), 1e-6f);
        Assert.Equal(0.3f, At(0, 0.08), 1e-6f);
        Assert.Equal(0, image.Values.ToArray().Min(), 1e-7f);
        Assert.Equal(1, image.Values.ToArray().Max(), 1e-7f);

        // The right ventricle leans: its upper end is further right. A wrong sign of the rotation swaps these.
        Assert.Equal(0f, At(0.22 + 0.08, 0.25), 1e-6f);
        Assert.NotEqual(0f, At(0.22 - 0.08, 0.25));

        float At(double x, double yUp) => image[(int)Math.Round(127.5 - (yUp * 128)), (int)Math.Round(127.5 + (x * 128))];
    }

    [Fact]
    public void Line_integrals_equal_sums_through_the_picture()
    {
        const int Size = 256;
        var phantom = Phantom.SheppLogan(Size);
        var image = phantom.ToImage(8);
        var geometry = new ParallelGeometry([0, 17, 45, 90, 123.4, 180, 270, -60], Size, new RotationAxis(131.3));
        var sinogram = phantom.AnalyticSinogram(geometry);

        for (var angle = 0; angle < geometry.AngleCount; angle++)
        {
            CheckRays(sinogram.Row(angle), image, geometry.AnglesDegrees[angle], 131.3);
        }
    }

    [Fact]
    public void Every_projection_holds_the_whole_mass()
    {
        var phantom = Phantom.SheppLogan(128);
        var mass = phantom.Ellipses.Sum(e => e.Value * Math.PI * e.SemiAxisA * e.SemiAxisB);
        var sinogram = phantom.AnalyticSinogram(new ParallelGeometry([0, 30, 77, 151], 140), 16);
        for (var angle = 0; angle < 4; angle++)
        {
            Assert.Equal(mass, sinogram.Row(angle).ToArray().Sum(v => (double)v), mass * 1e-3);
        }

        Assert.Equal(mass, phantom.ToImage(8).Values.ToArray().Sum(v => (double)v), mass * 1e-3);
    }

    [Fact]
    public void A_spot_is_where_the_convention_says()
    {
        // x to the right, y down, ray x cos a + y sin a = column - axis.
        var phantom = new Phantom(64, [new Ellipse(10, 5, 1, 1, 0, 1)]);
        var image = phantom.ToImage();
        Assert.Equal(1, image[(int)(31.5 + 5), (int)(31.5 + 10)], 0.5);
        var sinogram = phantom.AnalyticSinogram(new ParallelGeometry([0, 90, 180, 270, 45], 64, new RotationAxis(30)));
        foreach (var (angle, column) in new[] { (0, 40.0), (1, 35.0), (2, 20.0), (3, 25.0), (4, 30 + (15 / Math.Sqrt(2))) })
        {
            var row = sinogram.Row(angle).ToArray();
            Assert.Equal(column, row.Select((v, c) => v * (double)c).Sum() / row.Sum(v => (double)v), 0.05);
        }
    }

    [Fact]
    public void Foam_integrals_equal_sums_through_its_slices()
    {
        const int Size = 64;
        var foam = new FoamPhantom(new FoamOptions { CylinderRadius = 26, HalfHeight = 6, LargestRadius = 6, SmallestRadius = 2, PoreCount = 40, Attenuation = 1, Seed = 5 });
        Assert.InRange(foam.Pores.Count, 20, 40);
        const int Sub = 4;
        var rays = new double[9 * Sub * Size * Sub];
        foreach (var angle in new[] { 0, 33.0, 90, 200 })
        {
            var (sin, cos) = PortableMath.SinCosDegrees(angle);
            foam.Project(new RayGrid(sin, cos, 9, Size, 33.3, Sub), rays);
            foreach (var row in new[] { 0, 4, 8 })
            {
                var slice = foam.Slice(row, 9, Size);
                var means = Enumerable.Range(0, Size).Select(column => (float)Enumerable.Range(0, Sub * Sub)
                    .Average(k => rays[(((row * Sub) + (k / Sub)) * Size * Sub) + (column * Sub) + (k % Sub)])).ToArray();
                CheckRays(means, slice, angle, 33.3);
            }
        }
    }

    [Fact]
    public void Pores_stay_inside_and_apart()
    {
        var foam = new FoamPhantom();
        for (var i = 0; i < foam.Pores.Count; i++)
        {
            var p = foam.Pores[i];
            Assert.True(Math.Sqrt((p.X * p.X) + (p.Y * p.Y)) + p.Radius < foam.CylinderRadius);
            for (var j = 0; j < i; j++)
            {
                var q = foam.Pores[j];
                Assert.True(Math.Sqrt(Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2) + Math.Pow(p.Z - q.Z, 2)) > p.Radius + q.Radius);
            }
        }
    }

    [Fact]
    public void Portable_functions_agree_with_the_library()
    {
        for (var x = -720.0; x < 720; x += 0.37)
        {
            var (sin, cos) = PortableMath.SinCosDegrees(x);
            Assert.Equal(Math.Sin(x * Math.PI / 180), sin, 5e-15 * (1 + Math.Abs(x / 57)));
            Assert.Equal(Math.Cos(x * Math.PI / 180), cos, 5e-15 * (1 + Math.Abs(x / 57)));
            Assert.Equal(1, PortableMath.Exp(x / 1.1) / Math.Exp(x / 1.1), 1e-13);
            var positive = Math.Exp(x / 3);
            Assert.Equal(Math.Log(positive), PortableMath.Log(positive), 1e-14 * (1 + Math.Abs(x)));
        }

        Assert.Equal((0.0, 1.0), PortableMath.SinCosDegrees(0));
        Assert.Equal((1.0, 0.0), PortableMath.SinCosDegrees(90));
        var sum = 0.0;
        for (var n = 1; n < 300; n++)
        {
            sum += Math.Log(n);
            Assert.Equal(sum, PortableMath.LogFactorial(n), 1e-11 * (1 + sum));
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(4)]
    [InlineData(9.9)]
    [InlineData(10)]
    [InlineData(12.5)]
    [InlineData(300)]
    [InlineData(20000)]
    public void Poisson_numbers_have_the_right_mean_variance_and_skewness(double mean)
    {
        const int Count = 200_000;
        var random = new SimulationRandom(7);
        double m1 = 0, m2 = 0, m3 = 0;
        for (var i = 0; i < Count; i++)
        {
            var d = random.NextPoisson(mean) - mean;
            (m1, m2, m3) = (m1 + d, m2 + (d * d), m3 + (d * d * d));
        }

        // Six standard errors, with one seed: no chance involved.
        Assert.Equal(0, m1 / Count, 6 * Math.Sqrt(mean / Count));
        Assert.Equal(mean, m2 / Count, 6 * Math.Sqrt((mean + (2 * mean * mean)) / Count));
        Assert.Equal(mean, m3 / Count, 6 * Math.Sqrt(((15 * mean * mean * mean) + (25 * mean * mean) + mean) / Count));
    }

    [Fact]
    public void Poisson_numbers_have_the_right_distribution()
    {
        foreach (var mean in new[] { 3.0, 15.0 })
        {
            const int Count = 200_000;
            var random = new SimulationRandom(11);
            var seen = new int[60];
            for (var i = 0; i < Count; i++)
            {
                seen[(int)random.NextPoisson(mean)]++;
            }

            var probability = Math.Exp(-mean);
            for (var k = 0; k < seen.Length; k++)
            {
                var expected = Count * probability;
                Assert.True(Math.Abs(seen[k] - expected) < (6 * Math.Sqrt(expected)) + 2, $"mean {mean}: {seen[k]} times {k}, not {expected:0.0}");
                probability *= mean / (k + 1);
            }
        }

        Assert.Equal(0, new SimulationRandom(1).NextPoisson(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulationRandom(1).NextPoisson(-1));
    }

    [Fact]
    public void The_generator_is_splitmix64()
    {
        // First numbers of the published reference implementation for seed 1234567.
        var random = new SimulationRandom(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    // Pixels blur edges, so single rays differ; but the true axis must fit far better than one 0.15 pixels beside it.
    private static void CheckRays(ReadOnlySpan<float> integrals, Image image, double degrees, double axis)
    {
        var right = Difference(integrals, image, degrees, axis);
        Assert.True(right < 0.6, $"{degrees} degrees: {right}");
        Assert.True(right < 0.8 * Difference(integrals, image, degrees, axis + 0.15), $"{degrees} degrees");
        Assert.True(right < 0.8 * Difference(integrals, image, degrees, axis - 0.15), $"{degrees} degrees");
    }

    private static double Difference(ReadOnlySpan<float> integrals, Image image, double degrees, double axis)
    {
        var sum = 0.0;
        for (var column = 8; column < integrals.Length - 8; column++)
        {
            sum += Math.Pow(integrals[column] - RaySum(image, degrees, column - axis), 2);
        }

        return Math.Sqrt(sum / integrals.Length);
    }

    private static double RaySum(Image image, double degrees, double s)
    {
        const double Step = 0.25;
        var middle = (image.RowCount - 1) / 2.0;
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var sum = 0.0;
        for (var t = -middle * 1.5; t <= middle * 1.5; t += Step)
        {
            var x = (s * cos) - (t * sin) + middle;
            var y = (s * sin) + (t * cos) + middle;
            var (column, row) = ((int)Math.Floor(x), (int)Math.Floor(y));
            if (column < 0 || row < 0 || column >= image.ColumnCount - 1 || row >= image.RowCount - 1)
            {
                continue;
            }

            var (fx, fy) = (x - column, y - row);
            sum += Step * (((1 - fy) * (((1 - fx) * image[row, column]) + (fx * image[row, column + 1]))) +
                (fy * (((1 - fx) * image[row + 1, column]) + (fx * image[row + 1, column + 1]))));
        }

        return sum;
    }
}
