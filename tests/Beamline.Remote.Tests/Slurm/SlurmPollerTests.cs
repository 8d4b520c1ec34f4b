using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>One question for many jobs, and seldom.</summary>
public sealed class SlurmPollerTests
{
    [Fact]
    public async Task Many_jobs_cost_one_question_and_questions_get_rarer()
    {
        var time = new Clock();
        var control = new Double();
        var poller = new SlurmPoller(control, time);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(id => poller.LookAsync(id, default)));
        // The first round may have begun before all had come.
        Assert.InRange(control.Questions, 1, 2);
        var before = control.Questions;
        for (var second = 0; second < 60; second++)
        {
            time.Now += TimeSpan.FromSeconds(1);
            await Task.WhenAll(Enumerable.Range(1, 50).Select(id => poller.LookAsync(id, default)));
        }

        Assert.InRange(control.Questions - before, 6, 12);
        poller.Hurry(3);
        before = control.Questions;
        await poller.LookAsync(3, default);
        Assert.Equal(before + 1, control.Questions);
    }

    [Fact]
    public async Task A_controller_that_is_silent_leaves_what_was_known()
    {
        var time = new Clock();
        var control = new Double();
        var poller = new SlurmPoller(control, time);
        Assert.Null((await poller.LookAsync(1, default)).Silence);
        control.IsSilent = true;
        time.Now += TimeSpan.FromSeconds(11);
        var sight = await poller.LookAsync(1, default);
        Assert.Equal("RUNNING", Assert.Single(sight.Jobs).State);
        Assert.Contains("silent", sight.Silence, StringComparison.Ordinal);
        control.IsSilent = false;
        time.Now += TimeSpan.FromSeconds(11);
        Assert.Null((await poller.LookAsync(1, default)).Silence);
        control.IsForgetful = true;
        time.Now += TimeSpan.FromSeconds(11);
        Assert.True((await poller.LookAsync(1, default)).IsGone);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Double : SlurmControlDouble
    {
        public int Questions { get; private set; }

        public bool IsSilent { get; set; }

        public bool IsForgetful { get; set; }

        public override Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        {
            Questions++;
            return IsSilent ? throw new EndpointException("It is silent.") { IsUnreachable = true }
                : Task.FromResult<IReadOnlyList<SlurmJob>>(IsForgetful ? [] : [.. ids.Select(id => new SlurmJob(id, "RUNNING"))]);
        }
    }
}
