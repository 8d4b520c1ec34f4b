using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Iterative;

namespace Beamline.Tomography;

/// <summary>The methods of <see cref="IterativeMethod"/> on any operator, for one slab: for geometries and models of your own.</summary>
public static class IterativeSolver
{
    /// <summary>Finds slices x with A x = data.</summary>
    /// <remarks>
    /// SIRT, SART and the expectation maximizations, and the steps of TvPdhg, suppose that no entry of A is negative. The other methods take
    /// any operator. Methods by subsets need an <see cref="ISplitOperator"/>. Options that speak of volumes, stacks and geometries (Start,
    /// Weights, checkpoints, previews, MaskOutsideCircle) are for <see cref="IterativeReconstruction"/> and refused here.
    /// </remarks>
    /// <param name="a">The operator; not disposed.</param>
    /// <param name="data">A slab of the shape of the operator's range; not changed.</param>
    /// <param name="options">Method, iterations, bounds and so on; values are in the operator's own units.</param>
    /// <param name="start">What to start from, of the shape of the domain; null starts from zeros.</param>
    /// <exception cref="ArgumentException">A shape that does not fit, or options that exclude each other.</exception>
    /// <exception cref="SolutionCanceledException">The run context was cancelled; the slices as they were are in the exception.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled before the first iteration.</exception>
    public static SlabSolution Solve(ILinearOperator a, InterleavedSlab data, IterativeOptions? options = null, InterleavedSlab? start = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new IterativeOptions();
        IterativeChecks.Options(options);
        CheckShape(data, a.Range, data.Lanes, "data");
        if (start is not null)
        {
            CheckShape(start, a.Domain, data.Lanes, "start");
        }

        var isVolume = a.Domain.PiecesOfDepth > 0;
        if (isVolume && (data.Lanes != 16 || options.Mask is not null || options.Regularizer is not null))
        {
            throw new ArgumentException("An operator on a volume takes slabs of 16 lanes, no Mask and no Regularizer: these are made for slices.", nameof(options));
        }

        if (options.TvAcrossSlices == true && !isVolume)
        {
            throw new ArgumentException("TvAcrossSlices needs an operator on a volume: the lanes of this one are slices by themselves.", nameof(options));
        }

        if (options.Mask is { } mask && (mask.RowCount != a.Domain.OuterCount || mask.ColumnCount != a.Domain.InnerCount))
        {
            throw new ArgumentException(
                $"The mask is {mask.RowCount} x {mask.ColumnCount}, but a slice is {a.Domain.OuterCount} x {a.Domain.InnerCount}.", nameof(options));
        }

        if (options.Start is not null || options.Weights is not null || options.CheckpointFolder is not null || options.Preview is not null ||
            options.MaskOutsideCircle || options.Operator is not null)
        {
            throw new ArgumentException(
                "Start, Weights, CheckpointFolder, Preview, MaskOutsideCircle and Operator belong to IterativeReconstruction.Run.", nameof(options));
        }

        using var problem = new IterativeProblem(new Borrowed(a), options, PixelMask.Of(options, null), 1, ProjectionAngles.Of(a), Depth(a));
        using var run = new SlabRun(problem, data.Lanes);
        if (start is not null)
        {
            SlabMath.Copy(start, run.Start);
        }

        using var job = RunJob.Start(options.Method.ToString());
        var context = RunContext.Current;
        // A volume is one problem, and lane 0 speaks for it.
        var used = isVolume ? 1 : data.Lanes;
        SlabSolution Solution(LaneProgress progress)
        {
            var slices = a.Domain.Allocate(data.Lanes);
            SlabMath.Copy(run.Best, slices);
            var history = IterationSums.Records(IterationSums.Together([], progress.History));
            return new SlabSolution(slices, history, [.. Enumerable.Range(0, used).Select(l => progress.Stop(l, l))]);
        }

        try
        {
            var progress = run.Solve(data, null, start is not null, used, null, (iteration, state, _) =>
            {
                var now = state.History[^1];
                context.Report(new ProgressReport(
                    options.Method.ToString(), (double)iteration / options.IterationLimit, $"iteration {iteration} of {options.IterationLimit}")
                {
                    Iteration = iteration,
                    IterationLimit = options.IterationLimit,
                    Residual = Math.Sqrt(now.SquaredResidual / Math.Max(now.SquaredData, double.Epsilon)),
                });
            });
            var solution = Solution(progress);
            job.Complete(new JobResult(null) { Residuals = [.. solution.History.Select(h => h.RelativeResidual)] });
            return solution;
        }
        catch (Exception e) when (CanceledRun.IsEnd(e, context) && run.Progress is not null)
        {
            if (CanceledRun.Keep(context, _ => Solution(run.Progress)) is { } partial)
            {
                throw new SolutionCanceledException(
                    partial, $"{options.Method} was cancelled at iteration {partial.History[^1].Iteration} of {options.IterationLimit}. " +
                    "The slices as they were then are in this exception's Partial.", e, context.CancellationToken);
            }

            throw;
        }
    }

    /// <summary>Slices of an operator on a volume; 0 for one on slices.</summary>
    private static int Depth(ILinearOperator a) =>
        a is VectorProjector { Geometry.IsSliceWise: false } projector ? projector.Geometry.SliceCount : a.Domain.PiecesOfDepth * VolumeSlabs.Lanes;

    private static void CheckShape(InterleavedSlab slab, SlabShape shape, int lanes, string what)
    {
        if (slab.OuterCount != shape.OuterCount || slab.InnerCount != shape.InnerCount || slab.Pad != SlabShape.Pad ||
            slab.OuterPad != shape.OuterPad || slab.PiecesOfDepth != shape.PiecesOfDepth || slab.Lanes != lanes)
        {
            throw new ArgumentException(
                $"The {what} slab is {slab.OuterCount} x {slab.InnerCount} x {slab.Lanes}, but the operator needs " +
                $"{shape.OuterCount} x {shape.InnerCount} x {lanes}. Allocate it with the operator's Domain or Range.");
        }
    }

    /// <summary>The caller's operator, which a run must not dispose.</summary>
    private sealed class Borrowed(ILinearOperator inner) : ISplitOperator
    {
        public SlabShape Domain => inner.Domain;

        public SlabShape Range => inner.Range;

        public void Forward(InterleavedSlab x, InterleavedSlab y) => inner.Forward(x, y);

        public void Adjoint(InterleavedSlab y, InterleavedSlab x) => inner.Adjoint(y, x);

        public ILinearOperator Part(IReadOnlyList<int> rows) => inner is ISplitOperator split
            ? split.Part(rows)
            : throw new ArgumentException(
                $"This method works by subsets of the rays, but {inner.GetType().Name} cannot be split: implement ISplitOperator, or take SIRT or MLEM.");

        public void Dispose()
        {
            // Whoever made the operator disposes it.
        }
    }
}
