using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Iterative;

/// <summary>A run on a volume whose slices share rays, or differences to their neighbors: one slab holds all of it, and one step serves all.</summary>
internal sealed class VolumeRun : IDisposable
{
    private readonly ProjectionStack _projections;
    private readonly Geometry _geometry;
    private readonly int _slices;
    private readonly Length? _voxel;
    private readonly IterativeOptions _options;
    private readonly IterativeProblem _problem;
    private readonly Quantity _quantity;
    private readonly double _unit;
    private readonly ReconstructionPlan _plan;
    private readonly RunClock _clock;
    private int _iterations;

    /// <param name="projections">The projections.</param>
    /// <param name="geometry">The geometry; parallel beam as itself, others as vectors.</param>
    /// <param name="voxel">Edge of a voxel.</param>
    /// <param name="options">The options.</param>
    /// <param name="plan">The plan of this run.</param>
    /// <param name="clock">Times its steps.</param>
    internal VolumeRun(ProjectionStack projections, Geometry geometry, Length? voxel, IterativeOptions options, ReconstructionPlan plan, RunClock clock)
    {
        (_projections, _geometry, _voxel, _options, _plan, _clock) = (projections, geometry, voxel, options, plan, clock);
        _slices = plan.SliceCount;
        (_quantity, _unit) = IterativeRun.ResultUnit(projections, voxel);
        var inner = IterativeRun.OperatorOf(geometry, options);
        _problem = new IterativeProblem(
            inner.Domain.PiecesOfDepth > 0 ? inner : new StackedOperator(inner, _slices), options, Mask(options, geometry, _slices), _unit,
            (geometry as ParallelGeometry)?.AnglesDegrees ?? ProjectionAngles.Of(geometry.ToVectors()), _slices);
    }

    /// <summary>Iterations done, as a part of those that the limit allows.</summary>
    internal double DoneShare => (double)_iterations / _options.IterationLimit;

    internal IReadOnlyList<IterationRecord> History { get; private set; } = [];

    internal IReadOnlyList<SliceStop> Stops { get; private set; } = [];

    /// <summary>The volume as it was when the run was cancelled; null before the first iteration and where memory did not permit.</summary>
    internal Volume? Partial { get; private set; }

    internal Volume Solve(
        Func<IReadOnlyList<IterationRecord>, Provenance> provenance, Func<IReadOnlyList<IterationRecord>, IReadOnlyList<SliceStop>, Provenance> canceled)
    {
        var context = RunContext.Current;
        var checkpoints = RunCheckpoints.Open(
            _options, _geometry, _slices, VolumeSlabs.Lanes, _projections.Quantity, _voxel, $"{_plan.Device} {VectorUnit.Name}");
        SlabRun made = null!;
        _clock.Time(MethodSteps.Prepare, () => made = new SlabRun(_problem, VolumeSlabs.Lanes));
        using var run = made;
        using var data = _problem.Operator.Range.Allocate(VolumeSlabs.Lanes);
        using var weights = _options.Weights is null ? null : _problem.Operator.Range.Allocate(VolumeSlabs.Lanes);
        long replaced = 0;
        _clock.Time(MethodSteps.Read, () =>
        {
            replaced = VolumeSlabs.Read(_projections, data, context);
            if (weights is not null)
            {
                VolumeSlabs.Read(_options.Weights!, weights, context);
            }

            if (_options.Start is { } start)
            {
                VolumeSlabs.Read(start, run.Start, _unit, context);
            }
        });
        var checkpoint = checkpoints?.Slab(0, SlabCheckpoint.Hash(data, weights));
        try
        {
            LaneProgress progress = null!;
            _clock.Time(MethodSteps.Iterate, () => progress = Iterate(run, data, weights, checkpoint, context));
            Note(progress);
            Warn(context, replaced);
            ArrayMemory<float> memory = null!;
            _clock.Time(MethodSteps.Write, () => memory = Written(run.Best, context));
            return Made(memory, _clock.Finish(_options.Method.ToString(), context, DoneShare), provenance(History));
        }
        catch (Exception e) when (CanceledRun.IsEnd(e, context) && run.Progress is not null)
        {
            Note(run.Progress);
            Partial = CanceledRun.Keep(context, alone => Made(Written(run.Best, alone), null, canceled(History, Stops)));
            throw;
        }
    }

    private void Note(LaneProgress progress)
    {
        History = IterationSums.Records(IterationSums.Together([], progress.History));
        Stops = [progress.Stop(0, 0)];
    }

