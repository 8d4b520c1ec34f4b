using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Iterative;
using Beamline.Tomography.Operators;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Tests.Planning;

/// <summary>What a plan says of time, and where it has it from.</summary>
public sealed class PlannedTimeTests : IDisposable
{
    private const int N = 64, Angles = 30, Rows = 70;
    private readonly string _cache = Directory.CreateTempSubdirectory("beamline-rates-").FullName;

    private RunContext Context => new() { CacheFolder = _cache, MaxThreads = 2, Device = Device.Cpu };

    public static TheoryData<IterativeMethod> Methods => [.. Enum.GetValues<IterativeMethod>()];

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public void A_plan_says_how_long_each_step_takes_and_remembers_what_it_measured()
    {
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        var plan = Reconstruction.Plan(projections);
        Assert.Equal(["read", "prepare", "filter", "backproject", "write"], plan.ExpectedSteps.Select(s => s.Name));
        Assert.All(plan.ExpectedSteps, s => Assert.InRange(s.Expected.TotalSeconds, 1e-9, 60));
        Assert.Equal(plan.ExpectedSteps.Sum(s => s.Expected.TotalSeconds), plan.ExpectedTime!.Value.TotalSeconds, 1e-4);
        Assert.Contains("Takes about", plan.ToString(), StringComparison.Ordinal);
        Assert.Contains("backproject", File.ReadAllText(Path.Combine(_cache, "rates.json")), StringComparison.Ordinal);
        Assert.Equal(["rates.json"], Directory.GetFileSystemEntries(_cache).Select(Path.GetFileName));
        Assert.Equal(Expected(plan, "backproject"), Expected(Reconstruction.Plan(projections), "backproject"));
    }

