using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Tests.Preprocessing;

public sealed class FlatVariantTests : IDisposable
{
    private const int Angles = 12, Rows = 6, Columns = 40;
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-flats").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Interpolated_flats_follow_a_beam_that_drifts()
    {
        // The beam's profile moves in a straight line from that of the flats before to that of the flats after.
        using var scan = Scan((a, y, x) => Beam(0, y, x) + ((a + 1) / (Angles + 1.0) * (Beam(1, y, x) - Beam(0, y, x))), f => f < 2 ? 0 : 1, 4);
        Check(scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Interpolated }), 2e-3);
        Assert.True(WorstAir(scan.Normalize()) > 0.05);
        // The same with the positions given, in another unit of the same line.
        Check(scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Interpolated, FlatPositions = [-1, -1, Angles, Angles] }), 2e-3);
        var error = Assert.Throws<ArgumentException>(() => scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Interpolated, FlatPositions = [0, 1] }));
        Assert.Contains("4 flats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weighted_flats_follow_a_beam_that_jumps_and_changes_its_strength()
    {
        var random = new Random(5);
        double[] share = [.. Enumerable.Range(0, Angles).Select(_ => random.NextDouble())];
        double[] strength = [.. Enumerable.Range(0, Angles).Select(_ => 0.8 + (0.4 * random.NextDouble()))];
        using var scan = Scan((a, y, x) => strength[a] * (Beam(0, y, x) + (share[a] * (Beam(1, y, x) - Beam(0, y, x)))), f => f % 2, 6);
        var weighted = scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Weighted, AirColumnsLeft = 6, AirColumnsRight = 6 });
        Check(weighted, 4e-3);
        Assert.True(WorstAir(scan.Normalize()) > 0.1);
        Assert.Contains("weighted of 6", weighted.Provenance.ToString(), StringComparison.Ordinal);
        // Rows read by themselves are the same.
        Assert.Equal(weighted.Projection(4).Row(3).ToArray(), weighted.Sinogram(3).Row(4).ToArray());
        Assert.Throws<ArgumentException>(() => scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Weighted, AirColumnsLeft = 0, AirColumnsRight = 0 }));
        Assert.Throws<ArgumentException>(() => scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Weighted, AirColumnsLeft = 30, AirColumnsRight = 30 }));
    }

    [Fact]
    public void The_median_ignores_a_lost_flat()
    {
        using var scan = Scan((_, y, x) => Beam(0, y, x), _ => 0, 5, lostFlat: 3);
        Check(scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Median }), 2e-3);
        Assert.True(WorstAir(scan.Normalize()) > 0.1);
    }

    [Fact]
    public void One_flat_serves_all_with_a_warning()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var scan = Scan((_, y, x) => Beam(0, y, x), _ => 0, 1);
        Check(scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Interpolated }), 2e-3);
        Assert.Contains(warnings, w => w.Contains("only one flat", StringComparison.Ordinal));
    }

    [Fact]
    public void A_saturated_camera_is_said()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var scan = Scan((a, _, x) => a == Angles / 2 ? 70000 : 30000, _ => 0, 2, flatValue: 30000);
        _ = scan.Normalize();
        var warning = Assert.Single(warnings, w => w.Contains("saturated", StringComparison.Ordinal));
        Assert.Contains($"projection {Angles / 2}", warning, StringComparison.Ordinal);
        Assert.Contains("65535", warning, StringComparison.Ordinal);
        Assert.Null(Saturation.Ceiling(ElementType.Float32));
        Assert.Equal(255, Saturation.Ceiling(ElementType.UInt8));
    }

    private static double Beam(int which, int y, int x) => which == 0
        ? 20000 + (200 * x) + (100 * y)
        : 22000 + (3000 * Math.Sin(x / 5.0)) - (80 * y);

    private static double Truth(int x) => x is >= 10 and < 30 ? 0.6 : 1;

    private static void Check(ProjectionStack transmission, double tolerance)
    {
        for (var a = 0; a < Angles; a++)
        {
            var image = transmission.Projection(a);
            for (var i = 0; i < Rows * Columns; i++)
            {
                Assert.Equal(Truth(i % Columns), image.Values[i], tolerance);
            }
        }
    }

    private static double WorstAir(ProjectionStack transmission) =>
        Enumerable.Range(0, Angles).Max(a => Enumerable.Range(0, 5).Max(x => Math.Abs(transmission.Projection(a)[2, x] - 1)));

    /// <summary>A uint16 TIFF scan: projections of a slab of material in a beam, flats of one of two beams, a dark of 100.</summary>
    private TomographyScan Scan(Func<int, int, int, double> beam, Func<int, int> flatBeam, int flats, int lostFlat = -1, double? flatValue = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        Write("data", Angles, (a, y, x) => 100 + (beam(a, y, x) * (beam(a, y, x) > 65535 ? 1 : Truth(x))));
        Write("flat", flats, (f, y, x) => f == lostFlat ? 101 : 100 + (flatValue ?? Beam(flatBeam(f), y, x)));
        Write("dark", 1, (_, _, _) => 100);
        return TomographyScan.Open(Path.Combine(folder, "data.tif"), new ScanOptions
        {
            AngleRange = new AngleRange(0, 15), FlatFiles = Path.Combine(folder, "flat.tif"), DarkFiles = Path.Combine(folder, "dark.tif"),
        });

        void Write(string name, int count, Func<int, int, int, double> value)
        {
            using var tiff = BitMiracle.LibTiff.Classic.Tiff.Open(Path.Combine(folder, name + ".tif"), "w");
            for (var f = 0; f < count; f++)
            {
                tiff.SetField(BitMiracle.LibTiff.Classic.TiffTag.IMAGEWIDTH, Columns);
                tiff.SetField(BitMiracle.LibTiff.Classic.TiffTag.IMAGELENGTH, Rows);
                tiff.SetField(BitMiracle.LibTiff.Classic.TiffTag.BITSPERSAMPLE, 16);
                tiff.SetField(BitMiracle.LibTiff.Classic.TiffTag.SAMPLESPERPIXEL, 1);
                tiff.SetField(BitMiracle.LibTiff.Classic.TiffTag.ROWSPERSTRIP, Rows);
                for (var y = 0; y < Rows; y++)
                {
                    var line = new byte[2 * Columns];
                    for (var x = 0; x < Columns; x++)
                    {
                        BitConverter.TryWriteBytes(line.AsSpan(2 * x), (ushort)Math.Min(Math.Round(value(f, y, x)), 65535));
                    }

                    tiff.WriteScanline(line, y);
                }

                tiff.WriteDirectory();
            }
        }
    }
}
