using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>Iterates one slab after the other with one method; the work slabs are allocated once.</summary>
internal sealed class SlabRun : IDisposable
{
    private readonly IterativeProblem _problem;
    private readonly IterativeSlab _method;
    private readonly int _limit;

    internal SlabRun(IterativeProblem problem, int lanes)
    {
        (_problem, _limit) = (problem, problem.Options.IterationLimit);
        _method = problem.Options.Method switch
        {
            IterativeMethod.Sirt or IterativeMethod.Sart or IterativeMethod.OsSart => new SirtSlab(problem, lanes),
            IterativeMethod.Cgls or IterativeMethod.Tikhonov => new CglsSlab(problem, lanes),
            IterativeMethod.Lsqr => new LsqrSlab(problem, lanes),
            IterativeMethod.Mlem or IterativeMethod.Osem => new EmSlab(problem, lanes),
            IterativeMethod.Pwls or IterativeMethod.TvFista => new FistaSlab(problem, lanes),
            IterativeMethod.TvPdhg => new PdhgSlab(problem, lanes),
            IterativeMethod.AsdPocs => new AsdPocsSlab(problem, lanes),
            _ => throw new ArgumentOutOfRangeException(nameof(problem), problem.Options.Method, "No such method."),
        };
        Best = problem.Operator.Domain.Allocate(lanes);
    }

    /// <summary>The slices after <see cref="Solve"/>; while it runs, the best ones so far: whole iterates, whenever it is cancelled.</summary>
    internal InterleavedSlab Best { get; }

    /// <summary>How far the slab is; null before its iterations have begun.</summary>
    internal LaneProgress? Progress { get; set; }

    /// <summary>Where the start goes before <see cref="Solve"/>.</summary>
    internal InterleavedSlab Start => _method.X;

    /// <summary>Iterates until every slice has reached its end.</summary>
    /// <param name="data">Line integrals.</param>
    /// <param name="weights">Weights of the rays, or null.</param>
    /// <param name="isWarm">Whether <see cref="Start"/> holds a guess.</param>
    /// <param name="used">Lanes that hold slices.</param>
    /// <param name="checkpoint">Reads and writes the state; null keeps none.</param>
    /// <param name="observer">Hears of each iteration: updates done, and the slices now.</param>
    internal LaneProgress Solve(
        InterleavedSlab data, InterleavedSlab? weights, bool isWarm, int used, SlabCheckpoint? checkpoint, Action<int, LaneProgress, InterleavedSlab>? observer)
    {
        var context = RunContext.Current;
        var whole = context with { CancellationToken = default };
        SlabMath.Apply(new Confine(_problem.Low, _problem.High), Start, Start, Start, _problem.Mask, null, context);
        // What has no good iterate at all ends as it began.
        SlabMath.Copy(Start, Best);
        _method.Begin(data, weights, isWarm);
        var progress = new LaneProgress(
            _problem.Options, SlabMath.SquaredNorm(data, context), IterativeSlab.Places(data), used);
        var iteration = 0;
        LaneSums? step = null;
        var resumed = checkpoint?.Restore(_method, Best, progress);
        if (resumed is { } at)
        {
            iteration = at;
            Progress = progress;
            _method.Measure();
        }

        // A run that goes on another time ends its iteration and saves it; one that does not stops at once.
        using var late = checkpoint is { IsAmbient: true } ? AmbientCheckpoints.Later(context.CancellationToken) : null;
        using var patient = late is null ? null : RunContext.Use(context with { CancellationToken = late.Token });
        while (true)
        {
            if (late is null || iteration == 0 || resumed == iteration)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
            }

            if (resumed != iteration)
            {
                var keep = progress.Observe(iteration, _method.Measure(), step, _limit);
                SlabMath.CopyLanes(_method.X, Best, keep, whole);
                Progress = progress;
                if (late is not null && context.CancellationToken.IsCancellationRequested && !progress.AllStopped)
                {
                    if (iteration > 0)
                    {
                        checkpoint!.Save(iteration, _method, Best, progress);
                    }

                    context.CancellationToken.ThrowIfCancellationRequested();
                }

                observer?.Invoke(iteration, progress, _method.X);
                if (progress.AllStopped)
                {
                    return progress;
                }

                if (iteration > 0 && checkpoint?.IsDue(iteration, _problem.Options.CheckpointEvery) == true)
                {
                    checkpoint.Save(iteration, _method, Best, progress);
                }
            }

            step = _method.Update(iteration);
            iteration++;
        }
    }

    public void Dispose()
    {
        _method.Dispose();
        Best.Dispose();
    }
}
