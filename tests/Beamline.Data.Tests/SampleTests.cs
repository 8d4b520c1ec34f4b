using System.Security.Cryptography;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Data.Tests;

/// <summary>The committed samples are what the simulator makes, and the simulator's scans hold the truth that they claim.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Names => [.. Samples.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_made_again_is_the_committed_one_bit_for_bit(string name)
    {
        using var folder = new TestFolder();
        Samples.Write(name, folder["again.h5"]);
        var committed = Repository.PathOf("data-samples", name + ".h5");

        using (var again = Hdf5File.Open(folder["again.h5"]))
        using (var before = Hdf5File.Open(committed))
        {
            Assert.Equal(before.Datasets.Select(d => d.ToString()), again.Datasets.Select(d => d.ToString()));
            foreach (var dataset in before.Datasets)
            {
                if (dataset.Shape.Count > 0)
                {
                    Assert.Equal(before.ReadFloats(dataset.Path), again.ReadFloats(dataset.Path));
                }
                else
                {
                    Assert.Equal(before.ReadText(dataset.Path), again.ReadText(dataset.Path));
                }
            }
        }

        // Same counts everywhere; the same bytes where System.IO.Compression has the same deflate, which it has on this runtime.
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(committed)));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["again.h5"]))));
        Assert.Contains(hash, File.ReadAllText(Repository.PathOf("data-samples", "README.md")), StringComparison.Ordinal);
        Assert.True(new FileInfo(committed).Length < 3_000_000);
    }

    [Fact]
    public void The_foam_scan_opens_with_its_truth()
    {
        using var scan = TomographyScan.Open(Repository.PathOf("data-samples", "foam.h5"));

        Assert.Equal((180, 48, 192), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal((10, 10), (scan.Flats!.FrameCount, scan.Darks!.FrameCount));
        Assert.Equal("98.9 pixels", scan.Metadata["/measurement/simulation/rotation_axis_column"]);
        Assert.Equal("0.012", scan.Metadata["/measurement/simulation/attenuation_of_solid_per_pixel"]);
        Assert.Equal(1.5, scan.PixelSize!.Value.Micrometers, 1e-9);
    }

    [Fact]
    public void Normalized_noise_free_counts_give_the_line_integrals()
    {
        using var folder = new TestFolder();
        var phantom = Phantom.SheppLogan(64).Scaled(0.02);
        var options = new AcquisitionOptions
        {
            AngleCount = 12, Rows = 2, Columns = 64, SubRays = 4, Noise = false, Counts = 60000, CenterOffsetPixels = 2.25, FlatCount = 1, DarkCount = 1,
        };
        ScanSimulator.Write(phantom, options, folder["s.h5"]);

        using var scan = TomographyScan.Open(folder["s.h5"]);
        var exact = phantom.AnalyticSinogram(new ParallelGeometry(scan.AnglesDegrees, 64, new RotationAxis(options.AxisColumn)), 4);
        var counts = scan.Frames.Sinogram(1);
        var flat = scan.Flats!.Frame(0);
        var dark = scan.Darks!.Frame(0);
        for (var angle = 0; angle < 12; angle++)
        {
            for (var column = 0; column < 64; column++)
            {
                var transmission = (counts.Row(angle)[column] - dark[1, column]) / (flat[1, column] - dark[1, column]);
                Assert.Equal(exact.Row(angle)[column], -Math.Log(transmission), 0.01);
            }
        }

        Assert.True(flat[1, 32] > 1.1 * flat[1, 0], "the beam is uneven");
        Assert.Equal(options.DarkCounts, dark[0, 0]);
    }

    [Fact]
    public void Noise_is_poisson_of_the_noise_free_counts_and_rings_are_in_projections_only()
    {
        using var folder = new TestFolder();
        var air = new Phantom(96, [new Ellipse(0, 0, 5, 5, 0, 1e-9)]);
        var options = new AcquisitionOptions { AngleCount = 300, Rows = 4, Columns = 96, Counts = 1000, RingColumns = 3, RingStrength = 0.2, FlatCount = 300, Seed = 3 };
        ScanSimulator.Write(air, options, folder["n.h5"]);
        ScanSimulator.Write(air, options with { Noise = false, FlatCount = 1 }, folder["e.h5"]);

        using var noisy = TomographyScan.Open(folder["n.h5"]);
        using var exact = TomographyScan.Open(folder["e.h5"]);
        var mean = new double[96];
        var chi = 0.0;
        var expected = exact.Frames.Projection(0).Row(2).ToArray();
        var flat = exact.Flats!.Frame(0).Row(2).ToArray();
        var counts = noisy.Frames.Sinogram(2);
        for (var i = 0; i < 300; i++)
        {
            for (var c = 0; c < 96; c++)
            {
                var d = counts.Row(i)[c] - expected[c];
                mean[c] += d / 300;
                chi += d * d / expected[c];
            }
        }

        Assert.Equal(1, chi / (300 * 96), 0.05);
        Assert.All(mean, m => Assert.Equal(0, m, 6 * Math.Sqrt(1100 / 300.0)));
        var ratios = Enumerable.Range(0, 96).Select(c => expected[c] / flat[c]).ToArray();
        Assert.InRange(ratios.Count(r => Math.Abs(r - 1) > 0.05), 1, 3);
    }

    [Fact]
    public void Another_seed_gives_other_counts_and_the_same_seed_the_same()
    {
        using var folder = new TestFolder();
        var options = new AcquisitionOptions { AngleCount = 2, Rows = 3, Columns = 16 };
        var phantom = Phantom.SheppLogan(16).Scaled(0.01);
        ScanSimulator.Write(phantom, options, folder["a.h5"]);
        ScanSimulator.Write(phantom, options, folder["b.h5"]);
        ScanSimulator.Write(phantom, options with { Seed = 2 }, folder["c.h5"]);
        Assert.Equal(File.ReadAllBytes(folder["a.h5"]), File.ReadAllBytes(folder["b.h5"]));
        Assert.NotEqual(File.ReadAllBytes(folder["a.h5"]), File.ReadAllBytes(folder["c.h5"]));
    }

    [Fact]
    public void A_cancelled_simulation_leaves_nothing()
    {
        using var folder = new TestFolder();
        using (RunContext.Use(new RunContext { CancellationToken = new CancellationToken(canceled: true) }))
        {
            Assert.Throws<OperationCanceledException>(() => Samples.Write("foam", folder["f.h5"]));
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void An_unknown_sample_lists_the_known()
    {
        var error = Assert.Throws<ArgumentException>(() => Samples.Write("foma", "x.h5"));
        Assert.Contains("Samples are foam, shepp-logan. Did you mean foam?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AcquisitionOptions { Counts = 70000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AcquisitionOptions { AngleCount = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AcquisitionOptions { RangeDegrees = 0 });
        Assert.Throws<ArgumentException>(() => new FoamPhantom(new FoamOptions { LargestRadius = 100 }));
        Assert.Throws<ArgumentException>(() => new Phantom(8, [new Ellipse(0, 0, 0, 1, 0, 1)]));
    }
}
