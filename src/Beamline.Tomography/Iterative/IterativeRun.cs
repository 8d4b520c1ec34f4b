using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Iterative;

/// <summary>A whole run: reads slab after slab, iterates, writes the slices, and gathers how it went.</summary>
internal sealed partial class IterativeRun : IDisposable
{
    private readonly ProjectionStack _projections;
    private readonly Geometry _geometry;
    private readonly Length? _voxel;
    private readonly ReconstructionPlan _plan;
    private readonly IterativeOptions _options;
    private readonly VolumeStore _store;
    private readonly IterativeProblem _problem;
    private readonly double _unit;
    private readonly RunClock _clock;
    private long _iterations;
    private List<SliceStop> _stops = [];
    private readonly List<string> _diverged = [];
    private IterationSums[] _sums = [];
    private bool _isInUserUnit;

    internal IterativeRun(
        ProjectionStack projections, Geometry geometry, Length? voxel, ReconstructionPlan plan, IterativeOptions options, VolumeStore store, RunClock clock)
    {
        (_projections, _geometry, _voxel, _plan, _options, _store, _clock) = (projections, geometry, voxel, plan, options, store, clock);
        (Quantity, _unit) = ResultUnit(projections, voxel);
        _problem = new IterativeProblem(
            OperatorOf(geometry, options), options, PixelMask.Of(options, geometry), _unit,
            (geometry as ParallelGeometry)?.AnglesDegrees ?? ProjectionAngles.Of(geometry.ToVectors()));
    }

    internal Quantity Quantity { get; }

    internal IReadOnlyList<SliceStop> Stops => _stops;

    /// <summary>Iterations done, as a part of those that the limit allows.</summary>
    internal double DoneShare => (double)_iterations / ((long)_plan.SlabCount * _options.IterationLimit);

    internal IReadOnlyList<IterationRecord> History { get; private set; } = [];

    /// <summary>The operator of a geometry: the user's own, or the library's.</summary>
    internal static ILinearOperator OperatorOf(Geometry geometry, IterativeOptions options)
    {
        if (geometry is not ParallelGeometry parallel)
        {
            return new VectorProjector(geometry, options.Backend);
        }

        var made = options.Operator?.Invoke(parallel) ?? new ParallelProjector(parallel, options.Backend);
        CheckOperator(made, geometry);
        return made;
    }

    /// <summary>What the values of a result mean, and what they are multiplied by to be per voxel.</summary>
    internal static (Quantity Quantity, double Unit) ResultUnit(ProjectionStack projections, Length? voxel)
    {
        var isAttenuation = projections.Quantity == Quantity.LineIntegral;
        var quantity = !isAttenuation ? new Quantity(projections.Quantity.Name, "per pixel")
            : voxel is null ? Quantity.AttenuationPerPixel
            : Quantity.AttenuationPerCentimeter;
        return (quantity, isAttenuation && voxel is { } edge ? edge.Centimeters : 1);
    }

    internal void Solve()
    {
        var context = RunContext.Current;
        var checkpoints = RunCheckpoints.Open(
            _options, _geometry, _plan.SliceCount, _plan.Lanes, _projections.Quantity, _voxel, $"{_plan.Device} {VectorUnit.Name}");
        SlabRun made = null!;
        _clock.Time(MethodSteps.Prepare, () => made = new SlabRun(_problem, _plan.Lanes));
        using var run = made;
        using var data = _problem.Operator.Range.Allocate(_plan.Lanes);
        using var weights = _options.Weights is null ? null : _problem.Operator.Range.Allocate(_plan.Lanes);
        using var reader = new SlabReader(_projections, _plan.AnglesPerRead, _plan.Lanes);
        using var weightReader = _options.Weights is null ? null : new SlabReader(_options.Weights, _plan.AnglesPerRead, _plan.Lanes);
        for (var slab = 0; slab < _plan.SlabCount; slab++)
        {
            try
            {
                SolveSlab(run, data, weights, reader, weightReader, slab, checkpoints, context);
            }
            catch (Exception e) when (CanceledRun.IsEnd(e, context))
            {
                IsKept = CanceledRun.Keep(context, alone => KeepUnfinished(run, slab, alone)) is not null;
                throw;
            }
        }

        History = IterationSums.Records(_sums);
        Warn(context, reader.Replaced);
    }

