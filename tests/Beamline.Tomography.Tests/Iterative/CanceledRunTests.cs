using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>What a cancelled run hands over.</summary>
public sealed class CanceledRunTests
{
    private const int N = 48;
    private const int Rows = 70;
    private static readonly RotationAxis Middle = RotationAxis.Middle(N);

    [Theory]
    [MemberData(nameof(IterativeRunTests.Methods), MemberType = typeof(IterativeRunTests))]
    public void Slices_are_solved_or_their_best_whole_iterate_or_not_begun(IterativeMethod method)
    {
        // Slabs of 32, 32 and 6.
        using var projections = IterativeRunTests.Noisy(Rows);
        var options = new IterativeOptions { Method = method, Iterations = 6, Subsets = DeterminismTests.Subsets(method) };
        using var whole = IterativeReconstruction.Run(projections, Middle, options);
        var error = Cancelled(options, slab: 1, iteration: 4, o => IterativeReconstruction.Run(projections, Middle, o));
        using var partial = error.Partial;
        Assert.Contains(": 32 slices solved, 32 on the way, 6 not begun", error.Message, StringComparison.Ordinal);
        Assert.Equal((Rows, whole.Volume.Quantity, whole.Volume.VoxelSize), (partial.Volume.SliceCount, partial.Volume.Quantity, partial.Volume.VoxelSize));
        Assert.StartsWith("38 of 70", partial.Volume.Provenance.Steps[^1].Parameters["canceled"], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, Rows), partial.Stops.Select(s => s.Slice));
        Assert.Equal(whole.Stops.Take(32), partial.Stops.Take(32));
        var runs = partial.Stops.Skip(32).Take(32).Select(s => s.Iteration).Distinct().ToDictionary(
            i => i, i => IterativeReconstruction.Run(projections, Middle, options with { Iterations = i }));
        for (var z = 0; z < Rows; z++)
        {
            var stop = partial.Stops[z];
            if (z < 32)
            {
                Assert.True(whole.Volume.Slice(z).SequenceEqual(partial.Volume.Slice(z)), $"slice {z}");
            }
            else if (z < 64)
            {
                Assert.Equal(StopReason.Canceled, stop.Reason);
                Assert.InRange(stop.Iteration, 1, 4);
                Assert.True(runs[stop.Iteration].Volume.Slice(z).SequenceEqual(partial.Volume.Slice(z)), $"slice {z} at iteration {stop.Iteration}");
                Assert.Equal(runs[stop.Iteration].Stops[z].RelativeResidual, stop.RelativeResidual);
            }
            else
            {
                Assert.Equal(new SliceStop(z, StopReason.Canceled, 0, double.NaN), stop);
                Assert.True(partial.Volume.Slice(z).IndexOfAnyExcept(0f) < 0, $"slice {z} was not begun");
            }
        }

