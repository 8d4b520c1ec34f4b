using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display.Tests.Live;

public sealed class LiveJobTests
{
    [Fact]
    public void A_short_job_is_never_shown()
    {
        var setup = new LiveSetup();
        setup.Report(0.5);
        Assert.True(setup.After(0.4));
        setup.Job.Complete();
        Assert.False(setup.After(5));
        setup.Output.EndCell();
        Assert.Empty(setup.Output.Shown);
    }

    [Fact]
    public void A_job_that_is_nearly_over_does_not_flash_up()
    {
        var setup = new LiveSetup();
        setup.Report(0.9);
        setup.After(0.6);
        Assert.Empty(setup.Output.Shown);
        setup.After(0.5);
        Assert.Single(setup.Output.Shown);
        setup = new LiveSetup();
        setup.Report(0.1);
        setup.After(0.6);
        Assert.Single(setup.Output.Shown);
    }

    [Fact]
    public void Updates_come_at_most_five_times_a_second_and_the_newest_counts()
    {
        var setup = new LiveSetup().Shown();
        setup.Output.Shown.Clear();
        for (var i = 11; i <= 60; i++)
        {
            setup.Report(i / 100.0, i, 5.0 / i);
            setup.After(0.02);
        }

        Assert.Equal(5, setup.Output.Shown.Count);
        Assert.Contains("aria-valuenow=\"60\"", setup.Html, StringComparison.Ordinal);
        Assert.Contains("iteration 60 of 100, residual 0.0833", setup.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_news_the_time_goes_on_once_a_second()
    {
        var setup = new LiveSetup().Shown();
        setup.Output.Shown.Clear();
        for (var i = 0; i < 30; i++)
        {
            setup.After(0.1);
        }

        Assert.InRange(setup.Output.Shown.Count, 2, 3);
    }

    [Fact]
    public void Previews_are_asked_for_one_at_a_time()
    {
        var setup = new LiveSetup();
        setup.Report(0.1);
        Assert.False(setup.Live!.WantsPreview);
        setup.After(0.6);
        Assert.True(setup.Live.WantsPreview);
        setup.Report(0.2, preview: Samples.Ramp(20, 30));
        Assert.False(setup.Live.WantsPreview);
        setup.After(0.3);
        Assert.Contains("data:image/", setup.Html, StringComparison.Ordinal);
        Assert.True(setup.Live.WantsPreview);
        setup.Job.Complete();
        Assert.False(setup.Live.WantsPreview);
    }

    [Fact]
    public void Done_is_drawn_once_at_the_end_of_the_cell_with_chart_and_viewer()
    {
        using var volume = Samples.Foam(16, 16);
        var setup = new LiveSetup();
        setup.Job.Expect(TimeSpan.FromSeconds(2));
        setup.Shown();
        setup.Job.Complete(new JobResult(volume) { Residuals = [1, 0.5, 0.25] });
        Assert.False(setup.After(1));
        var before = setup.Output.Shown.Count;
        Assert.DoesNotContain("<script", setup.Html, StringComparison.Ordinal);
        setup.Output.EndCell();
        Assert.Equal(before + 1, setup.Output.Shown.Count);
        Assert.Contains("SIRT: done in 1.1 s, planned 2.0 s; 10 iterations; residual 0.25", setup.Text, StringComparison.Ordinal);
        Assert.Contains("BeamlineViewer", setup.Html, StringComparison.Ordinal);
        Assert.Contains("alt=\"Chart &#39;SIRT: convergence&#39;", setup.Html, StringComparison.Ordinal);
        Assert.False(setup.Output.Last.Parts.ContainsKey(MimeTypes.Plotly));
        Assert.True(OutputBudget.SizeOf(setup.Output.Last) < OutputBudget.NormalBytes);
        setup.After(5);
        Assert.Equal(before + 1, setup.Output.Shown.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_cell_shows_itself_is_not_shown_twice(bool asView)
    {
        using var volume = Samples.Foam(16, 16);
        var setup = new LiveSetup();
        setup.Output.ShownByCell.Add(asView ? volume.View() : volume);
        setup.Shown().Report(0.2, 20, 0.4, Samples.Ramp(20, 20));
        setup.After(1);
        setup.Job.Complete(new JobResult(volume) { Residuals = [1, 0.5, 0.25] });
        setup.Output.EndCell();
        Assert.DoesNotContain("BeamlineViewer", setup.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("alt=\"gray", setup.Html, StringComparison.Ordinal);
        Assert.Contains("Chart", setup.Html, StringComparison.Ordinal);
        Assert.True(setup.Output.Last.Parts.ContainsKey(MimeTypes.Plotly));
        Assert.True(setup.Output.Last.Parts.ContainsKey(MimeTypes.Png));
    }

    [Fact]
    public void A_result_that_is_gone_leaves_the_last_preview()
    {
        var volume = Samples.Foam(16, 16);
        var setup = new LiveSetup().Shown();
        setup.Report(0.5, 50, 0.4, Samples.Ramp(20, 20));
        setup.Job.Complete(new JobResult(volume));
        volume.Dispose();
        setup.Output.EndCell();
        Assert.Contains("done in", setup.Text, StringComparison.Ordinal);
        Assert.Contains("data:image/", setup.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("BeamlineViewer", setup.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_leaves_the_last_preview_and_says_where()
    {
        var setup = new LiveSetup().Shown();
        setup.Job.StopNote = "Go on from the checkpoints";
        setup.Report(0.45, 45, 0.03, Samples.Ramp(20, 30));
        setup.Job.End(JobEnding.Cancelled);
        Assert.Equal("SIRT: cancelled at iteration 45 of 100 after 1.1 s; residual 0.03. Go on from the checkpoints", setup.Text);
        Assert.Contains("data:image/", setup.Html, StringComparison.Ordinal);
        Assert.Contains("aria-valuenow=\"45\"", setup.Html, StringComparison.Ordinal);
        Assert.Equal(30, LiveDisplay.LastPreview!.ColumnCount);
        var count = setup.Output.Shown.Count;
        setup.Report(0.5);
        setup.Output.EndCell();
        Assert.False(setup.After(3));
        Assert.Equal(count, setup.Output.Shown.Count);
    }

    [Fact]
    public void A_job_disposed_without_its_end_has_failed_and_with_a_cancelled_token_was_cancelled()
    {
        var setup = new LiveSetup().Shown();
        setup.Job.Dispose();
        Assert.StartsWith("SIRT: failed at iteration 10 of 100", setup.Text, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource();
        JobEnding? heard = null;
        using (RunContext.Use(new RunContext { CancellationToken = stop.Token, Jobs = new Ear(e => heard = e) }))
        {
            using var job = RunJob.Start("x");
            stop.Cancel();
        }

        Assert.Equal(JobEnding.Cancelled, heard);
    }

    [Fact]
    public void A_stopped_cell_takes_its_running_job_along()
    {
        var setup = new LiveSetup().Shown();
        setup.Output.IsStopped = true;
        setup.Output.EndCell();
        Assert.StartsWith("SIRT: cancelled at iteration 10", setup.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_outlives_its_cell_goes_on_in_its_own_output_and_ends_there()
    {
        var setup = new LiveSetup().Shown();
        setup.Output.EndCell();
        var count = setup.Output.Shown.Count;
        setup.Report(0.7, 70, 0.1);
        Assert.True(setup.After(1));
        Assert.Equal(count + 1, setup.Output.Shown.Count);
        setup.Job.Complete();
        Assert.Contains("done in", setup.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_job_do_not_move_its_bar()
    {
        var setup = new LiveSetup().Shown();
        setup.Report(0.9, activity: "Rotation axis", detail: "row 3");
        setup.After(1);
        Assert.Contains("aria-valuenow=\"10\"", setup.Html, StringComparison.Ordinal);
        Assert.Contains("Rotation axis 90 %: row 3", setup.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_without_a_job_is_called_what_it_does_now()
    {
        var setup = new LiveSetup("save", isDetached: true).Shown();
        setup.Report(0.3, activity: "open", detail: "slice 3");
        setup.After(1);
        Assert.StartsWith("open [######", setup.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", setup.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_over_many_jobs_has_four_displays_and_one_viewer()
    {
        var cell = new object();
        using var volume = Samples.Foam(16, 16);
        var setups = new List<LiveSetup>();
        for (var i = 0; i < 10; i++)
        {
            var setup = new LiveSetup($"job {i}", output: new FakeOutput { Cell = cell }).Shown();
            setup.Job.Complete(new JobResult(volume));
            setups.Add(setup);
        }

        setups.ForEach(s => s.Output.EndCell());
        var shown = setups.Where(s => s.Output.Shown.Count > 0).ToList();
        Assert.Equal(4, shown.Count);
        Assert.Equal(1, shown.Count(s => s.Html.Contains("BeamlineViewer", StringComparison.Ordinal)));
        Assert.Contains(shown, s => s.Text.StartsWith("job 9: done", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_displays_cannot_change_only_the_end_is_shown()
    {
        var setup = new LiveSetup(output: new FakeOutput { CanChange = false }).Shown();
        Assert.Empty(setup.Output.Shown);
        Assert.False(setup.Live!.WantsPreview);
        setup.Job.Complete();
        setup.Output.EndCell();
        Assert.StartsWith("SIRT: done", Assert.Single(setup.Output.Shown).Parts[MimeTypes.Text] as string, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_and_outside_a_notebook_nothing_is_shown()
    {
        Assert.Null(new LiveDisplay().Follow(RunJob.Detached("x")));
        using (LiveDisplay.Off())
        {
            var job = RunJob.Detached("x");
            Assert.True(job.IsFollowed);
            Assert.False(job.WantsPreview);
        }

        Assert.Null(RunContext.Current.Jobs);
        var before = LiveDisplay.Options;
        try
        {
            LiveDisplay.Options = before with { Enabled = false };
            Assert.Same(SilentJobs.Instance, new LiveDisplay().Follow(RunJob.Detached("x")));
        }
        finally
        {
            LiveDisplay.Options = before;
        }
    }

    [Fact]
    public void Outputs_about_jobs_are_marked()
    {
        var setup = new LiveSetup().Shown();
        Assert.True(FakeOutput.MetadataOf(setup.Output.Last)["job"]!.GetValue<bool>());
        setup.Job.Complete();
        setup.Output.EndCell();
        Assert.True(FakeOutput.MetadataOf(setup.Output.Last)["job"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(double.NaN)]
    public void Options_refuse_what_no_front_end_can_follow(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LiveDisplayOptions { UpdatesPerSecond = rate });

    private sealed class Ear(Action<JobEnding> heard) : IJobFollower, IJobListener
    {
        public bool WantsPreview => false;

        public IJobListener? Follow(RunJob job) => this;

        public void Report(in ProgressReport report)
        {
        }

        public void Ended(JobEnding ending, JobResult? result) => heard(ending);
    }

    [Fact]
    public void A_training_speaks_of_steps_loss_and_score_and_ends_with_its_chart()
    {
        var setup = new LiveSetup("training", isDetached: true);
        setup.Job.Words = new JobWords { Iteration = "step", Residual = "loss", Score = "held-out RMSE" };
        setup.Job.Expect(null, 40, 60);
        void Step(int step, double loss, double? score) =>
            setup.Job.Report(new ProgressReport("training", step / 100.0, $"step {step} of 100") { Iteration = step, IterationLimit = 100, Residual = loss, Score = score });
        Step(10, 0.5, 0.25);
        setup.After(1.1);
        Step(20, 0.4, null);
        Step(30, 0.125, 0.2);
        setup.After(0.3);
        Assert.Contains("step 30 of 100, loss 0.125", setup.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("iteration", setup.Html, StringComparison.Ordinal);
        Assert.Contains("loss 0.125; dashed: held-out RMSE 0.2", setup.Html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"loss from 0.5 to 0.125, logarithmic; dashed: held-out RMSE from 0.25 to 0.2\"", setup.Html, StringComparison.Ordinal);
        Assert.Contains(" a step;", setup.Html, StringComparison.Ordinal);

        setup.Job.Complete(new JobResult(null)
        {
            Remark = "best at step 30", Residuals = [0.5, 0.125], Curves = new JobCurves([0, 10, 30], [double.NaN, 0.5, 0.125], [0.4, 0.25, 0.2], [0.002, 0.001, 0]),
        });
        setup.Output.EndCell();
        Assert.Equal("training: done in 1.4 s; 30 steps; loss 0.125. best at step 30", setup.Text);
        var chart = setup.Output.Last.Parts[MimeTypes.Plotly].ToString()!;
        foreach (var word in new[] { "\"loss\"", "\"held-out RMSE\"", "\"learning rate\"", "\"step\"" })
        {
            Assert.Contains(word, chart, StringComparison.Ordinal);
        }

        Assert.Contains("<svg", setup.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_job_tells_what_it_has_to_say()
    {
        var setup = new LiveSetup(isDetached: true).Shown();
        setup.Job.StopNote = "The process was killed.";
        setup.Job.End(JobEnding.Failed);
        Assert.Equal("SIRT: failed at iteration 10 of 100 after 1.1 s; residual 0.5. The process was killed.", setup.Text);
    }
}
