using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>What all analytic methods must get right: values, coordinates, weights.</summary>
public sealed class AnalyticValueTests
{
    public static TheoryData<string, FbpFilter> MethodsAndFilters()
    {
        var data = new TheoryData<string, FbpFilter>();
        foreach (var method in new[] { "fbp", "fourier", "log-polar" })
        {
            foreach (var filter in Enum.GetValues<FbpFilter>().Where(f => f != FbpFilter.None))
            {
                data.Add(method, filter);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(MethodsAndFilters))]
    public void A_uniform_disc_reads_its_attenuation_within_half_a_percent(string method, FbpFilter filter)
    {
        const int N = 128;
        Phantoms.Disc[] disc = [new(0, 0, 0.7, 0.01)];
        using var projections = Phantoms.Project(disc, Phantoms.Angles(180), 1, N, 63.5, Length.FromMicrometers(10));
        using var volume = Methods.Run(method, projections, 63.5, o => o with { Filter = filter });
        Assert.Equal(Quantity.AttenuationPerCentimeter, volume.Quantity);
        Assert.Equal(10, Methods.Mean(volume, 0, 63.5, 63.5, 4), 0.05);
        Assert.Equal(10, Methods.Mean(volume, 0, 63.5, 93, 2), 0.05);
        Assert.Equal(0, Methods.Mean(volume, 0, 63.5, 7, 3), 0.05);
    }

    [Theory]
    [InlineData("fourier", 1.0)]
    [InlineData("log-polar", 1.03)]
    public void The_slice_is_as_near_to_the_phantom_as_that_of_FBP(string method, double times)
    {
        const int N = 192;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(240), 1, N, 95.5);
        using var fbp = Methods.Run("fbp", projections, 95.5);
        using var volume = Methods.Run(method, projections, 95.5);
        double Error(Volume v) => Methods.Rms(v, (_, y, x) => Methods.Pixel(Phantoms.Three, N, x, y), 0.95);
        Assert.InRange(Error(volume), 0, times * Error(fbp));
    }

    [Theory]
    [InlineData("fourier", 40.0), InlineData("fourier", 60.25), InlineData("fourier", 80.5)]
    [InlineData("log-polar", 40.0), InlineData("log-polar", 60.25), InlineData("log-polar", 80.5)]
    public void An_axis_off_the_middle_gives_the_same_slice(string method, double axis)
    {
        const int N = 128;
        Phantoms.Disc[] small = [new(0.05, 0.1, 0.2, 0.02), new(-0.1, 0, 0.05, 0.01)];
        using var projections = Phantoms.Project(small, Phantoms.Angles(180), 1, N, axis);
        using var centered = Phantoms.Project(small, Phantoms.Angles(180), 1, N, 63.5);
        using var volume = Methods.Run(method, projections, axis);
        using var expected = Methods.Run(method, centered, 63.5);
        // Bins cut the edges elsewhere, so that the two are not quite the same data.
        Assert.InRange(Methods.Rms(volume, (_, y, x) => expected[0, y, x], 0.5), 0, 5e-4);
        Assert.InRange(Methods.Rms(volume, (_, y, x) => Methods.Pixel(small, N, x, y), 0.5), 0, 1.2e-3);
    }

    [Theory]
    [InlineData("fourier", 75), InlineData("fourier", 100), InlineData("fourier", 121), InlineData("log-polar", 75), InlineData("log-polar", 100)]
    public void Widths_that_are_no_power_of_two(string method, int n)
    {
        var axis = ((n - 1) / 2.0) + 0.3;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(150), 1, n, axis);
        using var fbp = Methods.Run("fbp", projections, axis);
        using var volume = Methods.Run(method, projections, axis);
        double Error(Volume v) => Methods.Rms(v, (_, y, x) => Methods.Pixel(Phantoms.Three, n, x, y), 0.95);
        Assert.InRange(Error(volume), 0, 1.03 * Error(fbp));
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void The_size_of_the_image_cuts_and_does_not_scale(string method)
    {
        const int N = 96;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(120), 1, N, 47.5);
        using var whole = Methods.Run(method, projections, 47.5);
        foreach (var size in new[] { 40, 140 })
        {
            using var cut = Methods.Run(method, projections, 47.5, o => o with { ImageSize = size });
            Assert.Equal(size, cut.ColumnCount);
            var offset = (N - size) / 2;
            // Splines on another grid, and a coarser grid around fewer pixels, differ a little.
            var difference = Methods.Rms(
                cut, (_, y, x) => y + offset is >= 0 and < N && x + offset is >= 0 and < N ? whole[0, y + offset, x + offset] : 0, 0.95 * Math.Min(1, (double)N / size));
            Assert.InRange(difference, 0, method == "fourier" ? 1e-5 : 2e-4);
        }

