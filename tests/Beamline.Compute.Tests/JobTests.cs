namespace Beamline.Compute.Tests;

public sealed class JobTests
{
    [Fact]
    public void Reports_in_a_job_reach_its_listener_and_carry_the_job()
    {
        var ear = new Ear();
        var heard = new List<ProgressReport>();
        using var scope = RunContext.Use(new RunContext { Jobs = ear, Progress = new Listener(heard) });
        using (var job = RunJob.Start("SIRT"))
        {
            RunContext.Current.Report(new ProgressReport("SIRT", 0.5) { Iteration = 5, Residual = 0.1 });
            Assert.Same(job, heard[0].Job);
            Assert.Same(job, RunContext.Current.Job);
            Assert.True(job.IsFollowed);
            job.Complete(new JobResult("volume") { Residuals = [1, 0.1] });
            Assert.True(job.HasEnded);
        }

        Assert.Null(RunContext.Current.Job);
        Assert.Equal((5, 0.1), (ear.Reports[0].Iteration, ear.Reports[0].Residual));
        Assert.Equal([(JobEnding.Done, "volume")], ear.Endings);
        RunContext.Current.Report("later", 0);
        Assert.Null(heard[^1].Job);
    }

    [Fact]
    public void A_job_within_a_job_is_a_part_of_it()
    {
        var ear = new Ear();
        using var scope = RunContext.Use(new RunContext { Jobs = ear });
        using var outer = RunJob.Start("outer");
        outer.Expect(TimeSpan.FromSeconds(5), 3, 4);
        using (var inner = RunJob.Start("inner"))
        {
            Assert.NotSame(outer, inner);
            Assert.Equal(outer.Number, inner.Number);
            Assert.True(inner.IsFollowed);
            Assert.True(inner.WantsPreview);
            inner.Expect(TimeSpan.FromSeconds(1));
            RunContext.Current.Report("inner", 0.9);
            inner.Complete(new JobResult("thing"));
        }

        Assert.False(outer.HasEnded);
        Assert.Same(outer, RunContext.Current.Job);
        Assert.Equal((TimeSpan.FromSeconds(5), (3, 4)), (outer.Expected, outer.PreviewShape));
        Assert.Equal(["outer"], ear.Names);
        Assert.Equal(["inner"], ear.Reports.Select(r => r.Activity));
        Assert.Empty(ear.Endings);
    }

    [Fact]
    public async Task Jobs_at_once_are_told_apart()
    {
        var ear = new Ear();
        using var scope = RunContext.Use(new RunContext { Jobs = ear });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            using var job = RunJob.Start($"job {i}");
            RunContext.Current.Report($"job {i}", 0.5);
            job.Complete();
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(4, ear.Names.Distinct().Count());
        Assert.Equal(4, ear.Endings.Count);
    }

    [Fact]
    public void A_job_started_after_one_that_has_ended_but_not_been_disposed_is_its_own()
    {
        var ear = new Ear();
        using var scope = RunContext.Use(new RunContext { Jobs = ear });
        using var first = RunJob.Start("first");
        first.Complete();
        using var second = RunJob.Start("second");
        Assert.Equal(["first", "second"], ear.Names);
        Assert.NotEqual(first.Number, second.Number);
    }

    [Fact]
    public void Without_a_follower_a_job_costs_nothing_and_shows_nothing()
    {
        using var job = RunJob.Start("alone");
        Assert.False(job.IsFollowed);
        Assert.False(job.WantsPreview);
        RunContext.Current.Report("alone", 0.5);
        job.Complete();
        Assert.Throws<ArgumentException>(() => RunJob.Start(""));
    }

    [Fact]
    public void Time_left_begins_with_the_plan_and_goes_over_to_the_pace()
    {
        var left = new TimeLeft();
        var plan = TimeSpan.FromSeconds(100);
        Assert.Equal(100, left.Next(TimeSpan.Zero, 0, plan)!.Value.TotalSeconds, 1e-9);
        // Twice as slow as planned: 200 s in all.
        var seconds = Enumerable.Range(1, 100).Select(i => left.Next(TimeSpan.FromSeconds(i), i / 200.0, plan)!.Value.TotalSeconds).ToArray();
        Assert.InRange(seconds[0], 95, 110);
        Assert.Equal(180, seconds[19], 2.0);
        Assert.Equal(100, seconds[99], 1.0);
    }

