using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Remote.Tests;

/// <summary>The types of imaging arrive with all that they know, bit by bit.</summary>
[Collection("BEAMLINE_HOME")]
public sealed class BeamlineTypeTests : IDisposable
{
    private readonly Journey _journey = new();
    private readonly Random _random = new(3);

    public void Dispose() => _journey.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Volumes(bool map)
    {
        using var volume = new Volume(3, 5, 7)
        {
            VoxelSize = new VoxelSize(new Length(1e-6), new Length(2e-6), new Length(0.1)),
            Quantity = Quantity.AttenuationPerCentimeter,
            Provenance = Provenance.None.Then("open", ("path", "a.h5")).Then("fbp", ("filter", "ramp"), ("size", "7")),
            Timing = new RunTiming(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), [new StepTiming("filter", null, TimeSpan.FromTicks(7))]),
        };
        Fill(volume.Memory.Span(0, 105));
        using var sent = _journey.Send(volume, new DecodeOptions { Map = map })!;
        Assert.Equal(map ? MemoryKind.Mapped : MemoryKind.Native, sent.Memory.Kind);
        Assert.Equal((3, 5, 7), (sent.SliceCount, sent.RowCount, sent.ColumnCount));
        AssertBits(volume.Memory.Span(0, 105), sent.Memory.Span(0, 105));
        Assert.Equal((volume.VoxelSize, volume.Quantity, volume.Provenance.ToString(), volume.Timing?.ToString()), (sent.VoxelSize, sent.Quantity, sent.Provenance.ToString(), sent.Timing?.ToString()));
        Assert.Equal("7", sent.Provenance.Steps[1].Parameters["size"]);

