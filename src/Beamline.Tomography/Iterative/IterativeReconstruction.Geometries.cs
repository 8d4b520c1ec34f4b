using System.Runtime.CompilerServices;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Iterative;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

public static partial class IterativeReconstruction
{
    /// <summary>Runs one of the methods of <see cref="IterativeMethod"/> for any geometry: fan, cone, laminography, vectors.</summary>
    /// <remarks>
    /// Where rays stay in their slices (parallel and fan beam) this works slab by slab, as for parallel beam. Rays that cross slices make one problem of the
    /// whole volume, with one step and one end; all its arrays must fit in memory, and there are no regularizers of one's own. Total variation
    /// is then that of the volume (<see cref="IterativeOptions.TvAcrossSlices"/>). Values are linear attenuation in 1/cm when the voxel size is known, or else in 1/pixel.
    /// </remarks>
    /// <param name="projections">Line integrals [view, row, column], after flat field and minus-log.</param>
    /// <param name="geometry">The geometry; as many views, rows and columns as the projections. It says the size of the slices.</param>
    /// <param name="options">Method, iterations, bounds and so on; null takes SIRT with its defaults.</param>
    /// <returns>The volume [z, y, x], the convergence history, and how each slice (or the volume) ended. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">Options that exclude each other or the geometry, shapes that do not fit, or fewer than two projections.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="ReconstructionCanceledException">The run context was cancelled; the volume as it was is in the exception, and the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled before the first iteration, or memory did not permit to keep the volume.</exception>
    // Null stands for an axis to be found, not for a geometry.
    [OverloadResolutionPriority(-1)]
    public static IterativeResult Run(ProjectionStack projections, Geometry geometry, IterativeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        ArgumentNullException.ThrowIfNull(geometry);
        using var job = RunJob.Start((options ?? new IterativeOptions()).Method.ToString());
        var (vectors, checkedOptions, context) = Prepare(projections, geometry, options ?? new IterativeOptions());
        using var scope = RunContext.Use(context);
        (string, string)[] described = [("geometry", geometry is VectorGeometry ? $"{vectors.ViewCount} {vectors.Beam} views" : geometry.ToString())];
        var voxel = vectors.VoxelSize ?? projections.PixelSize;
        if (vectors.IsSliceWise && checkedOptions.TvAcrossSlices != true)
        {
            return RunSlices(job, projections, geometry is ParallelGeometry ? geometry : vectors, voxel, checkedOptions, context, described);
        }

        return RunVolume(job, projections, geometry is ParallelGeometry ? geometry : vectors, voxel, checkedOptions, context, described);
    }

    private static IterativeResult RunVolume(
        RunJob job, ProjectionStack projections, Geometry geometry, Length? voxel, IterativeOptions options, RunContext context, (string, string)[] described)
    {
        options = AmbientCheckpoints.For(options, geometry, projections, context);
        var plan = VolumePlan.Make(projections, GeometryChecks.ForStack(geometry, projections), options, context);
        Announce(job, options, plan.ExpectedTime, plan.ImageSize);
        var clock = new RunClock(plan);
        VolumeRun begun = null!;
        clock.Time(MethodSteps.Prepare, () => begun = new VolumeRun(projections, geometry, voxel, options, plan, clock));
        using var run = begun;
        IterativeResult Result(Volume volume) => new(volume, options.Method, run.History, run.Stops);
        try
        {
            return Complete(job, Result(run.Solve(
                history => Step(projections, options, history, plan, described),
                (history, stops) => Step(projections, options, history, plan, [.. described, Canceled(stops)]))));
        }
        catch (Exception e) when (CanceledRun.IsEnd(e, context) && run.Partial is not null)
        {
            throw CanceledRun.Error(job, Result(run.Partial), options.IterationLimit, e, context);
        }
    }

    /// <summary>What a run would take, without running it.</summary>
    /// <param name="projections">Line integrals [view, row, column].</param>
    /// <param name="geometry">The geometry.</param>
    /// <param name="options">Method, iterations and so on; null takes SIRT with its defaults.</param>
    /// <exception cref="ArgumentException">Options that exclude each other or the geometry, or shapes that do not fit.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    [OverloadResolutionPriority(-1)]
    public static ReconstructionPlan Plan(ProjectionStack projections, Geometry geometry, IterativeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        ArgumentNullException.ThrowIfNull(geometry);
        var (vectors, checkedOptions, context) = Prepare(projections, geometry, options ?? new IterativeOptions());
        return vectors.IsSliceWise && checkedOptions.TvAcrossSlices != true
            ? IterativePlan.Make(
                projections, checkedOptions, RunCheckpoints.Lanes(checkedOptions.CheckpointFolder), context, isAsked: true, geometry is ParallelGeometry ? null : vectors)
            : VolumePlan.Make(projections, vectors, checkedOptions, context, isAsked: true);
    }

    private static (VectorGeometry Vectors, IterativeOptions Options, RunContext Context) Prepare(
        ProjectionStack projections, Geometry geometry, IterativeOptions options)
    {
        var vectors = GeometryChecks.ForStack(geometry, projections);
        if (options.ImageSize is { } size && size != vectors.ImageSize)
        {
            throw new ArgumentException(
                $"ImageSize is {size}, but the geometry has slices of {vectors.ImageSize}: leave it out, or make the geometry with imageSize.", nameof(options));
        }

        if (options.Operator is not null && geometry is not ParallelGeometry)
        {
            throw new ArgumentException(
                "Operator makes an operator for a ParallelGeometry. For another geometry call IterativeSolver.Solve with your operator.", nameof(options));
        }

        options = options with { ImageSize = vectors.ImageSize };
        IterativeChecks.Options(options);
        var context = options.Device is { } device ? RunContext.Current with { Device = device } : RunContext.Current;
        IterativeChecks.Input(projections, GeometryChecks.AnglesOf(geometry, vectors), options, context, vectors.SliceCount);
        if (!vectors.IsSliceWise && options.Regularizer is not null)
        {
            throw new ArgumentException(
                "Rays that cross slices make one problem of the whole volume, for which there are no regularizers of one's own: leave Regularizer out.",
                nameof(options));
        }

        return (vectors, options, context);
    }
}
