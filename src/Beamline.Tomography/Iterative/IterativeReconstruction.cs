using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Iterative;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

/// <summary>Reconstructs volumes by iterations on the projector and its exact transpose.</summary>
public static partial class IterativeReconstruction
{
    /// <summary>Runs one of the methods of <see cref="IterativeMethod"/>.</summary>
    /// <remarks>
    /// Values are quantitative: linear attenuation in 1/cm when the pixel size is known, or else in 1/pixel. Each slice is a problem of its
    /// own with its own steps and its own end, and comes out the same, bit for bit, for any number of threads, in any slab and after any
    /// interruption that a checkpoint bridged. Works slab by slab in bounded memory; a slice that diverges stops and keeps its last good
    /// iterate, with a warning.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="axis">The rotation axis; null finds it with the default method.</param>
    /// <param name="options">Method, iterations, bounds and so on; null takes SIRT with its defaults.</param>
    /// <returns>The volume [row, y, x], the convergence history, and how each slice ended. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">Options that exclude each other, shapes that do not fit, or fewer than two projections.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="InvalidOperationException">The checkpoints in the folder belong to another run or to other data.</exception>
    /// <exception cref="ReconstructionCanceledException">The run context was cancelled; the volume as it was is in the exception, and the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled before the first iteration, or memory did not permit to keep the volume.</exception>
    public static IterativeResult Run(ProjectionStack projections, RotationAxis? axis = null, IterativeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new IterativeOptions();
        IterativeChecks.Options(options);
        using var job = RunJob.Start(options.Method.ToString());
        var context = options.Device is { } device ? RunContext.Current with { Device = device } : RunContext.Current;
        IterativeChecks.Input(projections, projections.AnglesDegrees, options, context);
        using var scope = RunContext.Use(context);
        axis ??= RotationAxis.Find(projections);
        var geometry = new ParallelGeometry(projections.AnglesDegrees, projections.ColumnCount, axis, options.ImageSize);
        (string, string)[] described = [("axisColumn", axis.Column.ToString("0.###")), ("axisMethod", axis.Method)];
        return options.TvAcrossSlices == true
            ? RunVolume(job, projections, geometry, projections.PixelSize, options, context, described)
            : RunSlices(job, projections, geometry, projections.PixelSize, options, context, described);
    }

    private static IterativeResult RunSlices(
        RunJob job, ProjectionStack projections, Geometry geometry, Length? voxel, IterativeOptions options, RunContext context, (string, string)[] described)
    {
        options = AmbientCheckpoints.For(options, geometry, projections, context);
        var plan = IterativePlan.Make(
            projections, options, RunCheckpoints.Lanes(options.CheckpointFolder), context, fan: geometry as VectorGeometry);
        Announce(job, options, plan.ExpectedTime, plan.ImageSize);
        var clock = new RunClock(plan);
        ProjectionStack? held = null;
        clock.Time(MethodSteps.Read, () => held = InputCopy.Make(projections, plan, context));
        using var cached = held;
        VolumeStore made = null!;
        IterativeRun begun = null!;
        clock.Time(MethodSteps.Prepare, () => made = VolumeStore.Create(plan, context));
        using var store = made;
        clock.Time(MethodSteps.Prepare, () => begun = new IterativeRun(cached ?? projections, geometry, voxel, plan, options, store, clock));
        using var run = begun;
        IterativeResult Result(RunTiming? timing, (string, string)[] more) => new(
            new Volume(plan.SliceCount, plan.ImageSize, plan.ImageSize, store.Complete())
            {
                VoxelSize = voxel is { } edge ? VoxelSize.Cube(edge) : null,
                Quantity = run.Quantity,
                Timing = timing,
                Provenance = Step(projections, options, run.History, plan, [.. described, .. more]),
            },
            options.Method, run.History, run.Stops);

        try
        {
            run.Solve();
        }
        catch (Exception e) when (CanceledRun.IsEnd(e, context) && run.IsKept)
        {
            if (CanceledRun.Keep(context, _ => Result(null, [Canceled(run.Stops)])) is { } partial)
            {
                throw CanceledRun.Error(job, partial, options.IterationLimit, e, context);
            }

            throw;
        }

        return Complete(job, Result(clock.Finish(options.Method.ToString(), context, run.DoneShare), []));
    }

    private static (string, string) Canceled(IReadOnlyList<SliceStop> stops) =>
        ("canceled", $"{stops.Count(s => s.Reason == StopReason.Canceled)} of {stops.Count} not at their end");

    private static void Announce(RunJob job, IterativeOptions options, TimeSpan? expected, int imageSize)
    {
        job.Expect(expected, imageSize, imageSize);
        job.StopNote = options.CheckpointFolder is null || options.CheckpointsBefore is not null
            ? ""
            : "The same call goes on from the checkpoints in its CheckpointFolder";
    }

    private static IterativeResult Complete(RunJob job, IterativeResult result)
    {
        job.Complete(new JobResult(result.Volume) { Residuals = [.. result.History.Select(h => h.RelativeResidual)] });
        return result;
    }

    private static Provenance Step(
        ProjectionStack projections, IterativeOptions options, IReadOnlyList<IterationRecord> history, ReconstructionPlan plan, (string, string)[] described) =>
        projections.Provenance.Then(
            "iterative",
            [
                ("method", options.Method.ToString()),
                ("iterations", history[^1].Iteration.ToString()),
                ("residual", history[^1].RelativeResidual.ToString("0.#####")),
                ("regularization", options.Regularization?.ToString("R") ?? "usual"),
                ("regularizer", options.Regularizer?.Name ?? "usual"),
                ("tvAcrossSlices", options.TvAcrossSlices?.ToString() ?? "usual"),
                ("relaxation", options.Relaxation.ToString()),
                ("bounds", $"{(options.NonNegative ? "non-negative " : "")}{options.Minimum} to {options.Maximum}"),
                .. described,
                ("imageSize", plan.ImageSize.ToString()),
                ("device", plan.Device.ToString()),
                ("beamline", typeof(Reconstruction).Assembly.GetName().Version!.ToString(3)),
            ]);

    /// <summary>What a run would take, without running it.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    /// <param name="options">Method, iterations and so on; null takes SIRT with its defaults.</param>
    /// <exception cref="ArgumentException">Options that exclude each other, shapes that do not fit, or fewer than two projections.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    public static ReconstructionPlan Plan(ProjectionStack projections, IterativeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new IterativeOptions();
        IterativeChecks.Options(options);
        var context = options.Device is { } device ? RunContext.Current with { Device = device } : RunContext.Current;
        IterativeChecks.Input(projections, projections.AnglesDegrees, options, context);
        if (options.TvAcrossSlices == true)
        {
            var geometry = new ParallelGeometry(projections.AnglesDegrees, projections.ColumnCount, null, options.ImageSize);
            return VolumePlan.Make(projections, GeometryChecks.ForStack(geometry, projections), options, context, isAsked: true);
        }

        return IterativePlan.Make(projections, options, RunCheckpoints.Lanes(options.CheckpointFolder), context, isAsked: true);
    }
}
