using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Against numpy.fft (1.24, double precision), rings by numpy.rint of the frequency over the ring's width.</summary>
public sealed class FourierCorrelationTests
{
    private static readonly double[] Square =
        [0.993346, 0.96326, 0.986075, 0.940019, 0.582571, 0.489849, 0.242702, 0.282944, 0.420861, 0.211819, 0.21612];

    private static readonly double[] Oblong = [0.993758, 0.986719, 0.814877, 0.978433, 0.888128, 0.672844, 0.401803, 0.264266, 0.117665, 0.410281];

    [Fact]
    public void Rings_of_images_are_those_of_numpy()
    {
        var correlation = FourierCorrelation.Between(Noisy(1, null, null), Noisy(2, null, null));
        Assert.Equal(12, correlation.Values.Count);
        Assert.True(double.IsNaN(correlation.Values[0]));
        AssertNear(Square, correlation.Values.Skip(1));
        Assert.Equal([1L, 10, 20, 20, 34, 48, 44, 66, 68, 76, 90, 76], correlation.Counts);
        Assert.Equal(0.39224, correlation.HalfBit[4], 5e-6);
        Assert.Equal(1.0, correlation.HalfBit[0], 1e-4);
        Assert.Equal(0.298537, correlation.CrossingCyclesPerPixel(FourierCriterion.HalfBit)!.Value, 2e-6);
        Assert.Equal(1 / 0.298537, correlation.ResolutionPixels(FourierCriterion.HalfBit), 5e-5);
        // Above 1/7 to the end: the pixels limit it.
        Assert.Null(correlation.CrossingCyclesPerPixel(FourierCriterion.OneSeventh));
        Assert.Equal(2, correlation.ResolutionPixels(FourierCriterion.OneSeventh), 1e-9);
        Assert.Null(correlation.Resolution(FourierCriterion.HalfBit));
    }

    [Fact]
    public void Pixels_that_are_not_square_give_physical_frequencies()
    {
        Length y = Length.FromMicrometers(2), x = Length.FromMicrometers(3);
        var correlation = FourierCorrelation.Between(Noisy(1, y, x), Noisy(2, y, x));
        AssertNear(Oblong, correlation.Values.Skip(1));
        Assert.Equal(y, correlation.PixelSize);
        Assert.Equal(2 / 0.243796, correlation.Resolution(FourierCriterion.HalfBit)!.Value.Micrometers, 1e-4);
        Assert.Equal(2 / 0.294239, correlation.Resolution(FourierCriterion.OneSeventh)!.Value.Micrometers, 1e-4);
        Assert.Contains("half-bit 8.2036 µm (4.1 px)", correlation.ToString());
    }

    [Fact]
    public void Shells_of_volumes_are_those_of_numpy()
    {
        using Volume a = NoisyVolume(3), b = NoisyVolume(4);
        var correlation = FourierCorrelation.Between(a, b, new FourierCorrelationOptions { TaperFraction = 0 });
        Assert.True(correlation.IsOfVolumes);
        AssertNear([0.997431, 0.988329, 0.881955, 0.680798], correlation.Values.Skip(1));
        Assert.Equal([1L, 18, 76, 170, 292], correlation.Counts);
    }

    [Fact]
    public void An_image_agrees_with_itself_and_not_with_its_negative()
    {
        var image = Noisy(1, null, null);
        Assert.All(FourierCorrelation.Between(image, image).Values.Skip(1), v => Assert.Equal(1, v, 1e-9));
        var negative = new Image(image.RowCount, image.ColumnCount, [.. image.Values.ToArray().Select(v => -v)]);
        var opposite = FourierCorrelation.Between(image, negative);
        Assert.All(opposite.Values.Skip(1), v => Assert.Equal(-1, v, 1e-9));
        Assert.Equal(double.PositiveInfinity, opposite.ResolutionPixels(FourierCriterion.HalfBit));
        Assert.Contains("not reached", opposite.ToString());
    }

