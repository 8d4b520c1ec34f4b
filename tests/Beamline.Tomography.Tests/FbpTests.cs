using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

public sealed class FbpTests
{
    [Theory]
    [InlineData(FbpFilter.RamLak)]
    [InlineData(FbpFilter.SheppLogan)]
    [InlineData(FbpFilter.Cosine)]
    [InlineData(FbpFilter.Hamming)]
    [InlineData(FbpFilter.Hann)]
    [InlineData(FbpFilter.Parzen)]
    [InlineData(FbpFilter.Butterworth)]
    public void Values_are_quantitative_with_every_filter(FbpFilter filter)
    {
        const int N = 128;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 3, N, (N - 1) / 2.0);
        using var volume = Reconstruction.Fbp(projections, new RotationAxis((N - 1) / 2.0), new FbpOptions { Filter = filter });
        // Flat places: inside the big disc, inside the bright one, inside the faint one, in air.
        Assert.Equal(0.01, Mean(volume.SliceXY(0), 63, 95, 4), 1e-4);
        Assert.Equal(0.03, Mean(volume.SliceXY(0), 63.5 + (0.25 * 64), 63.5 - (0.2 * 64), 4), 2e-4);
        Assert.Equal(0.004, Mean(volume.SliceXY(0), 63.5 - (0.3 * 64), 63.5 + (0.25 * 64), 3), 2e-4);
        Assert.Equal(0.0, Mean(volume.SliceXY(0), 63.5, 4, 3), 1e-4);
        Assert.Equal(Quantity.AttenuationPerPixel, volume.Quantity);
    }

    [Fact]
    public void Pixel_size_gives_attenuation_per_centimeter()
    {
        const int N = 64;
        var axis = new RotationAxis((N - 1) / 2.0);
        using var plain = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90), 1, N, axis.Column);
        using var sized = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90), 1, N, axis.Column, Length.FromMicrometers(10));
        using var a = Reconstruction.Fbp(plain, axis);
        using var b = Reconstruction.Fbp(sized, axis);
        Assert.Equal(Quantity.AttenuationPerCentimeter, b.Quantity);
        Assert.Equal(VoxelSize.Cube(Length.FromMicrometers(10)), b.VoxelSize);
        Assert.Equal(a[0, 32, 32] * 1000, b[0, 32, 32], 1e-3 * Math.Abs(b[0, 32, 32]));
    }

    [Theory]
    [InlineData(40.0)]
    [InlineData(63.5)]
    [InlineData(60.25)]
    [InlineData(80.5)]
    public void An_axis_off_the_middle_gives_the_same_slice(double axis)
    {
        const int N = 128;
        Phantoms.Disc[] small = [new(0.05, 0.1, 0.2, 0.02), new(-0.1, 0, 0.05, 0.01)];
        using var projections = Phantoms.Project(small, Phantoms.Angles(180), 1, N, axis);
        using var volume = Reconstruction.Fbp(projections, new RotationAxis(axis));
        var slice = volume.SliceXY(0);
        double worst = 0;
        for (var y = 0; y < N; y++)
        {
            for (var x = 0; x < N; x++)
            {
                if (FarFromEdges(small, N, x, y))
                {
                    worst = Math.Max(worst, Math.Abs(slice[y, x] - Phantoms.Truth(small, N, x, y)));
                }
            }
        }

        Assert.InRange(worst, 0, 2e-3);
    }

    [Fact]
    public void Uneven_angles_full_turns_and_doubled_ends_are_weighted_right()
    {
        const int N = 96;
        var axis = new RotationAxis((N - 1) / 2.0);
        var random = new Random(7);
        double[][] sets =
        [
            Phantoms.Angles(180),
            Phantoms.Angles(360, 360),
            [.. Enumerable.Range(0, 181).Select(i => (double)i)],
            [.. Enumerable.Range(0, 240).Select(i => (i * 0.75) + (random.NextDouble() * 0.4))],
            [.. Phantoms.Angles(180).Reverse()],
            [.. Phantoms.Angles(180).Select(a => a - 88.2)],
        ];
        foreach (var angles in sets)
        {
            using var projections = Phantoms.Project(Phantoms.Three, angles, 1, N, axis.Column);
            using var volume = Reconstruction.Fbp(projections, axis);
            Assert.Equal(0.01, Mean(volume.SliceXY(0), 47.5, 71, 4), 1.5e-4);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(40)]
    public void Every_row_becomes_its_slice(int rows)
    {
        const int N = 48;
        var axis = new RotationAxis((N - 1) / 2.0);
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), rows, N, axis.Column);
        using var volume = Reconstruction.Fbp(projections, axis);
        Assert.Equal(rows, volume.SliceCount);
        for (var z = 0; z < rows; z++)
        {
            var strength = 1 - (0.25 * z / rows);
            Assert.Equal(0.01 * strength, Mean(volume.SliceXY(z), 23.5, 35, 2), 4e-4 * strength);
        }
    }

    [Fact]
    public void All_back_ends_agree()
    {
        const int N = 32;
        var axis = new RotationAxis(14.3);
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(20), 2, N, axis.Column);
        using var scalar = Reconstruction.Fbp(projections, axis, new FbpOptions { Backend = ProjectorBackend.Scalar });
        using var simd = Reconstruction.Fbp(projections, axis, new FbpOptions { Backend = ProjectorBackend.Simd });
        using var gpu = Reconstruction.Fbp(projections, axis, new FbpOptions { Backend = ProjectorBackend.Ilgpu });
        Assert.InRange(Difference(simd, scalar), 0, 1e-5);
        Assert.InRange(Difference(gpu, scalar), 0, 1e-4);
    }

    [Fact]
    public void Edge_padding_flattens_a_sample_wider_than_the_detector()
    {
        const int N = 128;
        Phantoms.Disc[] wide = [new(0, 0, 1.5, 0.01)];
        var axis = new RotationAxis((N - 1) / 2.0);
        using var projections = Phantoms.Project(wide, Phantoms.Angles(180), 1, N, axis.Column);
        using var zero = Reconstruction.Fbp(projections, axis);
        using var edge = Reconstruction.Fbp(projections, axis, new FbpOptions { Padding = SinogramPadding.Edge });
        double Cupping(Volume v) => Math.Abs(v[0, 64, 124] - v[0, 64, 64]);
        Assert.True(Cupping(edge) < Cupping(zero) / 3, $"edge {Cupping(edge)}, zero {Cupping(zero)}");
    }

    [Fact]
    public void Mask_clears_what_some_projection_does_not_see()
    {
        const int N = 64;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, N, 31.5);
        using var volume = Reconstruction.Fbp(projections, new RotationAxis(31.5), new FbpOptions { MaskOutsideCircle = true });
        Assert.Equal(0, volume[0, 0, 0]);
        Assert.Equal(0, volume[0, 2, 5]);
        Assert.NotEqual(0, volume[0, 32, 1]);
    }

    [Fact]
    public void A_NaN_in_one_row_spoils_no_other_slice_and_is_told()
    {
        const int N = 48;
        var axis = new RotationAxis(23.5);
        using var clean = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 20, N, axis.Column);
        using var spoiled = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 20, N, axis.Column);
        spoiled.Frame(3)[(2 * N) + 11] = float.NaN;
        spoiled.Frame(9)[(2 * N) + 30] = float.PositiveInfinity;
        var warnings = new List<string>();
        using var expected = Reconstruction.Fbp(clean, axis);
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var volume = Reconstruction.Fbp(spoiled, axis);
        for (var z = 0; z < 20; z++)
        {
            // Slices that share an FFT as real and imaginary parts touch each other by rounding only.
            var worst = Enumerable.Range(0, N * N).Max(i => Math.Abs(volume.Slice(z)[i] - expected.Slice(z)[i]));
            Assert.True(z == 2 ? worst > 1e-4 : worst < 1e-7, $"slice {z}: {worst}");
        }

        Assert.Contains(warnings, w => w.StartsWith("2 values", StringComparison.Ordinal));
    }

    [Fact]
    public void One_projection_is_refused()
    {
        using var projections = Phantoms.Project(Phantoms.Three, [0], 1, 32, 15.5);
        var error = Assert.Throws<ArgumentException>(() => Reconstruction.Fbp(projections, new RotationAxis(15.5)));
        Assert.Contains("only one projection", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(32.0)]
    [InlineData(double.NaN)]
    public void An_axis_outside_the_detector_is_refused(double column)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(10), 1, 32, 15.5);
        var error = Assert.Throws<ArgumentException>(() => Reconstruction.Fbp(projections, new RotationAxis(column)));
        Assert.Contains("columns 0 to 31", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Intensities_are_warned_about()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var counts = new MemoryProjectionStack([0, 90], 1, 16) { Quantity = Quantity.Counts };
        using var volume = Reconstruction.Fbp(counts, new RotationAxis(7.5));
        Assert.Contains(warnings, w => w.Contains("MinusLog", StringComparison.Ordinal));
    }

    private static double Mean(Image image, double x, double y, int half)
    {
        double sum = 0;
        for (var dy = -half; dy <= half; dy++)
        {
            for (var dx = -half; dx <= half; dx++)
            {
                sum += image[(int)Math.Round(y) + dy, (int)Math.Round(x) + dx];
            }
        }

        return sum / ((2 * half) + 1) / ((2 * half) + 1);
    }

    private static bool FarFromEdges(Phantoms.Disc[] discs, int size, double x, double y)
    {
        var middle = (size - 1) / 2.0;
        var half = size / 2.0;
        // In the disc of radius 0.35 all axes of the theory see everything.
        return Math.Sqrt(Math.Pow(x - middle, 2) + Math.Pow(y - middle, 2)) < 0.35 * size && discs.All(d =>
            Math.Abs(Math.Sqrt(Math.Pow(x - middle - (d.X * half), 2) + Math.Pow(y - middle - (d.Y * half), 2)) - (d.Radius * half)) > 3);
    }

    private static double Difference(Volume a, Volume b)
    {
        double difference = 0, norm = 0;
        for (var z = 0; z < a.SliceCount; z++)
        {
            var x = a.Slice(z);
            var y = b.Slice(z);
            for (var i = 0; i < x.Length; i++)
            {
                difference += Math.Pow(x[i] - y[i], 2);
                norm += Math.Pow(y[i], 2);
            }
        }

        return Math.Sqrt(difference / norm);
    }
}
