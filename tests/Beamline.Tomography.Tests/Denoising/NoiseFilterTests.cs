using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests.Denoising;

/// <summary>Classical filters against scipy and scikit-image, and what they refuse.</summary>
public sealed class NoiseFilterTests(FilterReference reference) : IClassFixture<FilterReference>
{
    public static TheoryData<NoiseFilter> All =>
        [new GaussianFilter { SigmaPixels = 0.6 }, new MedianFilter { Size = 5 }, new TotalVariationFilter(), new NonLocalMeansFilter { SearchRadius = 3 }];

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.3)]
    [InlineData(4.0)]
    public void Gaussian_is_that_of_scipy(double sigma) =>
        AssertClose(FormattableString.Invariant($"gaussian{sigma:0.0}"), new GaussianFilter { SigmaPixels = sigma }, 1e-6);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Median_is_that_of_scipy(int size) => AssertClose($"median{size}", new MedianFilter { Size = size }, 0);

    [Fact]
    public void Non_local_means_are_what_the_definition_says() =>
        AssertClose("nlm", new NonLocalMeansFilter { NoiseSigma = FilterReference.Sigma, Strength = 0.8 }, 2e-6);

    [Fact]
    public void Non_local_means_do_as_well_as_those_of_scikit_image()
    {
        // Its patches of 5 pixels have 4 in fact, and count as 25, which makes a strength of 0.8 one of 1: not the same numbers, but the same work.
        Assert.True(reference.Number("nlm-narrower") < 0.1 * FilterReference.Sigma);
        var theirs = new Image(FilterReference.Rows, FilterReference.Columns, reference.Picture("nlm-skimage"));
        var ours = reference.Noisy.Denoise(new NonLocalMeansFilter { NoiseSigma = FilterReference.Sigma });
        Assert.True(ImageQuality.Rmse(theirs, ours) < 0.25 * FilterReference.Sigma, $"{ImageQuality.Rmse(theirs, ours):g3}");
        var small = reference.Noisy.Denoise(new NonLocalMeansFilter { NoiseSigma = FilterReference.Sigma, PatchSize = 3 });
        Assert.True(ImageQuality.Psnr(reference.Truth, small) > ImageQuality.Psnr(reference.Truth, theirs));
    }

    [Fact]
    public void Total_variation_finds_the_minimum_that_scikit_image_finds()
    {
        var theirs = new Image(FilterReference.Rows, FilterReference.Columns, reference.Picture("tv"));
        var ours = reference.Noisy.Denoise(new TotalVariationFilter { Weight = 0.15, Iterations = 1500 });
        Assert.True(ImageQuality.Rmse(theirs, ours) < 1e-3, $"{ImageQuality.Rmse(theirs, ours):g3}");
        Assert.True(Energy(ours, 0.15) < Energy(theirs, 0.15) * (1 + 1e-6), $"{Energy(ours, 0.15)} against {Energy(theirs, 0.15)}");
    }

    [Fact]
    public void The_default_number_of_steps_is_near_the_minimum()
    {
        var few = reference.Noisy.Denoise(new TotalVariationFilter { Weight = 0.15 });
        var many = reference.Noisy.Denoise(new TotalVariationFilter { Weight = 0.15, Iterations = 3000 });
        Assert.True(ImageQuality.Rmse(many, few) < 0.05 * FilterReference.Sigma, $"{ImageQuality.Rmse(many, few):g3}");
    }

    [Fact]
    public void Noise_is_estimated_as_scipy_reckons_and_near_what_it_is()
    {
        Assert.Equal(reference.Number("median"), NoiseEstimate.Sigma(reference.Noisy), 1e-6);
        Assert.Equal(reference.Number("immerkaer"), NoiseEstimate.Sigma(reference.Noisy, NoiseEstimator.Immerkaer), 1e-6);
        var (truth, noisy) = FilterReference.Scene(200, 200, 0.1);
        Assert.Equal(0.1, NoiseEstimate.Sigma(noisy), 0.004);
        Assert.True(NoiseEstimate.Sigma(truth) < 1e-6);
        Assert.Equal(0.1, NoiseEstimate.Sigma(FilterReference.Scene(1, 8000, 0.1).Noisy), 0.005);
        Assert.Equal(0.1, NoiseEstimate.Sigma(FilterReference.Scene(8000, 2, 0.1).Noisy), 0.005);
        Assert.Equal(0, NoiseEstimate.Sigma(new Image(2, 2, [1, 2, 3, 4])));
    }

    [Fact]
    public void Measures_are_those_of_scikit_image_and_numpy()
    {
        Assert.Equal(reference.Number("psnr"), ImageQuality.Psnr(reference.Truth, reference.Noisy, 2.5), 1e-6);
        Assert.Equal(reference.Number("psnr-own-range"), ImageQuality.Psnr(reference.Truth, reference.Noisy), 1e-6);
        Assert.Equal(reference.Number("ssim"), ImageQuality.Ssim(reference.Truth, reference.Noisy, 2.5), 1e-9);
        Assert.Equal(reference.Number("gaussian-ssim"), ImageQuality.GaussianSsim(reference.Truth, reference.Noisy, 2.5), 1e-9);
        Assert.Equal(reference.Number("range"), ImageQuality.DataRange(reference.Truth, 2, 99), 1e-6);
    }

    [Fact]
    public void Measures_that_mean_nothing_are_refused()
    {
        var flat = new Image(9, 9);
        Assert.Contains("one value", Assert.Throws<ArgumentException>(() => ImageQuality.Psnr(flat, flat)).Message);
        Assert.Throws<ArgumentException>(() => ImageQuality.Psnr(flat, flat, double.NaN));
        Assert.Equal(double.PositiveInfinity, ImageQuality.Psnr(flat, flat, 1));
        Assert.Throws<ArgumentException>(() => ImageQuality.Psnr(flat, new Image(9, 8), 1));
        Assert.Throws<ArgumentException>(() => ImageQuality.GaussianSsim(flat, flat));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageQuality.DataRange(flat, 50, 50));
        flat[3, 3] = float.NaN;
        Assert.True(double.IsNaN(ImageQuality.DataRange(flat)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Less_noise_is_left_and_values_stay_what_they_are(NoiseFilter filter)
    {
        var made = reference.Noisy.Denoise(filter);
        Assert.True(ImageQuality.Rmse(reference.Truth, made) < 0.8 * ImageQuality.Rmse(reference.Truth, reference.Noisy), filter.ToString());
        Assert.Equal(reference.Noisy.Values.ToArray().Average(), made.Values.ToArray().Average(), 0.01);

        // Twice the values are twice the result: nothing hangs on the unit.
        var twice = new Image(made.RowCount, made.ColumnCount, [.. reference.Noisy.Values.ToArray().Select(v => 2 * v)]).Denoise(filter);
        Assert.True(ImageQuality.Rmse(new Image(made.RowCount, made.ColumnCount, [.. made.Values.ToArray().Select(v => 2 * v)]), twice) < 1e-5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Images_stacks_and_volumes_get_the_same_for_any_number_of_threads(NoiseFilter filter)
    {
        var image = reference.Noisy;
        using var stack = new MemoryProjectionStack([0, 90], image.RowCount, image.ColumnCount) { Quantity = Quantity.LineIntegral };
        using var volume = new Volume(2, image.RowCount, image.ColumnCount);
        image.Values.CopyTo(stack.Frame(1));
        image.Values.CopyTo(volume.Slice(1));
        var one = Threads(1, () => image.Denoise(filter).Values.ToArray());
        Assert.Equal(one, Threads(5, () => image.Denoise(filter).Values.ToArray()));
        using var made = stack.Denoise(filter);
        Assert.Equal(one, made.Projection(1).Values.ToArray());
        Assert.Equal(new float[one.Length], made.Projection(0).Values.ToArray());
        Assert.Equal((Quantity.LineIntegral, filter.Name), (made.Quantity, made.Provenance.Steps[^1].Operation));
        using var slices = volume.Denoise(filter);
        Assert.Equal(one, slices.Slice(1).ToArray());
        Assert.Equal(filter.Name, slices.Provenance.Steps[^1].Operation);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Pictures_smaller_than_the_window_keep_a_single_value(NoiseFilter filter)
    {
        foreach (var (rows, columns) in new[] { (1, 1), (1, 9), (9, 1), (2, 3) })
        {
            var made = new Image(rows, columns, [.. Enumerable.Repeat(0.7f, rows * columns)]).Denoise(filter);
            Assert.All(made.Values.ToArray(), v => Assert.Equal(0.7f, v, 1e-6f));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Values_that_are_not_finite_are_refused_where_they_are(NoiseFilter filter)
    {
        var image = new Image(12, 15);
        image[3, 7] = float.NaN;
        Assert.Contains("row 3, column 7", Assert.Throws<ArgumentException>(() => image.Denoise(filter)).Message);
        using var volume = new Volume(2, 12, 15);
        volume[1, 3, 7] = float.PositiveInfinity;
        Assert.Contains("Slice 1 holds", Assert.Throws<ArgumentException>(() => volume.Denoise(filter)).Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Work_can_be_cancelled(NoiseFilter filter)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token });
        using var volume = new Volume(2, 12, 15);
        volume[0, 3, 3] = 1;
        Assert.ThrowsAny<OperationCanceledException>(() => volume.Denoise(filter));
        Assert.ThrowsAny<OperationCanceledException>(() => reference.Noisy.Denoise(filter));
    }

    [Fact]
    public void Parameters_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianFilter { SigmaPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianFilter { SigmaPixels = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MedianFilter { Size = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TotalVariationFilter { Weight = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TotalVariationFilter { Iterations = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonLocalMeansFilter { PatchSize = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonLocalMeansFilter { SearchRadius = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonLocalMeansFilter { Strength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonLocalMeansFilter { NoiseSigma = double.PositiveInfinity });
    }

    private double Energy(Image made, double weight)
    {
        var energy = 0.0;
        for (var y = 0; y < made.RowCount; y++)
        {
            for (var x = 0; x < made.ColumnCount; x++)
            {
                double here = made[y, x];
                var across = x + 1 < made.ColumnCount ? made[y, x + 1] - here : 0;
                var down = y + 1 < made.RowCount ? made[y + 1, x] - here : 0;
                energy += (0.5 * Math.Pow(here - reference.Noisy[y, x], 2)) + (weight * Math.Sqrt((across * across) + (down * down)));
            }
        }

        return energy;
    }

    private static T Threads<T>(int count, Func<T> work)
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = count });
        return work();
    }

    private void AssertClose(string name, NoiseFilter filter, double tolerance)
    {
        var expected = reference.Picture(name);
        var made = reference.Noisy.Denoise(filter).Values;
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i] - made[i]));
        }

        Assert.True(worst <= tolerance, $"{filter}: {worst:g3} away");
    }
}