    [Fact]
    public void Bad_input_is_told()
    {
        var image = Noisy(1, null, null);
        Assert.Contains("30 x 22", Assert.Throws<ArgumentException>(() => FourierCorrelation.Between(image, new Image(22, 30))).Message);
        Assert.Contains("8 pixels", Assert.Throws<ArgumentException>(() => FourierCorrelation.Between(new Image(7, 30), new Image(7, 30))).Message);
        var broken = Noisy(2, null, null);
        broken[3, 3] = float.NaN;
        Assert.Contains("second", Assert.Throws<ArgumentException>(() => FourierCorrelation.Between(image, broken)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierCorrelationOptions { TaperFraction = 1.5 });
        // Even images have no power but that of the mean.
        Assert.All(FourierCorrelation.Between(new Image(10, 10), new Image(10, 10)).Values, v => Assert.True(double.IsNaN(v)));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using (RunContext.Use(new RunContext { CancellationToken = cancelled.Token }))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => FourierCorrelation.Between(image, image));
        }
    }

    [Fact]
    public void The_same_bits_come_out_of_any_number_of_threads()
    {
        using Volume a = NoisyVolume(3), b = NoisyVolume(4);
        double[] With(int threads)
        {
            using (RunContext.Use(new RunContext { MaxThreads = threads }))
            {
                return [.. FourierCorrelation.Between(a, b).Values];
            }
        }

        Assert.Equal(With(1), With(4));
    }

    [Fact]
    public void Noise_power_is_that_of_numpy_and_sums_to_the_variance()
    {
        var image = new Image(20, 20, [.. Random(400, 5).Select(v => (float)v)]) { PixelSizeX = Length.FromMicrometers(1), PixelSizeY = Length.FromMicrometers(1) };
        var spectrum = NoisePowerSpectrum.Of(image, 12);
        Assert.Equal(9, spectrum.PatchCount);
        AssertNear([0, 0.09709427, 0.08980914, 0.09278, 0.07741712, 0.07713884, 0.07766608], spectrum.Values);
        Assert.Equal(0.0808812060377519, spectrum.Variance, 1e-12);
        // White noise of an even distribution over an interval of 1: its variance in each Fourier pixel.
        Assert.Equal(1 / 12.0, spectrum.Values.Skip(1).Average(), 0.01);
        Assert.Equal(Length.FromMicrometers(1), spectrum.PixelSize);
        image[5, 5] = float.PositiveInfinity;
        Assert.Contains("NaN or infinite", Assert.Throws<ArgumentException>(() => NoisePowerSpectrum.Of(image)).Message);
        Assert.Throws<ArgumentException>(() => NoisePowerSpectrum.Of(new Image(5, 50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoisePowerSpectrum.Of(image, 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(97)]
    public void Transforms_of_any_length_are_sums_of_turns(int length)
    {
        var values = Random(2 * length, 9).Chunk(2).Select(p => new System.Numerics.Complex(p[0], p[1])).ToArray();
        var expected = Enumerable.Range(0, length).Select(k => values.Select((v, n) => v * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / length))
            .Aggregate(System.Numerics.Complex.Zero, (sum, v) => sum + v)).ToArray();
        var fft = new ExactFft(length);
        fft.Forward(values, new System.Numerics.Complex[fft.BufferLength]);
        for (var k = 0; k < length; k++)
        {
            Assert.Equal(0, (values[k] - expected[k]).Magnitude, 1e-11 * length);
        }
    }

    private static void AssertNear(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e, a, 2e-6);
        }
    }

    private static Image Noisy(uint seed, Length? sizeY, Length? sizeX)
    {
        var noise = Random(30 * 22, seed);
        var image = new Image(30, 22) { PixelSizeY = sizeY, PixelSizeX = sizeX };
        for (var y = 0; y < 30; y++)
        {
            for (var x = 0; x < 22; x++)
            {
                var inside = ((x - 11) * (x - 11)) + ((y - 13) * (y - 13)) < 30;
                image[y, x] = (float)(Math.Sin(0.5 * x) + Math.Cos(0.9 * y) + (inside ? 2 : 0) + (1.5 * noise[(y * 22) + x]));
            }
        }

        return image;
    }

    private static Volume NoisyVolume(uint seed)
    {
        var noise = Random(9 * 10 * 12, seed);
        var volume = new Volume(9, 10, 12);
        for (var i = 0; i < noise.Length; i++)
        {
            var (z, y, x) = (i / 120, i / 12 % 10, i % 12);
            volume[z, y, x] = (float)(Math.Sin((0.8 * x) + (0.3 * z)) + Math.Cos(0.9 * y) + noise[i]);
        }

        return volume;
    }

    private static double[] Random(int count, uint seed)
    {
        var state = seed;
        return [.. Enumerable.Range(0, count).Select(_ => ((state = (state * 1664525u) + 1013904223u) / 4294967296.0) - 0.5)];
    }
}