        using var bare = _journey.Send(new Volume(1, 1, 1));
        Assert.Equal((null, default(Quantity), null), (bare!.VoxelSize, bare.Quantity, bare.Timing));
    }

    [Fact]
    public void A_mapped_volume_may_be_written_to_and_its_file_stays()
    {
        using var volume = new Volume(2, 64, 64);
        var packed = _journey.Pack(volume);
        using (var sent = (Volume)_journey.Unpack(packed, typeof(Volume), new DecodeOptions { Map = true })!)
        {
            sent[1, 2, 3] = 5;
            // What gives pages back to the system must not give back what was written.
            sent.Memory.ReleasePages();
            sent.Memory.Evict(0, sent.Memory.Length);
            sent.Memory.ScatteredReads().Dispose();
            Assert.Equal(5, sent[1, 2, 3]);
        }

        using var again = (Volume)_journey.Unpack(packed, typeof(Volume))!;
        Assert.Equal(0, again[1, 2, 3]);
    }

    [Fact]
    public void Stacks_in_memory_and_lazy_ones()
    {
        using var stack = new MemoryProjectionStack([0, 0.1, 45.000000000000007, 180], 3, 5)
        {
            PixelSize = Length.FromMicrometers(0.65), Quantity = Quantity.Transmission, Provenance = Provenance.None.Then("x"),
        };
        Fill(stack.Memory.Span(0, 60));
        foreach (var given in (ProjectionStack[])[stack, new Doubled(stack)])
        {
            using var sent = (ProjectionStack)_journey.Send(given, typeof(ProjectionStack))!;
            var (expected, found) = (new float[60], new float[60]);
            given.Read(new StackRegion(0, 4, 0, 3), expected);
            sent.Read(new StackRegion(0, 4, 0, 3), found);
            AssertBits(expected, found);
            Same.Check(given.AnglesDegrees.ToArray(), sent.AnglesDegrees.ToArray());
            Assert.Equal((given.PixelSize, given.Quantity, given.Provenance.ToString(), false), (sent.PixelSize, sent.Quantity, sent.Provenance.ToString(), sent.IsLazy));
        }

        using var mapped = (ProjectionStack)_journey.Unpack(_journey.Pack<ProjectionStack>(stack), typeof(ProjectionStack), new DecodeOptions { Map = true })!;
        AssertBits(stack.Memory.Span(0, 60), ((MemoryProjectionStack)mapped).Memory.Span(0, 60));
        Assert.Contains("declare the variable as ProjectionStack", Assert.Throws<EndpointException>(() => _journey.Unpack(_journey.Pack<object>(new Doubled(stack)), typeof(Doubled))).Message);
    }

    [Fact]
    public void A_lazy_stack_is_computed_once_also_when_nobody_takes_it_at_once()
    {
        using var home = new TemporaryFolder();
        var before = Environment.GetEnvironmentVariable("BEAMLINE_HOME");
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", home.Path);
        try
        {
            using var stack = new MemoryProjectionStack([.. Enumerable.Range(0, 40).Select(i => (double)i)], 300, 500);
            var lazy = new Doubled(stack);
            var encoded = _journey.Codecs.Encode("p", "ProjectionStack", typeof(ProjectionStack), lazy);
            _journey.Store.Add(encoded.Arrays[0]);
            Assert.Equal(40 * 300, lazy.RowsRead);
            using var sent = (ProjectionStack)_journey.Unpack(encoded.Value, typeof(ProjectionStack))!;
            Assert.Equal(40, sent.AngleCount);
            ((IDisposable)encoded.Arrays[0]).Dispose();
            Assert.Empty(Directory.GetFiles(home.File("spool")));
        }
        finally
        {
            Environment.SetEnvironmentVariable("BEAMLINE_HOME", before);
        }
    }

    [Fact]
    public void A_stack_whose_source_has_blocks_is_read_block_by_block()
    {
        using var stack = new MemoryProjectionStack([.. Enumerable.Range(0, 30).Select(i => (double)i)], 64, 4096);
        var lazy = new Doubled(stack, blockAngles: 8);
        _journey.Pack<ProjectionStack>(lazy);
        Assert.All(lazy.Regions, r => Assert.True(r.AngleStart % 8 == 0 && (r.AngleCount % 8 == 0 || r.AngleEnd == 30)));
    }

    [Fact]
    public void Sinograms_and_images()
    {
        var sinogram = new Sinogram([0, 1.1, 2.2], 40, new float[120]) { Quantity = Quantity.LineIntegral, PixelSize = new Length(1e-7), DetectorRow = 5 };
        Fill(sinogram.Values);
        var sent = _journey.Send(sinogram)!;
        AssertBits(sinogram.Values, sent.Values);
        Assert.Equal((sinogram.Quantity, sinogram.PixelSize, 5, 40), (sent.Quantity, sent.PixelSize, sent.DetectorRow, sent.ColumnCount));
        Same.Check(sinogram.AnglesDegrees.ToArray(), sent.AnglesDegrees.ToArray());

        var image = new Image(300, 500) { Title = "slice \"3\"", Quantity = Quantity.Counts, PixelSizeX = new Length(1), PixelSizeY = null };
        Fill(image.Values);
        var other = _journey.Send(image)!;
        AssertBits(image.Values, other.Values);
        Assert.Equal((image.Title, image.Quantity, image.PixelSizeX, image.PixelSizeY, 300), (other.Title, other.Quantity, other.PixelSizeX, other.PixelSizeY, other.RowCount));

        var wave = new ComplexImage(301, 503) { Title = "wave", PixelSizeY = new Length(2) };
        Fill(wave.Real);
        Fill(wave.Imaginary);
        var back = _journey.Send(wave)!;
        AssertBits(wave.Real, back.Real);
        AssertBits(wave.Imaginary, back.Imaginary);
        Assert.Equal((wave.Title, wave.PixelSizeX, wave.PixelSizeY, wave.Quantity), (back.Title, back.PixelSizeX, back.PixelSizeY, back.Quantity));

        var mixed = _journey.Send(new Dictionary<string, object> { ["image"] = image, ["list"] = new List<Image> { image }, ["axis"] = new RotationAxis(3.25) { Method = "vo", UncertaintyPixels = 0.1, Warnings = ["w"] } })!;
        AssertBits(image.Values, ((List<Image>)mixed["list"])[0].Values);
        Assert.Equal(["w"], ((RotationAxis)mixed["axis"]).Warnings);
        Assert.Equal((3.25, "vo", 0.1), (((RotationAxis)mixed["axis"]).Column, ((RotationAxis)mixed["axis"]).Method, ((RotationAxis)mixed["axis"]).UncertaintyPixels!.Value));
    }

    public static TheoryData<Geometry> Geometries()
    {
        double[] angles = [0, 1.0 / 3, 90, 271.3];
        var axis = new RotationAxis(4.7) { Method = "vo" };
        var fan = new FanGeometry(angles, 10, new Length(1), new Length(1.5), new Length(1e-3), axis, FanDetector.Curved, 8, new Length(5e-4));
        return
        [
            new ParallelGeometry(angles, 10), new ParallelGeometry(Enumerable.Range(0, 200).Select(i => i * 0.9).ToArray(), 10, axis, 12), fan,
            new FanGeometry(angles, 10, new Length(1), new Length(1.5), new Length(1e-3)),
            new ConeGeometry(angles, 6, 10, new Length(1), new Length(1.5), new Length(1e-3), axis, 2.2, 3.5, 9, 7, new Length(6e-4)),
            new LaminographyGeometry(angles, 6, 10, 30.5, axis, 2.2, 9, 7, new Length(1e-6)), new LaminographyGeometry(angles, 6, 10, -5),
            fan.ToVectors(), fan.ToVectors().WithRows(5), new ParallelGeometry(angles, 10).ToVectors(), new ParallelGeometry(angles, 10).ToVectors().WithRows(3),
            new ConeGeometry(angles, 6, 10, new Length(1), new Length(1.5), new Length(1e-3)).ToVectors(), new LaminographyGeometry(angles, 6, 10, 30).ToVectors(),
        ];
    }

    [Theory]
    [MemberData(nameof(Geometries), DisableDiscoveryEnumeration = true)]
    public void All_geometries(Geometry geometry)
    {
        var sent = (Geometry)_journey.Send(geometry, typeof(Geometry))!;
        Same.Check(geometry, sent);
        Same.Check(geometry.ToVectors().Views.ToArray(), sent.ToVectors().Views.ToArray());
    }

    [Fact]
    public void A_geometry_that_arrives_damaged_meets_the_checks_of_its_constructor()
    {
        var packed = _journey.Pack<Geometry>(new ParallelGeometry([0, 90], 10));
        packed.Json!["axis"]!["Column"] = 50;
        Assert.Contains("outside the detector", Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(Geometry))).Message);
    }

    [Fact]
    public void A_scan_goes_as_its_path_and_is_refused_where_it_is_another_one()
    {
        var path = _journey.Folder.File("scan.npy");
        File.WriteAllBytes(path, [.. NpyFile.Header("<u2", [4, 3, 5]), .. new byte[120]]);
        using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 45), PixelSize = new Length(1e-6) });
        var packed = _journey.Pack(scan);
        Assert.Equal(("scan", 0), (packed.Codec, packed.Arrays.Count));
        var away = new EndpointInfo("away", "http", "n1", "0.1.0", "net10.0", "10.0.0");
        foreach (var sending in (JobValue[])[packed, _journey.Pack(new List<TomographyScan> { scan })])
        {
            Assert.StartsWith("x (T) cannot go to away: a scan stays a file", Assert.Throws<EndpointException>(() => SentScans.Check([sending], away)).Message, StringComparison.Ordinal);
            SentScans.Check([sending], away with { SharedStore = "/shared" });
        }

        Assert.Contains($"as its path ({path}), and away shares no folder", Assert.Throws<EndpointException>(() => SentScans.Check([packed], away)).Message, StringComparison.Ordinal);
        using (var sent = (TomographyScan)_journey.Unpack(packed, typeof(TomographyScan))!)
        {
            Assert.Equal((path, scan.PixelSize), (sent.Source, sent.PixelSize));
            Assert.Equal([0, 45, 90, 135], sent.AnglesDegrees);
        }

        var frames = (ProjectionStack)_journey.Send(scan.Frames, typeof(ProjectionStack))!;
        Assert.Equal((4, 3, 5), (frames.AngleCount, frames.RowCount, frames.ColumnCount));
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.Position = 200;
            file.WriteByte(1);
        }

        Assert.Contains("another one on this machine", Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(TomographyScan))).Message);
        File.Delete(path);
        Assert.Contains("Materialize the part that you need", Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(TomographyScan))).Message);
    }

    private void Fill(Span<float> values) => _random.NextBytes(MemoryMarshal.AsBytes(values));

    private static void AssertBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)));

    private sealed class Doubled(ProjectionStack source, int blockAngles = 1) : ProjectionStack(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        public int RowsRead { get; private set; }

        public List<StackRegion> Regions { get; } = [];

        public override (int Angles, int Rows) UnpackedTogether => (blockAngles, 1);

        protected override void ReadCore(StackRegion region, Span<float> destination)
        {
            RowsRead += region.AngleCount * region.RowCount;
            Regions.Add(region);
            source.Read(region, destination);
            foreach (ref var value in destination)
            {
                value *= 2;
            }
        }
    }
}
