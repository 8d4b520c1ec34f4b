using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning.Tests;

/// <summary>Trainings that are watched, steered and broken off, without any notebook.</summary>
public sealed class WatchTests : IDisposable
{
    private const int Size = 64;
    private static readonly int[] Views = [2, 7, 12];
    private static readonly float[] Clean = LowDoseScene.Clean(Size, 15);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly MemoryProjectionStack _low = LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 200, 1), Size);
    private readonly MemoryProjectionStack _normal = LowDoseScene.Views(LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 2000, 2), Size), Views);

    private static TrainingOptions Short => new()
    {
        Network = DenoiserNetwork.UNetSmall, Steps = 60, PatchSize = 20, BatchSize = 8, ScoreEvery = 20, Threads = 1, LearningRate = 5e-3,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_watches_sees_steps_scores_and_a_view_that_is_not_trained_on_and_changes_nothing(bool inThisProcess)
    {
        Torch.Require();
        var alone = Denoiser.TrainHybridDose(_low, _normal, Views, Short with { InThisProcess = true });
        var (watched, watcher) = Watched(() => Denoiser.TrainHybridDose(_low, _normal, Views, Short with { InThisProcess = inThisProcess }));
        Assert.Equal(Bytes(alone), Bytes(watched));

        Assert.Equal("training", watcher.Job!.Name);
        Assert.True(watcher.Job.IsDetached);
        Assert.Equal(("step", "loss", "held-out RMSE"), (watcher.Job.Words.Iteration, watcher.Job.Words.Residual, watcher.Job.Words.Score));
        Assert.Equal((Size, Size), watcher.Job.PreviewShape);
        var reports = watcher.Reports;
        Assert.All(reports, r => Assert.Equal("training", r.Activity));
        var losses = reports.Where(r => r.Residual is not null).Select(r => r.Iteration!.Value).ToArray();
        Assert.Equal(losses.Distinct().Order(), losses);
        Assert.Equal([0, 20, 40, 60], reports.Where(r => r.Score is not null).Select(r => r.Iteration!.Value));
        Assert.Equal(1, reports[^1].Fraction);
        Assert.StartsWith("step 60 of 60, loss ", reports[^1].Detail, StringComparison.Ordinal);

        // The view that is farthest from views 2, 7 and 12; the first preview is asked for with the first score.
        var preview = reports.Select(r => r.Preview).OfType<Image>().First();
        Assert.Equal((Size, Size), (preview.RowCount, preview.ColumnCount));
        Assert.Matches("^view 0, step [1-9]", preview.Title);
        Assert.Equal(JobEnding.Done, watcher.Ending);
        Assert.Equal(watched.Report!.History.Select(s => s.HeldOutRmse), watcher.Result!.Curves!.Scores);
        Assert.True(double.IsNaN(watcher.Result.Curves.Losses[0]));
        Assert.Contains($"best at step {watched.Report.BestStep}", watcher.Result.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_is_the_view_denoised_by_the_weights_of_that_step()
    {
        Torch.Require();
        Image? seen = null;
        // So small that every step is an improvement, and constant, so that the length of the training does not matter.
        var options = Short with { InThisProcess = true, LearningRate = 3e-4, Schedule = LearningRateSchedule.Constant };
        using var run = Denoiser.StartHybridDose(_low, _normal, Views, options with { Steps = 20, ScoreEvery = 1 });
        run.Previewed += image => seen ??= image;
        run.Wait();
        Assert.NotNull(seen);
        Assert.NotNull(run.Preview);

        // The same training, ended at that step, is the network that made the preview.
        var step = int.Parse(seen.Title.Split(' ')[^1]);
        var denoiser = Denoiser.TrainHybridDose(_low, _normal, Views, options with { Steps = step, ScoreEvery = 100 });
        Assert.Equal(step, denoiser.Report!.BestStep);
        Assert.Equal(denoiser.Apply(_low.Projection(0)).Values.ToArray(), seen.Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Nobody_watching_costs_no_preview()
    {
        Torch.Require();
        using var run = Denoiser.StartHybridDose(_low, _normal, Views, Short with { InThisProcess = true, Folder = _folder });
        run.Wait();
        Assert.Null(run.Preview);
        Assert.False(File.Exists(TrainingWindow.PreviewIn(_folder)));
        Assert.Equal(60, run.Step);
        Assert.StartsWith("TrainingRun: U-Net small, Completed after 60 steps", run.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData((Size * Size * 4) + 4)]
    public void A_preview_of_another_size_is_passed_over(int bytes)
    {
        var job = new TrainingJob { Options = Short, PairCount = 1, RowCount = Size, ColumnCount = Size, Scale = 1, DataHash = "", PreviewRows = Size, PreviewColumns = Size };
        Assert.Null(TrainingWindow.ReadPreview(job, _folder));
        File.WriteAllBytes(TrainingWindow.PreviewIn(_folder), new byte[bytes]);
        Assert.Null(TrainingWindow.ReadPreview(job, _folder));
        File.WriteAllBytes(TrainingWindow.PreviewIn(_folder), new byte[Size * Size * 4]);
        Assert.Equal(Size * Size, TrainingWindow.ReadPreview(job, _folder)!.Length);
    }

    [Fact]
    public void A_large_view_is_previewed_by_its_middle()
    {
        var network = DenoiserNetwork.UNetSmall with { InputChannels = 3 };
        var (rows, columns) = (TrainingWindow.Edge(70, network.Multiple), TrainingWindow.Edge(1001, network.Multiple));
        Assert.Equal((68, 384), (rows, columns));
        var job = new TrainingJob
        {
            Options = Short with { Network = network }, PairCount = 1, RowCount = 70, ColumnCount = 1001, Scale = 1, DataHash = "", PreviewRows = rows, PreviewColumns = columns,
        };
        TrainingWindow.WriteInput(job, _folder, [.. Enumerable.Range(0, 3 * 70 * 1001).Select(i => (float)i)]);
        var written = new float[3 * rows * columns];
        Buffer.BlockCopy(File.ReadAllBytes(TrainingWindow.InputIn(_folder)), 0, written, 0, written.Length * sizeof(float));
        float At(int channel, int row, int column) => written[(((channel * rows) + row) * columns) + column];
        Assert.Equal((1 * 1001) + 308, At(0, 0, 0));
        Assert.Equal((2 * 70 * 1001) + (68 * 1001) + 308 + 383, At(2, 67, 383));
    }

    [Fact]
    public void A_cancelled_training_tells_where_its_best_is_though_its_thread_is_not_let_wait()
    {
        Torch.Require();
        using var source = new CancellationTokenSource();
        var watcher = new Watcher();
        Exception? error = null;
        var thread = new Thread(() =>
        {
            using var context = RunContext.Use(new RunContext { Jobs = watcher, CancellationToken = source.Token });
            error = Record.Exception(() => Denoiser.TrainHybridDose(_low, _normal, Views, Short with { Steps = 100_000 }));
        });
        thread.Start();
        watcher.Until(r => r.Score is not null && r.Iteration >= 40);

        // As a kernel stops a cell: the token first, then every wait of the thread.
        source.Cancel();
        while (!thread.Join(30))
        {
            thread.Interrupt();
        }

        var cancelled = Assert.IsType<TrainingCanceledException>(error);
        Assert.Equal(JobEnding.Cancelled, watcher.Ending);
        Assert.Contains("TrainingRun.Latest.Best", watcher.Job!.StopNote, StringComparison.Ordinal);
        Assert.True(cancelled.Best.Report!.BestStep >= 20);
    }

    [Fact]
    public async Task The_best_is_there_while_it_trains_and_after_its_process_was_killed()
    {
        Torch.Require();
        var watcher = new Watcher();
        using var context = RunContext.Use(new RunContext { Jobs = watcher });
        using var run = Denoiser.StartHybridDose(_low, _normal, Views, Short with { Steps = 100_000 });
        Assert.Null(run.Best);
        watcher.Until(r => r.Score is not null && r.Iteration >= 40);
        var during = run.Best!;
        Assert.Equal(TrainingEnd.Stopped, during.Report!.End);
        Assert.DoesNotContain("NaN", during.ToString(), StringComparison.Ordinal);
        Assert.Equal(Size, during.Apply(_low.Projection(0)).RowCount);
        Process.GetProcessById(run.ProcessId!.Value).Kill();
        var error = await Assert.ThrowsAsync<TrainingFailedException>(() => run.Completion);
        Assert.Contains("exit code 137", error.Message, StringComparison.Ordinal);
        Assert.Contains("TrainingRun.Latest.Best", error.Message, StringComparison.Ordinal);
        Assert.Equal(JobEnding.Failed, watcher.Ending);
        Assert.Contains("exit code 137", watcher.Job!.StopNote, StringComparison.Ordinal);
        Assert.True(run.Best!.Report!.BestStep >= during.Report.BestStep);
    }

    [Fact]
    public void A_pause_is_told_and_so_is_a_stop()
    {
        Torch.Require();
        var (denoiser, watcher) = Watched(() =>
        {
            using var run = Denoiser.StartHybridDose(_low, _normal, Views, Short with { Steps = 100_000, InThisProcess = true });
            run.Scored += score =>
            {
                if (score.Step == 20)
                {
                    run.Pause();
                    Assert.True(run.IsPaused);
                    Assert.Contains("paused", run.ToString(), StringComparison.Ordinal);
                    run.Resume();
                    Assert.False(run.IsPaused);
                    run.Stop();
                }
            };
            return run.Wait();
        });
        Assert.Equal(TrainingEnd.Stopped, denoiser.Report!.End);
        Assert.Contains(watcher.Reports, r => r.Detail.StartsWith("paused at step ", StringComparison.Ordinal));
        Assert.StartsWith("stopped; best at step", watcher.Result!.Remark, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (Denoiser Denoiser, Watcher Watcher) Watched(Func<Denoiser> train)
    {
        var watcher = new Watcher();
        using var context = RunContext.Use(new RunContext { Jobs = watcher });
        return (train(), watcher);
    }

    private byte[] Bytes(Denoiser denoiser)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        denoiser.Save(path);
        return [.. SafetensorsFile.Read(path).Tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Values).SelectMany(BitConverter.GetBytes)];
    }

    /// <summary>Wants every preview and remembers all that it is told.</summary>
    private sealed class Watcher : IJobFollower, IJobListener
    {
        private readonly List<ProgressReport> _reports = [];

        public RunJob? Job { get; private set; }

        public JobEnding? Ending { get; private set; }

        public JobResult? Result { get; private set; }

        public bool WantsPreview => true;

        public IReadOnlyList<ProgressReport> Reports
        {
            get
            {
                lock (_reports)
                {
                    return [.. _reports];
                }
            }
        }

        public IJobListener? Follow(RunJob job)
        {
            Job = job;
            return this;
        }

        public void Report(in ProgressReport report)
        {
            lock (_reports)
            {
                _reports.Add(report);
                Monitor.PulseAll(_reports);
            }
        }

        public void Ended(JobEnding ending, JobResult? result) => (Ending, Result) = (ending, result);

        public void Until(Predicate<ProgressReport> isIt)
        {
            lock (_reports)
            {
                while (!_reports.Exists(isIt))
                {
                    Assert.True(Monitor.Wait(_reports, TimeSpan.FromSeconds(60)), "nothing is told any more");
                }
            }
        }
    }
}
