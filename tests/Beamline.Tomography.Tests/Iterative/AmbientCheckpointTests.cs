using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Runs that name no folder for checkpoints, in a context that has one.</summary>
public sealed class AmbientCheckpointTests : IDisposable
{
    private static readonly RotationAxis Middle = RotationAxis.Middle(48);
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-ambient-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(IterativeMethod.Sirt)]
    [InlineData(IterativeMethod.Cgls)]
    [InlineData(IterativeMethod.TvFista)]
    public void A_stopped_run_is_saved_where_it_was_and_ends_with_the_same_bits(IterativeMethod method)
    {
        using var projections = IterativeRunTests.Noisy(40);
        var options = new IterativeOptions { Method = method, Iterations = 9 };
        using var whole = IterativeReconstruction.Run(projections, Middle, options);
        using var source = new CancellationTokenSource();
        var seen = new List<int>();
        var first = new RunContext { CheckpointFolder = _folder, CheckpointsBefore = DateTime.UtcNow.AddDays(-1), CancellationToken = source.Token };
        using (RunContext.Use(first))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => IterativeReconstruction.Run(projections, Middle, Watched(options, seen, i =>
            {
                // In the second of two slabs.
                if (seen.Count == 15)
                {
                    source.Cancel();
                }
            })));
        }

        var stopped = seen[^1];
        seen.Clear();
        using (RunContext.Use(new RunContext { CheckpointFolder = _folder, CheckpointsBefore = DateTime.UtcNow.AddDays(1) }))
        {
            using var resumed = IterativeReconstruction.Run(projections, Middle, Watched(options, seen));
            Assert.Equal(whole.Volume.Memory.Span(0, (int)whole.Volume.Memory.Length), resumed.Volume.Memory.Span(0, (int)resumed.Volume.Memory.Length));
            Assert.Equal(whole.History, resumed.History);
        }

        // The first slab was there as a whole; the second one had ended the iteration in which it was stopped, and saved it.
        Assert.Equal(Enumerable.Range(stopped + 2, 8 - stopped), seen);
    }

    [Fact]
    public void The_same_code_twice_in_one_process_computes_twice()
    {
        using var projections = IterativeRunTests.Noisy(3);
        var seen = new List<int>();
        using var scope = RunContext.Use(new RunContext { CheckpointFolder = _folder, CheckpointsBefore = DateTime.UtcNow.AddMinutes(-1) });
        for (var i = 0; i < 2; i++)
        {
            IterativeReconstruction.Run(projections, Middle, Watched(new IterativeOptions { Iterations = 3 }, seen)).Dispose();
        }

        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], seen);
    }

    [Fact]
    public void Other_data_and_other_options_are_runs_of_their_own()
    {
        using var projections = IterativeRunTests.Noisy(3);
        var options = new IterativeOptions { Iterations = 3 };
        using var scope = RunContext.Use(new RunContext { CheckpointFolder = _folder, CheckpointsBefore = DateTime.UtcNow.AddDays(1) });
        IterativeReconstruction.Run(projections, Middle, options).Dispose();
        IterativeReconstruction.Run(projections, Middle, options with { Iterations = 4 }).Dispose();
        projections.Frame(2)[70] += 1;
        var seen = new List<int>();
        IterativeReconstruction.Run(projections, Middle, Watched(options, seen)).Dispose();
        Assert.Equal([0, 1, 2, 3], seen);
        Assert.Equal(2, Directory.GetDirectories(_folder).Length);
    }

    private static IterativeOptions Watched(IterativeOptions options, List<int> seen, Action<int>? then = null) => options with
    {
        PreviewEvery = 1,
        Preview = new Listener(p =>
        {
            seen.Add(p.Iteration);
            then?.Invoke(p.Iteration);
        }),
    };

    private sealed class Listener(Action<IterationPreview> action) : IProgress<IterationPreview>
    {
        public void Report(IterationPreview value) => action(value);
    }
}