    private Volume Made(ArrayMemory<float> memory, RunTiming? timing, Provenance provenance) =>
        new(_slices, _geometry.ImageSize, _geometry.ImageSize, memory)
        {
            VoxelSize = _voxel is { } edge ? VoxelSize.Cube(edge) : null,
            Quantity = _quantity,
            Timing = timing,
            Provenance = provenance,
        };

    /// <summary>A slab as the elements of a volume, in the unit of the result.</summary>
    private ArrayMemory<float> Written(InterleavedSlab slab, RunContext context)
    {
        var memory = ArrayMemory.Allocate<float>((long)_slices * _geometry.ImageSize * _geometry.ImageSize);
        try
        {
            // The volume only lends its shape: the memory goes to another one.
            VolumeSlabs.Write(slab, new Volume(_slices, _geometry.ImageSize, _geometry.ImageSize, memory), 1 / _unit, context);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private LaneProgress Iterate(SlabRun run, InterleavedSlab data, InterleavedSlab? weights, SlabCheckpoint? checkpoint, RunContext context)
    {
        // A volume is one problem, which lane 0 speaks for.
        var finished = new LaneProgress(_options, SlabMath.SquaredNorm(data, context), IterativeSlab.Places(data), 1);
        if (checkpoint?.RestoreFinished(run.Best, finished) == true)
        {
            run.Progress = finished;
            return finished;
        }

        var progress = run.Solve(data, weights, _options.Start is not null, 1, checkpoint, (iteration, state, slices) =>
        {
            _iterations += iteration > 0 ? 1 : 0;
            context.Report(new ProgressReport(
                _options.Method.ToString(), (double)iteration / _options.IterationLimit,
                $"iteration {iteration} of {_options.IterationLimit}, residual {100 * state.RelativeResidual(0):0.##} %")
            {
                Iteration = iteration,
                IterationLimit = _options.IterationLimit,
                Residual = state.RelativeResidual(0),
                Preview = context.Job?.WantsPreview == true ? Slice(iteration, slices) : null,
            });
            Preview(iteration, state, slices);
        });
        checkpoint?.Finish(run.Best, progress);
        return progress;
    }

    public void Dispose() => _problem.Dispose();

    /// <summary>The user's mask and the circle in every slice; the lanes behind the last slice are outside.</summary>
    private static float[]? Mask(IterativeOptions options, Geometry geometry, int slices)
    {
        var slice = PixelMask.Of(options, geometry);
        var run = VolumeSlabs.Pieces(slices) * VolumeSlabs.Lanes;
        if (slice is null && run == slices)
        {
            return null;
        }

        var mask = new float[checked(geometry.ImageSize * geometry.ImageSize * run)];
        for (var i = 0; i < geometry.ImageSize * geometry.ImageSize; i++)
        {
            mask.AsSpan(i * run, slices).Fill(slice?[i] ?? 1);
        }

        return mask;
    }

    private void Preview(int iteration, LaneProgress progress, InterleavedSlab slab)
    {
        if (_options.Preview is { } listener && iteration % _options.PreviewEvery == 0)
        {
            listener.Report(new IterationPreview(iteration, progress.RelativeResidual(0), Slice(iteration, slab)));
        }
    }

    private unsafe Image Slice(int iteration, InterleavedSlab slab)
    {
        var (size, z) = (_geometry.ImageSize, _options.PreviewSlice ?? _slices / 2);
        var run = VolumeSlabs.Pieces(_slices) * VolumeSlabs.Lanes;
        var values = new float[size * size];
        ParallelWork.For(size, RunContext.Current, y =>
        {
            for (var x = 0; x < size; x++)
            {
                values[(y * size) + x] = (float)(VolumeSlabs.Run(slab, y, x, run)[z] / _unit);
            }
        });
        GC.KeepAlive(slab);
        return new Image(size, size, values)
        {
            Quantity = _quantity,
            PixelSizeX = _voxel,
            PixelSizeY = _voxel,
            Title = $"slice z = {z}, {_options.Method} iteration {iteration}",
        };
    }

    private void Warn(RunContext context, long replaced)
    {
        if (replaced > 0)
        {
            context.Warning?.Invoke($"{replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }

        if (Stops[0].Reason == StopReason.Diverged)
        {
            context.Warning?.Invoke(
                $"{_options.Method} diverged and stopped at its last good iterate ({Stops[0].Iteration}, residual {100 * Stops[0].RelativeResidual:0.#} %). " +
                "Look for wrong values in the projections, or take a smaller Relaxation.");
        }
    }
}