        foreach (var run in runs.Values)
        {
            run.Dispose();
        }
    }

    [Fact]
    public void Slices_that_were_not_begun_hold_the_start()
    {
        using var projections = IterativeRunTests.Noisy(Rows);
        using var start = new Volume(Rows, N, N);
        start.Memory.Span(0, (int)start.Memory.Length).Fill(0.003f);
        using var partial = Cancelled(
            new IterativeOptions { Start = start, Iterations = 5 }, slab: 0, iteration: 2, o => IterativeReconstruction.Run(projections, Middle, o)).Partial;
        Assert.Equal(2, partial.Stops[0].Iteration);
        Assert.True(partial.Volume.Slice(40).SequenceEqual(start.Slice(40)) && partial.Volume.Slice(69).SequenceEqual(start.Slice(69)));
        Assert.False(partial.Volume.Slice(20).SequenceEqual(start.Slice(20)));
    }

    [Fact]
    public void Before_the_first_iteration_there_is_nothing_to_keep()
    {
        using var projections = IterativeRunTests.Noisy(2);
        using var source = new CancellationTokenSource();
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token });
        // The norm of the operator is looked for, and nothing else is done yet.
        var options = new IterativeOptions
        {
            Operator = geometry =>
            {
                source.Cancel();
                return new ParallelProjector(geometry);
            },
        };
        Assert.Equal(typeof(OperationCanceledException), Assert.ThrowsAny<OperationCanceledException>(() => IterativeReconstruction.Run(projections, Middle, options)).GetType());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_that_breaks_the_waits_of_the_thread_takes_nothing_away(bool whileItWaits)
    {
        using var projections = IterativeRunTests.Noisy(3);
        Exception? found = null;
        using var source = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token, MaxThreads = 4 });
            found = Record.Exception(() => IterativeReconstruction.Run(projections, Middle, new IterativeOptions
            {
                PreviewEvery = 1,
                Preview = new IterativeRunTests.Listener<IterationPreview>(p =>
                {
                    if (p.Iteration == 3)
                    {
                        source.Cancel();
                        Thread.CurrentThread.Interrupt();
                        Thread.Sleep(whileItWaits ? 10_000 : 0);
                    }
                }),
            }).Dispose());
        });
        thread.Start();
        thread.Join();
        var error = Assert.IsType<ReconstructionCanceledException>(found);
        using var partial = error.Partial;
        Assert.All(partial.Stops, s => Assert.Equal((StopReason.Canceled, 3), (s.Reason, s.Iteration)));
        Assert.Contains("cancelled at iteration 3 of 100", error.Message, StringComparison.Ordinal);
        if (whileItWaits)
        {
            Assert.IsType<ThreadInterruptedException>(error.InnerException);
        }
    }

    [Fact]
    public void A_volume_that_is_one_problem_is_kept_too()
    {
        using var projections = IterativeRunTests.Noisy(20);
        var options = new IterativeOptions { Method = IterativeMethod.TvPdhg, TvAcrossSlices = true, Iterations = 6 };
        using var partial = Cancelled(options, slab: 0, iteration: 4, o => IterativeReconstruction.Run(projections, Middle, o)).Partial;
        var stop = Assert.Single(partial.Stops);
        Assert.Equal(StopReason.Canceled, stop.Reason);
        using var same = IterativeReconstruction.Run(projections, Middle, options with { Iterations = stop.Iteration });
        Assert.True(same.Volume.Memory.Span(0, 20 * N * N).SequenceEqual(partial.Volume.Memory.Span(0, 20 * N * N)));
        Assert.Equal(5, partial.History.Count);
    }

    [Fact]
    public void The_solver_for_one_slab_keeps_it_too()
    {
        using var projector = new ParallelProjector(new ParallelGeometry(Phantoms.Angles(20), N, Middle));
        using var data = projector.Range.Allocate(16);
        for (var row = 0; row < data.OuterCount; row++)
        {
            data.SetRow(row, 0, [.. Enumerable.Range(0, N).Select(d => d is > 10 and < 30 ? 1f : 0)]);
        }

        using var source = new CancellationTokenSource();
        using var scope = RunContext.Use(new RunContext
        {
            CancellationToken = source.Token,
            Progress = new IterativeRunTests.Listener<ProgressReport>(p =>
            {
                if (p.Iteration == 3)
                {
                    source.Cancel();
                }
            }),
        });
        var error = Assert.Throws<SolutionCanceledException>(() => IterativeSolver.Solve(projector, data, new IterativeOptions { Iterations = 9 }));
        using var partial = error.Partial;
        Assert.Equal(new SliceStop(0, StopReason.Canceled, 3, partial.Stops[0].RelativeResidual), partial.Stops[0]);
        using var free = RunContext.Use(new RunContext());
        using var same = IterativeSolver.Solve(projector, data, new IterativeOptions { Iterations = 3 });
        var (expected, found) = (new float[N], new float[N]);
        same.Slices.GetRow(20, 0, expected);
        partial.Slices.GetRow(20, 0, found);
        Assert.Equal(expected, found);
        Assert.Contains(found, v => v != 0);
    }

    [Fact]
    public void A_slice_without_a_good_iterate_is_its_start_and_no_other_slice()
    {
        using var projections = IterativeRunTests.Noisy(40);
        for (var a = 0; a < projections.AngleCount; a++)
        {
            // Squares of these leave the range of a float. Its lane held slice 3 before.
            projections.Frame(a).Slice(35 * N, N).Fill(a % 2 == 0 ? 3e37f : -3e37f);
        }

        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Iterations = 3 });
        Assert.Equal(StopReason.Diverged, result.Stops[35].Reason);
        Assert.True(result.Volume.Slice(35).IndexOfAnyExcept(0f) < 0);
    }

    /// <summary>Runs until the iteration of the slab, and cancels.</summary>
    private static ReconstructionCanceledException Cancelled(IterativeOptions options, int slab, int iteration, Func<IterativeOptions, IterativeResult> run)
    {
        using var source = new CancellationTokenSource();
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token });
        var begun = -1;
        return Assert.Throws<ReconstructionCanceledException>(() => run(options with
        {
            PreviewEvery = 1,
            Preview = new IterativeRunTests.Listener<IterationPreview>(p =>
            {
                begun += p.Iteration == 0 ? 1 : 0;
                if (begun == slab && p.Iteration == iteration)
                {
                    source.Cancel();
                }
            }),
        }));
    }
}