    public void Dispose() => _problem.Dispose();

    private void SolveSlab(
        SlabRun run, InterleavedSlab data, InterleavedSlab? weights, SlabReader reader, SlabReader? weightReader, int slab, RunCheckpoints? checkpoints,
        RunContext context)
    {
        var (first, used) = Slices(slab);
        (_isInUserUnit, run.Progress) = (false, null);
        if (used < _plan.Lanes)
        {
            data.Clear();
            weights?.Clear();
        }

        _clock.Time(MethodSteps.Read, () =>
        {
            reader.Read(first, used, data, context);
            weightReader?.Read(first, used, weights!, context);
            FillStart(run.Start, first, used, _unit, context);
        });
        var checkpoint = checkpoints?.Slab(slab, SlabCheckpoint.Hash(data, weights));
        LaneProgress progress = null!;
        _clock.Time(MethodSteps.Iterate, () => progress = Iterate(run, data, weights, slab, used, checkpoint, context));
        _clock.Time(MethodSteps.Write, () => Write(run.Best, first, used, context));
        Gather(progress, first);
    }

    private (int First, int Used) Slices(int slab)
    {
        var first = slab * _plan.Lanes;
        return (first, Math.Min(_plan.Lanes, _plan.SliceCount - first));
    }

    private void Write(InterleavedSlab best, int first, int used, RunContext context)
    {
        if (!_isInUserUnit)
        {
            try
            {
                // In place, so it is done as a whole or not at all.
                SlabMath.Apply(
                    default(Scale), best, best, best, null, [.. Enumerable.Repeat(1 / _unit, _plan.Lanes)], context with { CancellationToken = default });
            }
            finally
            {
                // A wait for other threads may be broken, but not their work.
                _isInUserUnit = true;
            }
        }

        _store.Write(best, first, used, 0, context);
    }

    private LaneProgress Iterate(
        SlabRun run, InterleavedSlab data, InterleavedSlab? weights, int slab, int used, SlabCheckpoint? checkpoint, RunContext context)
    {
        var finished = new LaneProgress(
            _options, SlabMath.SquaredNorm(data, context), (double)data.OuterCount * data.InnerCount, used);
        if (checkpoint?.RestoreFinished(run.Best, finished) == true)
        {
            run.Progress = finished;
            return finished;
        }

        var progress = run.Solve(data, weights, _options.Start is not null, used, checkpoint, (iteration, state, slices) =>
        {
            var now = state.History[^1];
            _iterations += iteration > 0 ? 1 : 0;
            var residual = Math.Sqrt(now.SquaredResidual / Math.Max(now.SquaredData, double.Epsilon));
            context.Report(new ProgressReport(
                _options.Method.ToString(),
                (slab + ((double)iteration / _options.IterationLimit)) / _plan.SlabCount,
                $"slab {slab + 1} of {_plan.SlabCount}, iteration {iteration} of {_options.IterationLimit}, residual {100 * residual:0.##} %")
            {
                Iteration = iteration,
                IterationLimit = _options.IterationLimit,
                Residual = residual,
                Preview = context.Job?.WantsPreview == true ? Slice(iteration, slices, slab * _plan.Lanes, used).Slice : null,
            });
            Preview(iteration, state, slices, slab * _plan.Lanes, used);
        });
        checkpoint?.Finish(run.Best, progress);
        return progress;
    }

    private void Preview(int iteration, LaneProgress progress, InterleavedSlab slices, int first, int used)
    {
        if (_options.Preview is { } listener && iteration % _options.PreviewEvery == 0)
        {
            var (lane, slice) = Slice(iteration, slices, first, used);
            listener.Report(new IterationPreview(iteration, progress.RelativeResidual(lane), slice));
        }
    }

