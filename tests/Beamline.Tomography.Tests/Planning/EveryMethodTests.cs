using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests.Planning;

/// <summary>Every reconstruction states its work: a plan knows its time, and the volume says what it took.</summary>
public sealed class EveryMethodTests : IDisposable
{
    private const int N = 64, Views = 30, Rows = 20;
    private readonly string _cache = Directory.CreateTempSubdirectory("beamline-rates-").FullName;

    private static readonly Dictionary<string, (Func<ProjectionStack, ReconstructionPlan> Plan, Func<ProjectionStack, Volume> Run)> Methods = new(StringComparer.Ordinal)
    {
        ["fourier"] = (p => Reconstruction.PlanFourier(p), p => Reconstruction.Fourier(p, RotationAxis.Middle(N))),
        ["log-polar"] = (p => Reconstruction.PlanLogPolar(p), p => Reconstruction.LogPolar(p, RotationAxis.Middle(N))),
        ["fan"] = (p => Reconstruction.Plan(p, Fan()), p => Reconstruction.Fan(p, Fan())),
        ["fdk"] = (p => Reconstruction.Plan(p, Cone(0)), p => Reconstruction.Fdk(p, Cone(0))),
        ["fdk rolled"] = (p => Reconstruction.Plan(p, Cone(3)), p => Reconstruction.Fdk(p, Cone(3))),
        ["laminography"] = (p => Reconstruction.Plan(p, Tilted()), p => Reconstruction.Laminography(p, Tilted())),
        ["vectors"] = (p => Reconstruction.Plan(p, Vectors()), p => Reconstruction.Fbp(p, Vectors())),
        ["iterative fan"] = (p => IterativeReconstruction.Plan(p, Fan(), Few), p => IterativeReconstruction.Run(p, Fan(), Few).Volume),
        ["iterative cone"] = (p => IterativeReconstruction.Plan(p, Cone(0), Few), p => IterativeReconstruction.Run(p, Cone(0), Few).Volume),
        ["iterative laminography"] = (p => IterativeReconstruction.Plan(p, Tilted(), Few), p => IterativeReconstruction.Run(p, Tilted(), Few).Volume),
        ["tv across slices"] = (p => IterativeReconstruction.Plan(p, Across), p => IterativeReconstruction.Run(p, RotationAxis.Middle(N), Across).Volume),
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    private static IterativeOptions Few => new() { Iterations = 2 };

    private static IterativeOptions Across => new() { Method = IterativeMethod.TvPdhg, Iterations = 2, TvAcrossSlices = true };

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_plan_knows_its_time_and_the_volume_says_what_it_took(string method)
    {
        using var scope = RunContext.Use(new RunContext { CacheFolder = _cache, MaxThreads = 2, Device = Device.Cpu });
        using var projections = new MemoryProjectionStack(Phantoms.Angles(Views, 360), Rows, N) { Quantity = Quantity.LineIntegral };
        projections.Memory.Span(0, (int)projections.Memory.Length).Fill(0.5f);
        var plan = Methods[method].Plan(projections);
        Assert.Contains("Takes about", plan.ToString(), StringComparison.Ordinal);
        Assert.All(plan.ExpectedSteps, s => Assert.InRange(s.Expected.TotalSeconds, 1e-9, 60));
        using var volume = Methods[method].Run(projections);
        Assert.NotNull(volume.Timing?.Expected);
        // No step of the run is missing in the plan, and none was planned that does not come.
        Assert.All(volume.Timing.Steps, s => Assert.True(s.Expected is not null && s.Measured > TimeSpan.Zero, $"{s.Name}: {s.Expected}, {s.Measured}"));
        // A run as short as this measures nothing, and takes its rates from the plan before it.
        Assert.Equal(
            plan.ExpectedSteps.Where(s => s.Name != "read").Sum(s => s.Expected.TotalSeconds),
            volume.Timing.Steps.Where(s => s.Name != "read").Sum(s => s.Expected!.Value.TotalSeconds), 1e-4);
    }

    [Fact]
    public void Rows_that_slabs_share_are_counted_for_each()
    {
        using var scope = RunContext.Use(new RunContext { CacheFolder = _cache, MaxThreads = 2, Device = Device.Cpu });
        // Two slabs of 32 slices see more than half of 64 tilted rows each.
        var geometry = new LaminographyGeometry(Phantoms.Angles(Views, 360), 64, N, 30);
        using var projections = new MemoryProjectionStack(geometry.AnglesDegrees, 64, N) { Quantity = Quantity.LineIntegral };
        var shared = Reconstruction.Plan(projections, geometry).Work!.ReadShare;
        Assert.InRange(shared, 1.5, 2);
        Assert.Equal(1, Reconstruction.Plan(projections, Vectors()).Work!.ReadShare);
    }

    private static FanGeometry Fan() => new(Phantoms.Angles(Views, 360), N, Mm(100), Mm(150), Mm(0.5));

    private static ConeGeometry Cone(double roll) => new(Phantoms.Angles(Views, 360), Rows, N, Mm(100), Mm(150), Mm(0.5), detectorRollDegrees: roll);

    private static LaminographyGeometry Tilted() => new(Phantoms.Angles(Views, 360), Rows, N, 20);

    private static VectorGeometry Vectors() => new ParallelGeometry(Phantoms.Angles(Views, 360), N, null).ToVectors();

    private static Length Mm(double value) => Length.FromMillimeters(value);
}