        // An odd size lies half a pixel off an even one: its own phantom says where.
        using var odd = Methods.Run(method, projections, 47.5, o => o with { ImageSize = 95 });
        var error = Methods.Rms(odd, (_, y, x) => Pixel(x - 47, y - 47), 0.9);
        var even = Methods.Rms(whole, (_, y, x) => Pixel(x - 47.5, y - 47.5), 0.9);
        Assert.InRange(error, 0, 1.1 * even);

        static double Pixel(double x, double y) => Enumerable.Range(0, 16).Average(i =>
            Phantoms.Truth(Phantoms.Three, N, 47.5 + x + (((i % 4) + 0.5) / 4) - 0.5, 47.5 + y + (((i / 4) + 0.5) / 4) - 0.5));
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void Full_turns_doubled_ends_and_any_order_are_weighted_right(string method)
    {
        const int N = 96;
        double[][] sets =
        [
            Phantoms.Angles(180), Phantoms.Angles(360, 360), [.. Enumerable.Range(0, 181).Select(i => (double)i)],
            [.. Phantoms.Angles(180).Reverse()], [.. Phantoms.Angles(180).Select(a => a - 88.2)], Phantoms.Angles(7), Phantoms.Angles(61),
        ];
        foreach (var angles in sets)
        {
            using var projections = Phantoms.Project(Phantoms.Three, angles, 1, N, 47.5);
            using var volume = Methods.Run(method, projections, 47.5);
            using var fbp = Methods.Run("fbp", projections, 47.5);
            Assert.Equal(Methods.Mean(fbp, 0, 47.5, 71, 4), Methods.Mean(volume, 0, 47.5, 71, 4), 1e-4);
            Assert.Equal(0.01, Methods.Mean(volume, 0, 47.5, 71, 4), angles.Length < 60 ? 3e-3 : 1.5e-4);
        }
    }

    [Fact]
    public void Fourier_weights_uneven_angles_as_FBP_does()
    {
        const int N = 96;
        var random = new Random(7);
        double[] angles = [.. Enumerable.Range(0, 240).Select(i => (i * 0.75) + (random.NextDouble() * 0.4)).OrderBy(_ => random.Next())];
        using var projections = Phantoms.Project(Phantoms.Three, angles, 1, N, 47.5);
        using var volume = Methods.Run("fourier", projections, 47.5);
        Assert.Equal(0.01, Methods.Mean(volume, 0, 47.5, 71, 4), 1.5e-4);
        using var fbp = Methods.Run("fbp", projections, 47.5, o => o with { Filter = FbpFilter.Hann });
        using var smooth = Methods.Run("fourier", projections, 47.5, o => o with { Filter = FbpFilter.Hann });
        Assert.InRange(Methods.Rms(smooth, (_, y, x) => fbp[0, y, x], 0.95), 0, 3e-4);
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void A_big_disc_near_the_edge_does_not_come_out_on_the_other_side(string method)
    {
        const int N = 128;
        Phantoms.Disc[] big = [new(0.4, 0.1, 0.55, 0.01)];
        using var projections = Phantoms.Project(big, Phantoms.Angles(200), 1, N, 63.5);
        using var volume = Methods.Run(method, projections, 63.5);
        Assert.Equal(0.01, Methods.Mean(volume, 0, 63.5 + (0.4 * 64), 63.5 + (0.1 * 64), 4), 5e-5);
        // Air across from it and above, within the circle that all projections see.
        Assert.Equal(0, Methods.Mean(volume, 0, 10, 63.5, 3), 1e-4);
        Assert.Equal(0, Methods.Mean(volume, 0, 63.5, 10, 3), 1e-4);
        if (method == "fourier")
        {
            // A picture twice as wide shows where a periodic image would begin anew.
            using var wide = Methods.Run(method, projections, 63.5, o => o with { ImageSize = 3 * N });
            foreach (var (x, y) in new[] { (8, 8), (8, 3 * N / 2), (3 * N / 2, 8), ((3 * N) - 9, 3 * N / 2), ((3 * N) - 9, (3 * N) - 9) })
            {
                Assert.Equal(0, Methods.Mean(wide, 0, x, y, 4), 3e-4);
            }
        }
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void The_mask_clears_what_some_projection_does_not_see(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, 64, 28);
        using var volume = Methods.Run(method, projections, 28, o => o with { MaskOutsideCircle = true });
        Assert.Equal(0, volume[0, 0, 0]);
        Assert.Equal(0, volume[0, 32, 2]);
        Assert.NotEqual(0, volume[0, 32, 5]);
    }
}
