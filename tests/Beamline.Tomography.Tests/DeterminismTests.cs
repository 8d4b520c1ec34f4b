using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Tests;

/// <summary>
/// The same input gives the same bits, whatever the number of threads, the slabs, and the order in which values are asked for. One
/// row for each thing that computes; sizes fit no vector, so that rests of loops count.
/// </summary>
public sealed class DeterminismTests(DeterminismScan scan) : IClassFixture<DeterminismScan>
{
    private const int N = 45, Rows = 37;

    public static TheoryData<FbpFilter> Filters => [.. Enum.GetValues<FbpFilter>()];

    public static TheoryData<IterativeMethod> Methods => [.. Enum.GetValues<IterativeMethod>()];

    public static TheoryData<StripeMethod> Stripes => [.. Enum.GetValues<StripeMethod>()];

    public static TheoryData<FlatMethod> Flats => [.. Enum.GetValues<FlatMethod>()];

    public static TheoryData<AxisMethod> Axes => [.. Enum.GetValues<AxisMethod>()];

    public static TheoryData<string> Steps => [.. Named.Keys];

    private static Dictionary<string, PreprocessingStep> Named { get; } = new(StringComparer.Ordinal)
    {
        ["minus-log"] = new MinusLogOnly(),
        ["zingers"] = new ZingerOptions(),
        ["dark-zingers"] = new ZingerOptions { DarkToo = true },
        ["background"] = new BackgroundOptions { AirColumns = 4 },
        ["repair"] = new RepairOptions(),
        ["hardening"] = new PreprocessingPipeline([new MinusLogOnly(), new BeamHardeningOptions([0.9, 0.1, 0.03])]),
        ["dose"] = new DoseOptions([.. Enumerable.Range(0, 24).Select(i => 1 + (0.01 * i))]),
        ["tilt"] = new TiltOptions { AngleDegrees = 1.3 },
        ["distortion"] = new DistortionOptions(22.1, 17.4, [2e-4, 1e-6]),
        ["shift"] = new ShiftOptions([.. Enumerable.Range(0, 24).Select(i => 0.1 * i)], [.. Enumerable.Range(0, 24).Select(i => 0.05 * i)]),
        ["gaussian"] = new GaussianFilter { SigmaPixels = 1.3 },
        ["median"] = new MedianFilter { Size = 5 },
        ["total-variation"] = new TotalVariationFilter { Iterations = 20 },
        ["non-local-means"] = new NonLocalMeansFilter { SearchRadius = 3 },
        ["paganin"] = new PaganinOptions { EnergyKeV = 20, Distance = Length.FromMillimeters(50), DeltaOverBeta = 300, PixelSize = Length.FromMicrometers(2) },
        ["paganin-generalized"] = new PaganinOptions
        {
            EnergyKeV = 20, Distance = Length.FromMillimeters(50), DeltaOverBeta = 300, PixelSize = Length.FromMicrometers(2), Generalized = true,
        },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Fbp(FbpFilter filter) => AssertVolumes(p => Reconstruction.Fbp(p, new RotationAxis(21.7), new FbpOptions { Filter = filter }));

    [Theory]
    [InlineData(SinogramPadding.Edge, false)]
    [InlineData(SinogramPadding.None, true)]
    public void Fbp_with_other_options(SinogramPadding padding, bool mask) => AssertVolumes(
        p => Reconstruction.Fbp(p, new RotationAxis(21.7), new FbpOptions { Padding = padding, MaskOutsideCircle = mask, ImageSize = 51 }));

    [Theory]
    [InlineData(FbpFilter.SheppLogan, SinogramPadding.Zero)]
    [InlineData(FbpFilter.Hann, SinogramPadding.Edge)]
    public void Fourier(FbpFilter filter, SinogramPadding padding) => AssertVolumes(
        p => Reconstruction.Fourier(p, new RotationAxis(21.7), new FourierOptions { Filter = filter, Padding = padding }));

    [Fact]
    public void Log_polar() => AssertVolumes(p => Reconstruction.LogPolar(p, new RotationAxis(21.7)));

    [Fact]
    public void Fbp_of_projections_that_are_computed_when_the_threads_read_them() =>
        AssertVolumes(p => Reconstruction.Fbp(p.RemoveStripes(StripeMethod.Filtering), new RotationAxis(21.7)));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Iterative(IterativeMethod method) => AssertVolumes(
        p => IterativeReconstruction.Run(p, new RotationAxis(21.7), new IterativeOptions { Method = method, Iterations = 4, Subsets = Subsets(method) }).Volume);

    [Theory]
    [MemberData(nameof(Stripes))]
    public void Stripe_removal(StripeMethod method) => AssertStacks(() => Transmission().MinusLog().RemoveStripes(method));

    [Theory]
    [MemberData(nameof(Steps))]
    public void Step(string name) => AssertStacks(() => Transmission().Apply(Named[name]));

    [Theory]
    [MemberData(nameof(Flats))]
    public void Flat_field(FlatMethod method) => AssertStacks(
        () => scan.Scan.Normalize(new NormalizeOptions { Flat = method, AirColumnsLeft = 3, AirColumnsRight = 3 }));

    [Theory]
    [MemberData(nameof(Axes))]
    public void Axis(AxisMethod method)
    {
        var angles = Phantoms.Angles(48, method == AxisMethod.Overlap ? 360 : 180);
        using var projections = Phantoms.Project(Phantoms.Three, angles, 3, N, 21.7);
        var found = AnyThreads(() => RotationAxis.Find(projections, new FindAxisOptions { Method = method }).Column);
        Assert.All(found, c => Assert.Equal(found[0], c));
    }

    [Fact]
    public void Axis_sweep()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(24), 3, N, 21.7);
        var found = AnyThreads(() => RotationAxis.Sweep(projections, new AxisSweepOptions { Count = 5 }).Best.Column);
        Assert.All(found, c => Assert.Equal(found[0], c));
    }

    [Fact]
    public void Ring_removal_of_a_volume()
    {
        using var projections = Noisy(3);
        using var volume = Reconstruction.Fbp(projections, new RotationAxis(21.7));
        var made = AnyThreads(() =>
        {
            using var rings = volume.RemoveRings();
            return rings.Memory.Span(0, (int)rings.Memory.Length).ToArray();
        });
        Assert.All(made, m => Assert.Equal(made[0], m));
    }

    [Fact]
    public void Alignment()
    {
        using var projections = Noisy(5);
        var found = AnyThreads(() => projections.AlignByReprojection(new RotationAxis(21.7), new AlignmentOptions { Iterations = 2 }).Shifts.Columns.ToArray());
        Assert.All(found, f => Assert.Equal(found[0], f));
    }

    internal static int? Subsets(IterativeMethod method) =>
        method is IterativeMethod.OsSart or IterativeMethod.Osem or IterativeMethod.AsdPocs ? 5 : null;

    /// <summary>1, 2 and 3 threads; and the first 16 rows by themselves, which are a slab of 16 instead of half of one of 32.</summary>
    private static void AssertVolumes(Func<ProjectionStack, Volume> make)
    {
        using var all = Noisy(Rows);
        using var part = new MemoryProjectionStack(all.AnglesDegrees, 16, N) { Quantity = all.Quantity };
        for (var a = 0; a < all.AngleCount; a++)
        {
            all.Frame(a)[..(16 * N)].CopyTo(part.Frame(a));
        }

        var volumes = AnyThreads(() => make(all));
        using var few = make(part);
        for (var z = 0; z < Rows; z++)
        {
            Assert.All(volumes, v => Assert.True(volumes[0].Slice(z).SequenceEqual(v.Slice(z)), $"slice {z} with other threads"));
            Assert.True(z >= 16 || volumes[0].Slice(z).SequenceEqual(few.Slice(z)), $"slice {z} in another slab");
        }

        Array.ForEach(volumes, v => v.Dispose());
    }

    /// <summary>1, 2 and 3 threads; whole frames, sinograms, and odd blocks.</summary>
    private static void AssertStacks(Func<ProjectionStack> make)
    {
        var (angles, rows, columns) = (0, 0, 0);
        var all = AnyThreads(() =>
        {
            var stack = make();
            (angles, rows, columns) = (stack.AngleCount, stack.RowCount, stack.ColumnCount);
            var values = new float[angles * rows * columns];
            stack.Read(new StackRegion(0, angles, 0, rows), values);
            return values;
        });
        Assert.All(all, v => Assert.Equal(all[0], v));
        Assert.DoesNotContain(all[0], v => !float.IsFinite(v));
        var other = make();
        var block = new float[7 * 3 * columns];
        for (var a = 0; a < angles; a += 7)
        {
            for (var row = 0; row < rows; row += 3)
            {
                var (count, high) = (Math.Min(7, angles - a), Math.Min(3, rows - row));
                other.Read(new StackRegion(a, count, row, high), block);
                for (var i = 0; i < count; i++)
                {
                    Assert.True(
                        block.AsSpan(i * high * columns, high * columns).SequenceEqual(all[0].AsSpan((((a + i) * rows) + row) * columns, high * columns)),
                        $"angle {a + i}, rows from {row}, read by themselves");
                }
            }
        }
    }

    private static T[] AnyThreads<T>(Func<T> make) => [.. new[] { 1, 2, 3 }.Select(threads =>
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
        return make();
    })];

    private static MemoryProjectionStack Noisy(int rows)
    {
        var stack = Phantoms.Project(Phantoms.Three, Phantoms.Angles(24), rows, N, 21.7);
        var random = new Random(3);
        foreach (ref var value in stack.Memory.Span(0, (int)stack.Memory.Length))
        {
            value = Math.Max(0, value + (0.02f * random.NextSingle()));
        }

        return stack;
    }

    private static MemoryProjectionStack Transmission()
    {
        using var noisy = Noisy(Rows);
        var stack = new MemoryProjectionStack(noisy.AnglesDegrees, Rows, N) { Quantity = Quantity.Transmission };
        for (var i = 0L; i < stack.Memory.Length; i++)
        {
            stack.Memory.Span(i, 1)[0] = MathF.Exp(-noisy.Memory.Span(i, 1)[0]);
        }

        return stack;
    }

    /// <summary>Minus-log has no options of a step; here it is one for the sake of the table.</summary>
    private sealed record MinusLogOnly : PreprocessingStep
    {
        public override string Name => "minus-log";

        public override IReadOnlyList<(string Name, string Value)> Parameters => [];

        public override ProjectionStack Apply(ProjectionStack projections) => projections.MinusLog();
    }
}

/// <summary>A scan in a file, with flats and darks.</summary>
public sealed class DeterminismScan : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-bits-").FullName;

    public DeterminismScan()
    {
        var path = Path.Combine(_folder, "scan.h5");
        ScanSimulator.Write(
            Phantom.SheppLogan(45).Scaled(0.01), new AcquisitionOptions { AngleCount = 17, Rows = 11, Columns = 45, FlatCount = 6, DarkCount = 3 }, path);
        Scan = TomographyScan.Open(path);
    }

    public TomographyScan Scan { get; }

    public void Dispose()
    {
        Scan.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