    /// <summary>A copy of the slice to preview, or of the nearest one that the slab holds.</summary>
    private (int Lane, Image Slice) Slice(int iteration, InterleavedSlab slices, int first, int used)
    {
        var lane = Math.Clamp((_options.PreviewSlice ?? _plan.SliceCount / 2) - first, 0, used - 1);
        var size = _plan.ImageSize;
        var values = new float[size * size];
        // A slice lies in as many cache lines as its slab: one thread would hold up the solver for twice as long as two.
        ParallelWork.For(size, RunContext.Current, y =>
        {
            var row = values.AsSpan(y * size, size);
            slices.GetRow(y, lane, row);
            foreach (ref var value in row)
            {
                value = (float)(value / _unit);
            }
        });

        return (lane, new Image(size, size, values)
        {
            Quantity = Quantity,
            PixelSizeX = _voxel,
            PixelSizeY = _voxel,
            Title = $"slice z = {first + lane}, {_options.Method} iteration {iteration}",
        });
    }

    private void FillStart(InterleavedSlab start, int first, int used, double unit, RunContext context)
    {
        start.Clear();
        if (_options.Start is not { } volume)
        {
            return;
        }

        var size = _plan.ImageSize;
        ParallelWork.For(size, context, y =>
        {
            var row = new float[size];
            for (var lane = 0; lane < used; lane++)
            {
                var values = volume.Row(first + lane, y);
                for (var x = 0; x < size; x++)
                {
                    row[x] = float.IsFinite(values[x]) ? (float)(values[x] * unit) : 0;
                }

                start.SetRow(y, lane, row);
            }
        });
    }

    private void Gather(LaneProgress progress, int first)
    {
        _sums = IterationSums.Together(_sums, progress.History);
        for (var lane = 0; lane < progress.Used; lane++)
        {
            var stop = progress.Stop(lane, first + lane);
            _stops.Add(stop);
            if (stop.Reason == StopReason.Diverged)
            {
                _diverged.Add($"slice {stop.Slice} (residual {100 * progress.FirstResidual(lane):0.#} % at the start, least {100 * stop.RelativeResidual:0.#} %, iterate {stop.Iteration} kept)");
            }
        }
    }

    private void Warn(RunContext context, long replaced)
    {
        if (replaced > 0)
        {
            context.Warning?.Invoke($"{replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }

        if (_diverged.Count > 0)
        {
            context.Warning?.Invoke(
                $"{_options.Method} diverged in {_diverged.Count} of {_plan.SliceCount} slices, which stopped at their last good iterate: " +
                string.Join(", ", _diverged.Take(3)) + (_diverged.Count > 3 ? " and others" : "") + ". " + Advice());
        }
    }

    private string Advice() => _options switch
    {
        { Operator: not null } => "Check that Adjoint of your operator is the transpose of its Forward: (A x, y) = (x, A' y).",
        _ when _options.Relaxation.At(0) >= 2 => $"The relaxation of {_options.Relaxation.At(0):0.##} is too large: methods converge below 2, and 1 is safe.",
        _ => "Look for wrong values in the projections, or take a smaller Relaxation.",
    };

    private static void CheckOperator(ILinearOperator inner, Geometry geometry)
    {
        if (inner.Domain.OuterCount != geometry.ImageSize || inner.Domain.InnerCount != geometry.ImageSize ||
            inner.Range.OuterCount != geometry.ViewCount || inner.Range.InnerCount != geometry.ColumnCount)
        {
            var (domain, range) = (inner.Domain, inner.Range);
            inner.Dispose();
            throw new ArgumentException(
                $"The operator maps {domain.OuterCount} x {domain.InnerCount} to {range.OuterCount} x {range.InnerCount}, but the slices are " +
                $"{geometry.ImageSize} x {geometry.ImageSize} and the sinograms {geometry.ViewCount} x {geometry.ColumnCount}.");
        }
    }
}