    [Fact]
    public void The_time_is_work_over_rate()
    {
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        Rate(WorkKind.Backproject, 2e6);
        Rate(WorkKind.Filter, 5e5);
        var plan = Reconstruction.Plan(projections);
        // Three slabs of 32, the last with 6 slices; 128 is twice the width.
        Assert.Equal((double)N * N * Angles * 96 / 2e6, Expected(plan, "backproject"), 1e-3);
        Assert.Equal(Angles * 96.0 * 128 * 7 / 5e5, Expected(plan, "filter"), 1e-3);
        var half = Reconstruction.Plan(projections, new FbpOptions { ImageSize = 32 });
        Assert.Equal(Expected(plan, "backproject") / 4, Expected(half, "backproject"), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Projections_are_counted_as_the_method_does_them(IterativeMethod method)
    {
        const int Iterations = 4;
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        var options = new IterativeOptions { Method = method, Iterations = Iterations, Subsets = DeterminismTests.Subsets(method) };
        var plan = IterativePlan.Make(projections, options, null, RunContext.Current);
        var counts = new long[2];
        IterativeReconstruction.Run(projections, RotationAxis.Middle(N), options with { Operator = g => new Counting(new ParallelProjector(g), counts) }).Dispose();
        var planned = Counts(plan, WorkKind.Forward);
        var back = Counts(plan, WorkKind.Backproject);
        // The norm of a user's operator is found by 20 steps with 16 slices instead of 1.
        var norm = method is IterativeMethod.TvFista or IterativeMethod.Pwls or IterativeMethod.Tikhonov ? 19 * 16 : 0;
        // A start or an end that not every method has: one projection of each slab.
        Assert.InRange(counts[0] / Angles - norm, planned - (3 * 32) - 1, planned + (3 * 32) + 1);
        Assert.InRange(counts[1] / Angles - norm, back - (3 * 32) - 1, back + (3 * 32) + 1);
        Assert.InRange(planned, 3 * 32 * Iterations, 3 * 32 * ((2 * Iterations) + 2));
    }

    [Fact]
    public void A_run_is_held_against_its_plan_and_the_next_plan_knows()
    {
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        var plan = Reconstruction.Plan(projections);
        var expected = Expected(plan, "backproject");
        CostModel.Learn(plan.Work!, plan.ExpectedSteps, new Dictionary<string, double> { ["backproject"] = 0.11 }, RunContext.Current);
        var first = Expected(Reconstruction.Plan(projections), "backproject");
        Assert.Equal(Math.Clamp(0.11, 0.2 * expected, 5 * expected), first, 0.01 * first);
        // Half of the ratio, on a scale of ratios, from the second run on.
        var plan2 = Reconstruction.Plan(projections);
        CostModel.Learn(plan2.Work!, plan2.ExpectedSteps, new Dictionary<string, double> { ["backproject"] = Math.Max(0.1, 4 * first) }, RunContext.Current);
        Assert.Equal(
            Math.Min(Math.Sqrt(first * Math.Max(0.1, 4 * first)), 5 * expected), Expected(Reconstruction.Plan(projections), "backproject"), 0.01 * first);
        // Another source says nothing of this one.
        CostModel.Learn(plan.Work!, plan.ExpectedSteps, new Dictionary<string, double> { ["read"] = 50 }, RunContext.Current);
        Assert.InRange(Expected(Reconstruction.Plan(projections), "read"), 0, 10);
        // A step too short to say anything changes nothing.
        CostModel.Learn(plan.Work!, plan.ExpectedSteps, new Dictionary<string, double> { ["filter"] = 0.09 }, RunContext.Current);
        Assert.Equal(Expected(plan, "filter"), Expected(Reconstruction.Plan(projections), "filter"));
    }

    [Fact]
    public void A_volume_knows_what_was_expected_and_what_it_took()
    {
        var last = default(ProgressReport);
        using var scope = RunContext.Use(Context with { Progress = new Last(p => last = p) });
        using var projections = Flat();
        using var volume = Reconstruction.Fbp(projections, RotationAxis.Middle(N));
        Check(volume.Timing);
        using var run = IterativeReconstruction.Run(projections, RotationAxis.Middle(N), new IterativeOptions { Iterations = 2 });
        Check(run.Volume.Timing);
        // Runs as short as these measure no rates first, and so have nothing to correct.
        Assert.Empty(Directory.GetFileSystemEntries(_cache));

        void Check(RunTiming? timing)
        {
            Assert.NotNull(timing?.Expected);
            Assert.InRange(timing.Steps.Sum(s => s.Measured.TotalSeconds), 0.3 * timing.Measured.TotalSeconds, timing.Measured.TotalSeconds);
            Assert.All(timing.Steps, s => Assert.NotNull(s.Expected));
            Assert.Equal(1, last.Fraction);
            Assert.Equal(timing.ToString(), last.Detail);
            Assert.Contains("expected", last.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_would_have_to_be_run_to_be_timed_is_named_instead()
    {
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        var striped = projections.RemoveStripes(StripeMethod.Titarenko).Apply(new BeamHardeningOptions([1.0, 0.1]));
        var plan = Reconstruction.Plan(striped);
        Assert.Contains("without remove-stripes", plan.TimeNote, StringComparison.Ordinal);
        Assert.True(striped.IsLazy);
        Assert.NotNull(plan.ExpectedTime);
        var own = IterativeReconstruction.Plan(projections, new IterativeOptions { Operator = g => new ParallelProjector(g) });
        Assert.Null(own.ExpectedTime);
        Assert.Contains("not known: the operator is your own", own.ToString(), StringComparison.Ordinal);
        var stopping = IterativeReconstruction.Plan(projections, new IterativeOptions { StopAtRelativeChange = 1e-3 });
        Assert.Contains("at most", stopping.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_is_timed_on_the_source_in_the_shape_of_the_run()
    {
        using var scope = RunContext.Use(Context);
        using var projections = Flat();
        // As long as half of free memory: read slab by slab, and each read takes 3 ms, whatever it reads.
        using var slow = new Slow(projections);
        var seconds = SourceTime.Measure(slow, 32, RunContext.Current);
        // 16 of 30 angles at a time, 32 of 70 rows.
        var reads = 30 / 16.0 * 70 / 32;
        Assert.InRange(seconds, 0.003 * reads, 0.1 * reads);
    }

    private static double Expected(ReconstructionPlan plan, string step) => plan.ExpectedSteps.Single(s => s.Name == step).Expected.TotalSeconds;

    private static double Counts(ReconstructionPlan plan, WorkKind kind) =>
        plan.Work!.Items.Where(i => i.Kind == kind).Sum(i => i.Units) / ((double)N * N * Angles);

    private static MemoryProjectionStack Flat()
    {
        var stack = new MemoryProjectionStack(Phantoms.Angles(Angles), Rows, N) { Quantity = Quantity.LineIntegral };
        stack.Memory.Span(0, (int)stack.Memory.Length).Fill(0.5f);
        return stack;
    }

    private void Rate(WorkKind kind, double value) =>
        MeasuredRates.In(_cache).Set(WorkScale.Of(N, 32, RunContext.Current).Key(kind.Name), value);

    private sealed class Last(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }

    private sealed class Slow(ProjectionStack source) : ProjectionStack(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        protected override void ReadCore(StackRegion region, Span<float> destination)
        {
            Thread.Sleep(3);
            source.Read(region, destination);
        }
    }

    /// <summary>Counts angles x slices.</summary>
    private sealed class Counting(ILinearOperator inner, long[] counts) : ISplitOperator
    {
        public SlabShape Domain => inner.Domain;

        public SlabShape Range => inner.Range;

        public void Forward(InterleavedSlab x, InterleavedSlab y)
        {
            counts[0] += (long)y.OuterCount * y.Lanes;
            inner.Forward(x, y);
        }

        public void Adjoint(InterleavedSlab y, InterleavedSlab x)
        {
            counts[1] += (long)y.OuterCount * y.Lanes;
            inner.Adjoint(y, x);
        }

        public ILinearOperator Part(IReadOnlyList<int> rows) => new Counting(((ISplitOperator)inner).Part(rows), counts);

        public void Dispose() => inner.Dispose();
    }
}