    [Fact]
    public void Time_left_follows_the_pace_of_late_and_grows_when_work_stands_still()
    {
        var left = new TimeLeft();
        TimeSpan? last = null;
        for (var i = 1; i <= 20; i++)
        {
            last = left.Next(TimeSpan.FromSeconds(i), 0.01 * i, null);
        }

        Assert.Equal(80, last!.Value.TotalSeconds, 1.0);
        for (var i = 1; i <= 20; i++)
        {
            last = left.Next(TimeSpan.FromSeconds(20 + i), 0.2 + (0.03 * i), null);
        }

        // 20 % are left, at 3 % a second of late; the mean of all would say 10 s.
        Assert.InRange(last!.Value.TotalSeconds, 6, 8);
        var stuck = left.Next(TimeSpan.FromSeconds(100), 0.8, null);
        Assert.True(stuck > last * 2);
    }

    [Fact]
    public void Time_left_is_not_guessed_from_nothing()
    {
        var left = new TimeLeft();
        Assert.Null(left.Next(TimeSpan.FromSeconds(3), 0, null));
        Assert.Null(left.Next(TimeSpan.FromSeconds(4), double.NaN, null));
        Assert.Null(left.Next(TimeSpan.FromSeconds(5), 0.001, null));
        Assert.Equal(TimeSpan.Zero, left.Next(TimeSpan.FromSeconds(6), 7, null));
        // The next part of the work counts from 0 again.
        Assert.Null(left.Next(TimeSpan.FromSeconds(7), 0, null));
        Assert.Equal(9, left.Next(TimeSpan.FromSeconds(8), 0.1, null)!.Value.TotalSeconds, 1.0);
    }

    [Fact]
    public void A_log_gets_few_lines_however_long_and_busy_the_job_is()
    {
        var steps = new ProgressSteps();
        var quick = Enumerable.Range(0, 10_000).Count(i => steps.Take(new ProgressReport("a", i / 10_000.0), TimeSpan.FromSeconds(i / 100.0)));
        Assert.InRange(quick, 9, 14);
        steps = new ProgressSteps();
        var slow = Enumerable.Range(0, 100_000).Count(i => steps.Take(new ProgressReport("a", i / 100_000.0), TimeSpan.FromSeconds(i * 5)));
        Assert.InRange(slow, 10, 150);
        steps = new ProgressSteps();
        var many = Enumerable.Range(0, 3000).Count(i => steps.Take(new ProgressReport($"part {i}", i % 10 / 10.0), TimeSpan.FromSeconds(i / 50.0)));
        Assert.InRange(many, 1, 60);
        steps = new ProgressSteps();
        Assert.False(steps.Take(new ProgressReport("a", 0), TimeSpan.FromSeconds(9)));
        Assert.True(steps.Take(new ProgressReport("a", 0), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(0.5, "FBP [##########..........] 50 %  slab 1 of 2  12 s, about 12 s left")]
    [InlineData(0, "FBP [....................] 0 %  slab 1 of 2  12 s")]
    [InlineData(1, "FBP [####################] 100 %  slab 1 of 2  12 s")]
    [InlineData(double.NaN, "FBP [....................] 0 %  slab 1 of 2  12 s")]
    [InlineData(-3, "FBP [....................] 0 %  slab 1 of 2  12 s")]
    public void A_report_is_one_line(double fraction, string line) =>
        Assert.Equal(line, ProgressText.Line(new ProgressReport("FBP", fraction, "slab 1\nof 2"), TimeSpan.FromSeconds(12)));

    private sealed class Listener(List<ProgressReport> heard) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => heard.Add(value);
    }

    private sealed class Ear : IJobFollower
    {
        private readonly Lock _gate = new();

        public List<string> Names { get; } = [];

        public List<ProgressReport> Reports { get; } = [];

        public List<(JobEnding, object?)> Endings { get; } = [];

        public IJobListener? Follow(RunJob job)
        {
            lock (_gate)
            {
                Names.Add(job.Name);
                return new One(this);
            }
        }

        private sealed class One(Ear ear) : IJobListener
        {
            public bool WantsPreview => true;

            public void Report(in ProgressReport report)
            {
                lock (ear._gate)
                {
                    ear.Reports.Add(report);
                }
            }

            public void Ended(JobEnding ending, JobResult? result)
            {
                lock (ear._gate)
                {
                    ear.Endings.Add((ending, result?.Value));
                }
            }
        }
    }
}
