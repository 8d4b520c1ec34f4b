using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

/// <summary>How a reconstruction will use the machine: decided before it starts, and printed on request.</summary>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record ReconstructionPlan
{
    private const long ReadBlockBytes = 16L << 20;

    /// <summary>What it runs on.</summary>
    public required Device Device { get; init; }

    /// <summary>Number of slices.</summary>
    public required int SliceCount { get; init; }

    /// <summary>Edge of a slice in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Slices worked on together.</summary>
    public required int Lanes { get; init; }

    /// <summary>Image rows backprojected together.</summary>
    public required int BandRows { get; init; }

    /// <summary>Projections read together.</summary>
    public required int AnglesPerRead { get; init; }

    /// <summary>Bytes of the working arrays.</summary>
    public required long WorkingBytes { get; init; }

    /// <summary>Bytes of the volume.</summary>
    public required long ResultBytes { get; init; }

    /// <summary>Bytes of the projections when they are read once and kept in memory; 0 when read slab by slab.</summary>
    public required long CachedInputBytes { get; init; }

    /// <summary>
    /// Bytes of the projections when they are unpacked once into a file in the scratch folder, because their source stores them in blocks that reach over
    /// several slabs; else 0.
    /// </summary>
    public long SpooledInputBytes { get; init; }

    /// <summary>What makes reading the projections slower than it need be, and what helps; empty when nothing does.</summary>
    public string InputNote { get; init; } = "";

    /// <summary>Bytes that were free when the plan was made.</summary>
    public required long AvailableBytes { get; init; }

    /// <summary>
    /// How long a run will take, from rates measured on this machine; null when that is not known. For methods with a stopping rule the
    /// time of all iterations. See <see cref="TimeNote"/>.
    /// </summary>
    public TimeSpan? ExpectedTime { get; init; }

    /// <summary>The parts of <see cref="ExpectedTime"/>.</summary>
    public IReadOnlyList<PlannedStep> ExpectedSteps { get; init; } = [];

    /// <summary>What the expected time leaves out, or why there is none; empty when it is all of it.</summary>
    public string TimeNote { get; init; } = "";

    /// <summary>True when the volume does not fit in memory and goes to a file in the scratch folder.</summary>
    public bool ResultOnDisk => ResultBytes + WorkingBytes > AvailableBytes;

    /// <summary>Number of slabs.</summary>
    public int SlabCount => (SliceCount + Lanes - 1) / Lanes;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{SliceCount} slices of {ImageSize} x {ImageSize} on {Device} in {SlabCount} slab(s) of {Lanes}: " +
        $"{Size(WorkingBytes)} to work in, {Size(ResultBytes)} for the volume " +
        (ResultOnDisk ? "(in a file: it does not fit in memory)" : "in memory") +
        (CachedInputBytes > 0 ? $", {Size(CachedInputBytes)} for the projections" : "") +
        (SpooledInputBytes > 0 ? $", {Size(SpooledInputBytes)} for the projections, unpacked once into a file" : "") +
        (InputNote.Length > 0 ? $"; {InputNote}" : "") +
        $"; {Size(AvailableBytes)} free. " + TimeText;

    /// <summary>The work behind the expected time; null when that is not known.</summary>
    internal MethodWork? Work { get; init; }

    /// <summary>Whether the expected time rests on rates of this machine, so that a run can correct it.</summary>
    internal bool HasMeasuredRates { get; init; }

    private string TimeText => ExpectedTime is { } time
        ? $"Takes {(Work is { IsAtMost: true } ? "at most" : "about")} {RunTiming.Text(time)} (" +
          string.Join(", ", ExpectedSteps.Select(s => $"{s.Name} {RunTiming.Text(s.Expected)}")) + (TimeNote.Length > 0 ? $"; {TimeNote}" : "") + ")."
        : $"How long it takes is not known{(TimeNote.Length > 0 ? ": " + TimeNote : "")}.";

    /// <summary>The same plan with the time that it will take.</summary>
    /// <param name="work">What the method will do, without reading.</param>
    /// <param name="projections">What is read.</param>
    /// <param name="context">Device, threads, and the folder of the stored rates.</param>
    /// <param name="isAsked">Whether a user asked for the plan; a run that is short does not measure rates first.</param>
    internal ReconstructionPlan Timed(MethodWork work, ProjectionStack projections, RunContext context, bool isAsked)
    {
        if (work.Unknown is { } reason)
        {
            return this with { TimeNote = reason };
        }

        var measure = isAsked || CostModel.TypicalSeconds(work, context) > CostModel.WorthMeasuringSeconds;
        var note = SourceTime.Unknown(projections);
        var reading = note is not null ? 0
            : measure || (projections.IsLazy && projections.ByteLength >= SourceTime.WorthTryingBytes) ? SourceTime.Measure(projections, CachedInputBytes + SpooledInputBytes > 0 ? projections.RowCount : Lanes, context)
            : SourceTime.Typical(projections);
        work = work with
        {
            Items =
            [
                new(MethodSteps.Read, WorkKind.Seconds, reading * work.ReadShare),
                new(MethodSteps.Read, WorkKind.Allocate, CachedInputBytes),
                // Written once and read back once.
                new(MethodSteps.Read, WorkKind.Scratch, 2.0 * SpooledInputBytes),
                new(MethodSteps.Read, WorkKind.Interleave, projections.ByteLength * work.ReadShare),
                .. work.Items,
            ],
        };
        var (steps, areMeasured) = CostModel.Expect(work, context, measure);
        return this with
        {
            Work = work,
            HasMeasuredRates = areMeasured,
            ExpectedSteps = steps,
            ExpectedTime = steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Expected),
            TimeNote = note ?? "",
        };
    }

    /// <summary>Fits the working arrays into the memory that is free.</summary>
    /// <exception cref="InsufficientMemoryException">Even the smallest arrays do not fit.</exception>
    internal static ReconstructionPlan Make(ProjectionStack projections, FbpOptions options, RunContext context, bool isAsked = false)
    {
        var size = options.ImageSize ?? projections.ColumnCount;
        var available = MemoryBudget.AvailableBytes(context);
        var result = (long)projections.RowCount * size * size * sizeof(float);
        ReconstructionPlan? smallest = null;
        foreach (var (lanes, bandRows, divide) in Choices(projections.RowCount))
        {
            var readBytes = ReadBlockBytes / divide;
            var anglesPerRead = (int)Math.Clamp(
                readBytes / ((long)lanes * projections.ColumnCount * sizeof(float)), 1, projections.AngleCount);
            var rows = Math.Min(bandRows, size);
            var working =
                InterleavedSlab.BytesNeeded(projections.AngleCount, projections.ColumnCount, lanes, SlabShape.Pad) +
                (2 * InterleavedSlab.BytesNeeded(rows, size, lanes, SlabShape.Pad)) +
                ((long)lanes * rows * size * sizeof(float)) +
                (2L * anglesPerRead * lanes * projections.ColumnCount * sizeof(float)) +
                (context.MaxThreads * SinogramFilter.BytesPerThread(projections.ColumnCount, lanes, options.Padding));
            smallest = new ReconstructionPlan
            {
                Device = ComputeDevices.Resolve(context.Device),
                SliceCount = projections.RowCount,
                ImageSize = size,
                Lanes = lanes,
                BandRows = rows,
                AnglesPerRead = anglesPerRead,
                WorkingBytes = working,
                ResultBytes = result,
                CachedInputBytes = 0,
                AvailableBytes = available,
            };
            if (working <= available)
            {
                var plan = smallest.WithInput(projections, context);
                return plan.Timed(FbpWork.Of(plan, projections.AngleCount, projections.ColumnCount, options), projections, context, isAsked);
            }
        }

        throw new InsufficientMemoryException(
            $"The reconstruction needs at least {Size(smallest!.WorkingBytes)} to work in, but only {Size(available)} are free" +
            (context.MemoryLimitBytes is { } limit
                ? $" under the memory limit of {Size(limit)} ({Size(Environment.WorkingSet)} are in use already). Raise --memory-limit."
                : ". Close other programs, or reconstruct fewer columns (ImageSize)."));
    }

    private static (int Lanes, int BandRows, int Divide)[] Choices(int rows) => rows > 16
        ? [(32, 64, 1), (32, 16, 4), (16, 16, 8)]
        : [(16, 64, 1), (16, 16, 8)];

    private static string Size(long bytes) =>
        bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):0.0} GiB" : $"{Math.Max(bytes, 0) / (double)(1L << 20):0.0} MiB";
}
