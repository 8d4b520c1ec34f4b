using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Tests;

public sealed class NormalizeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-normalize").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Noise_free_scans_give_back_the_line_integrals()
    {
        var path = Path.Combine(_folder, "scan.h5");
        var acquisition = new AcquisitionOptions
        {
            AngleCount = 20, Rows = 3, Columns = 64, Noise = false, Counts = 60000, Unevenness = 0.3, SubRays = 4,
        };
        var phantom = Phantom.SheppLogan(64).Scaled(0.02);
        ScanSimulator.Write(phantom, acquisition, path);
        using var scan = TomographyScan.Open(path);
        var projections = scan.Normalize().MinusLog();
        var expected = phantom.AnalyticSinogram(new ParallelGeometry(scan.AnglesDegrees, 64, new RotationAxis(acquisition.AxisColumn)), 4);
        var sinogram = projections.Sinogram(1);
        for (var a = 0; a < 20; a++)
        {
            for (var d = 0; d < 64; d++)
            {
                // A detector averages intensities over a pixel, the phantom averages line integrals: they differ at edges.
                Assert.Equal(expected.Row(a)[d], sinogram.Row(a)[d], 5e-3);
            }
        }

        Assert.Equal(Quantity.LineIntegral, projections.Quantity);
        Assert.Contains("normalize", projections.Provenance.ToString(), StringComparison.Ordinal);
        Assert.Contains("minus-log", projections.Provenance.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_equals_the_same_part_of_the_whole()
    {
        using var whole = Lazy().Materialize();
        var lazy = Lazy();
        var block = new float[3 * 2 * 8];
        lazy.Read(new StackRegion(1, 3, 1, 2), block);
        for (var a = 0; a < 3; a++)
        {
            Assert.Equal(whole.Frame(a + 1)[8..24].ToArray(), block[(a * 16)..((a + 1) * 16)]);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    public void Flats_that_are_dark_or_not_numbers_are_refused(float value)
    {
        var flat = Enumerable.Repeat(value, 64).ToArray();
        var error = Assert.Throws<InvalidDataException>(() => FlatField.Create(8, 8, flat, new float[64]));
        Assert.Contains("64 of 64 pixels", error.Message, StringComparison.Ordinal);
        Assert.Contains("shutter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exchanged_flats_and_darks_are_recognized()
    {
        var bright = Enumerable.Repeat(1000f, 64).ToArray();
        var dim = Enumerable.Repeat(10f, 64).ToArray();
        var error = Assert.Throws<InvalidDataException>(() => FlatField.Create(8, 8, dim, bright));
        Assert.Contains("exchanged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_bad_pixels_take_the_value_between_their_neighbors()
    {
        var flat = Enumerable.Repeat(100f, 200).ToArray();
        flat[3] = 0;
        flat[4] = float.NaN;
        flat[10] = 0;
        flat[19] = 0;
        var field = FlatField.Create(20, 10, flat, new float[200]);
        Assert.Equal(4, field.BadPixelCount);
        var values = Enumerable.Range(0, 20).Select(i => i * 10f).ToArray();
        field.Apply(values, 0, 2);
        Assert.Equal(0.2 + (0.3 / 3), values[3], 1e-6);
        Assert.Equal(0.2 + (2 * 0.3 / 3), values[4], 1e-6);
        Assert.Equal(1.1, values[10], 1e-6);
        Assert.Equal(1.8, values[19], 1e-6);
    }

    [Fact]
    public void A_row_without_any_light_becomes_air()
    {
        var flat = Enumerable.Repeat(100f, 1000).ToArray();
        flat.AsSpan(500, 10).Clear();
        var field = FlatField.Create(100, 10, flat, new float[1000]);
        var values = new float[10];
        field.Apply(values, 50, 1);
        Assert.All(values, v => Assert.Equal(1, v));
    }

    [Fact]
    public void Zero_and_negative_transmissions_count_as_the_floor_with_one_warning()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var transmission = new MemoryProjectionStack([0, 1], 1, 11) { Quantity = Quantity.Transmission };
        float[] values = [1, 0.5f, 0, -3, 1e-9f, 1, 1, 1, 1, 0, MathF.Exp(-1)];
        values.CopyTo(transmission.Frame(0));
        values.CopyTo(transmission.Frame(1));
        var line = transmission.MinusLog(new MinusLogOptions { Floor = 1e-3 });
        var read = line.Projection(0).Values.ToArray();
        line.Projection(1);
        var floor = -Math.Log(1e-3);
        double[] expected = [0, Math.Log(2), floor, floor, floor, 0, 0, 0, 0, floor, 1];
        Assert.All(expected.Zip(read), p => Assert.Equal(p.First, p.Second, 1e-6));
        Assert.Single(warnings);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_floor_out_of_range_is_refused(double floor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MinusLogOptions { Floor = floor });

    [Fact]
    public void A_scan_without_flats_is_refused_with_a_way_out()
    {
        var path = Path.Combine(_folder, "bare.npy");
        using (var volume = new Volume(4, 3, 8))
        {
            volume.Save(path);
        }

        using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 45) });
        var error = Assert.Throws<InvalidDataException>(() => scan.Normalize());
        Assert.Contains("no flat frames", error.Message, StringComparison.Ordinal);
        Assert.Contains("FlatFiles", error.Message, StringComparison.Ordinal);
    }

    private static NormalizedStack Lazy()
    {
        var random = new Random(5);
        var frames = new MemoryProjectionStack([0, 10, 20, 30, 40], 3, 8) { Quantity = Quantity.Counts };
        for (var i = 0; i < frames.Memory.Length; i++)
        {
            frames.Memory.Span(i, 1)[0] = random.Next(100, 1000);
        }

        float[] flat = [.. Enumerable.Range(0, 24).Select(i => 1000f + i)];
        float[] dark = [.. Enumerable.Range(0, 24).Select(i => 10f + i)];
        return new NormalizedStack(frames, FlatField.Create(3, 8, flat, dark), Provenance.None);
    }
}
