using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>How the Fourier and log-polar methods run: threads, slabs, bad input.</summary>
public sealed class AnalyticRunTests
{
    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void Any_number_of_threads_gives_the_same_bits(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(45), 35, 50, 23.8);
        Volume Make(int threads)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
            return Methods.Run(method, projections, 23.8);
        }

        using var one = Make(1);
        foreach (var threads in new[] { 2, 5 })
        {
            using var many = Make(threads);
            for (var z = 0; z < 35; z++)
            {
                Assert.True(one.Slice(z).SequenceEqual(many.Slice(z)), $"{threads} threads, slice {z}");
            }
        }
    }

    [Theory]
    [InlineData("fourier", 1), InlineData("fourier", 17), InlineData("fourier", 40), InlineData("log-polar", 1), InlineData("log-polar", 40)]
    public void Every_row_becomes_its_slice(string method, int rows)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), rows, 48, 23.5);
        using var volume = Methods.Run(method, projections, 23.5);
        Assert.Equal(rows, volume.SliceCount);
        for (var z = 0; z < rows; z++)
        {
            var strength = 1 - (0.25 * z / rows);
            Assert.Equal(0.01 * strength, Methods.Mean(volume, z, 23.5, 35, 2), 4e-4 * strength);
        }
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void A_NaN_spoils_no_other_slice_and_is_told(string method)
    {
        using var clean = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 20, 48, 23.5);
        using var spoiled = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 20, 48, 23.5);
        spoiled.Frame(3)[(2 * 48) + 11] = float.NaN;
        var warnings = new List<string>();
        using var expected = Methods.Run(method, clean, 23.5);
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var volume = Methods.Run(method, spoiled, 23.5);
        for (var z = 0; z < 20; z++)
        {
            var worst = Enumerable.Range(0, 48 * 48).Max(i => Math.Abs(volume.Slice(z)[i] - expected.Slice(z)[i]));
            Assert.True(z == 2 ? worst > 1e-4 : worst < 1e-7, $"slice {z}: {worst}");
        }

        Assert.Contains(warnings, w => w.StartsWith("1 values", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void One_projection_and_an_axis_outside_are_refused(string method)
    {
        using var one = Phantoms.Project(Phantoms.Three, [0], 1, 32, 15.5);
        using var two = Phantoms.Project(Phantoms.Three, Phantoms.Angles(20), 1, 32, 15.5);
        Assert.Contains("only one projection", Assert.Throws<ArgumentException>(() => Methods.Run(method, one, 15.5)).Message, StringComparison.Ordinal);
        Assert.Contains("columns 0 to 31", Assert.Throws<ArgumentException>(() => Methods.Run(method, two, 32)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void A_GPU_by_name_is_refused_and_one_of_the_context_is_told(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(20), 1, 32, 15.5);
        var error = Assert.Throws<ArgumentException>(() => Methods.Run(method, projections, 15.5, o => o with { Device = Device.Cuda() }));
        Assert.Contains("CPU only", error.Message, StringComparison.Ordinal);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Device = Device.Cuda(), Warning = warnings.Add });
        using var volume = Methods.Run(method, projections, 15.5);
        Assert.Contains(warnings, w => w.Contains("runs on the CPU, not on cuda:0", StringComparison.Ordinal));
    }

    [Fact]
    public void Angles_in_radians_are_told()
    {
        double[] radians = [.. Phantoms.Angles(40).Select(a => a * Math.PI / 180)];
        using var projections = Phantoms.Project(Phantoms.Three, radians, 1, 32, 15.5);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var volume = Methods.Run("fourier", projections, 15.5);
        Assert.Contains(warnings, w => w.Contains("180 / pi", StringComparison.Ordinal));
        var error = Assert.Throws<ArgumentException>(() => Methods.Run("log-polar", projections, 15.5));
        Assert.Contains("180 / pi", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new double[] { 0, 10, 20, 31, 40 }, "projection 3 is at 31 degrees")]
    [InlineData(new double[] { 5, 5, 5 }, "All 3 projections are at 5 degrees")]
    [InlineData(new double[] { 0, 90, 180 }, "steps of at most 60 degrees")]
    public void Log_polar_refuses_angles_that_it_cannot_use(double[] angles, string message)
    {
        using var projections = Phantoms.Project(Phantoms.Three, angles, 1, 32, 15.5);
        var error = Assert.Throws<ArgumentException>(() => Methods.Run("log-polar", projections, 15.5));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Reconstruction.PlanLogPolar(projections)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_when_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierOptions { KernelWidth = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierOptions { KernelWidth = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierOptions { Oversampling = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierOptions { Oversampling = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogPolarOptions { Wedges = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogPolarOptions { Oversampling = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierOptions { Cutoff = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogPolarOptions { ImageSize = 0 });
    }

    [Fact]
    public void The_smallest_inputs_work()
    {
        foreach (var (columns, angles) in new[] { (1, 2), (2, 3), (3, 4), (5, 180) })
        {
            using var projections = new MemoryProjectionStack(Phantoms.Angles(angles, 60), 1, columns);
            foreach (var frame in Enumerable.Range(0, angles))
            {
                projections.Frame(frame).Fill(1);
            }

            foreach (var method in new[] { "fourier", "log-polar" })
            {
                using var volume = Methods.Run(method, projections, (columns - 1) / 2.0);
                Assert.All(volume.Slice(0).ToArray(), v => Assert.True(float.IsFinite(v), $"{method}, {columns} columns, {angles} angles"));
            }
        }
    }
}
