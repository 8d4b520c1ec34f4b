using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>How the ranks of a job tell each other how they ended, and what the job's end is then.</summary>
public sealed class RankEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Own end, ends of ranks 1 and 2, the rank that failed first; the job's state and what is said.
    [InlineData("ok", "ok", "ok", null, JobState.Succeeded, null)]
    [InlineData("ok", "ok", "bad2", null, JobState.Failed, "Rank 2 of 3 on n2: two")]
    [InlineData("ok", "bad1", "bad2", 2, JobState.Failed, "Rank 2 of 3 on n2: two")]
    [InlineData("cancelled", "cancelled", "bad2", 2, JobState.Failed, "Rank 2 of 3 on n2: two")]
    [InlineData("timed", "bad1", "timed", 1, JobState.Failed, "Rank 1 of 3 on n1: one")]
    [InlineData("bad0", "cancelled", "cancelled", 0, JobState.Failed, "Rank 0 of 3 on n0: zero")]
    [InlineData("bad0", "bad1", "ok", null, JobState.Failed, "Rank 0 of 3 on n0: zero")]
    [InlineData("timed", "timed", "timed", null, JobState.TimedOut, null)]
    [InlineData("cancelled", "cancelled", "cancelled", null, JobState.Cancelled, null)]
    [InlineData("cancelled", null, "cancelled", null, JobState.Cancelled, null)]
    [InlineData("timed", "timed", null, null, JobState.Failed, "Rank 2 of 3 ended without a word")]
    [InlineData("ok", null, "timed", null, JobState.Failed, "Rank 1 of 3 ended without a word")]
    [InlineData("timed", null, null, null, JobState.Failed, "Ranks 1, 2 of 3 ended without a word")]
    // The one that heard that another was gone is not to blame.
    [InlineData("timed", "talk1", null, 1, JobState.Failed, "Rank 2 of 3 ended without a word")]
    [InlineData("cancelled", "talk1", "cancelled", 1, JobState.Failed, "Rank 1 of 3 on n1: no answer")]
    [InlineData("memory", "cancelled", "cancelled", 0, JobState.OutOfMemory, "Rank 0 of 3 on n0: zero")]
    public void The_rank_to_blame_is_named(string own, string? one, string? two, int? first, JobState state, string? says)
    {
        var end = RankEnd.Of(Status(own, 0)!, new Dictionary<int, JobStatus?> { [1] = Status(one, 1), [2] = Status(two, 2) }, first);
        Assert.Equal(state, end.State);
        if (says is null)
        {
            Assert.Null(end.Error);
        }
        else
        {
            Assert.StartsWith(says, end.Error?.Message ?? end.Message, StringComparison.Ordinal);
            Assert.StartsWith(says[..4], end.Message, StringComparison.Ordinal);
        }

        static JobStatus? Status(string? word, int rank) => word switch
        {
            null => null,
            "ok" => new JobStatus(JobState.Succeeded),
            "cancelled" => new JobStatus(JobState.Cancelled) { Message = "It was cancelled." },
            "timed" => new JobStatus(JobState.TimedOut) { Message = "Its process was told to end." },
            "memory" => new JobStatus(JobState.OutOfMemory) { Host = "n0", Error = new JobError("OutOfMemoryException", "zero", []) },
            _ when word.StartsWith("talk", StringComparison.Ordinal) => new JobStatus(JobState.Failed) { Host = $"n{rank}", Error = new JobError("RankException", "no answer", []) },
            _ => new JobStatus(JobState.Failed) { Host = $"n{rank}", Error = new JobError("Exception", new[] { "zero", "one", "two" }[rank], ["line"]) },
        };
    }

    [Fact]
    public async Task The_first_rank_waits_for_all_and_hears_how_they_ended()
    {
        var layout = Layout();
        using var stop = new WorkerStop(layout);
        var first = new RankFiles(layout, 0, 3);
        var waiting = first.WaitForOthersAsync(stop);
        new RankFiles(layout, 2, 3).Say(JobState.Failed, "why", null);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        new RankFiles(layout, 1, 3).Say(JobState.Succeeded, null, null);
        var ends = await waiting;
        Assert.Equal((JobState.Succeeded, JobState.Failed, "why"), (ends[1]!.State, ends[2]!.State, ends[2]!.Message));
        Assert.Equal(Environment.MachineName, ends[2]!.Host);
        first.Mark();
        first.Clear();
        Assert.Empty(Directory.GetFiles(layout.Folder, "rank.*"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_wait_for_ever_when_one_has_failed_or_it_is_told_to_end(bool isTold)
    {
        var layout = Layout();
        using var stop = new WorkerStop(layout);
        var little = TimeSpan.FromMilliseconds(100);
        var first = new RankFiles(layout, 0, 3) { AfterFailure = isTold ? TimeSpan.FromHours(1) : little, AfterSignal = isTold ? little : TimeSpan.FromHours(1) };
        var waiting = first.WaitForOthersAsync(stop);
        new RankFiles(layout, 2, 3).Say(JobState.Cancelled, null, null);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        if (isTold)
        {
            stop.Terminate();
        }
        else
        {
            new RankFiles(layout, 2, 3).Mark();
        }

        var ends = await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Null(ends[1]);
        Assert.Equal(JobState.Cancelled, ends[2]!.State);
    }

    [Fact]
    public void The_mark_is_that_of_the_rank_that_was_first_and_stops_the_others()
    {
        var layout = Layout();
        using var stop = new WorkerStop(layout);
        var files = new RankFiles(layout, 1, 3);
        Assert.Null(files.FirstFailed);
        stop.StopAt(files.FailMark);
        new RankFiles(layout, 2, 3).Mark();
        files.Mark();
        Assert.Equal(2, files.FirstFailed);
        Assert.True(stop.Token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        Assert.Equal((JobState.Cancelled, false), (stop.State, stop.IsTerminated));
        Assert.Equal("2", File.ReadAllText(files.FailMark));
    }

    [Fact]
    public void Who_waits_for_a_rank_that_has_ended_its_cell_hears_of_it()
    {
        var layout = Layout();
        var (first, second, third) = (new RankFiles(layout, 0, 3), new RankFiles(layout, 1, 3), new RankFiles(layout, 2, 3));
        second.Say(JobState.Failed, null, null);
        Assert.Null(first.Hindrance());
        second.Say(JobState.Succeeded, null, null);
        Assert.StartsWith("Rank 1 is at the end", first.Hindrance(), StringComparison.Ordinal);
        Assert.StartsWith("Rank 1 is at the end", third.Hindrance(), StringComparison.Ordinal);
        Assert.Null(second.Hindrance());
        first.SayEnded();
        Assert.StartsWith("Rank 0 is at the end", second.Hindrance(), StringComparison.Ordinal);
        third.Say(JobState.Succeeded, null, null);
        Assert.StartsWith("Rank 2 is at the end", second.Hindrance(), StringComparison.Ordinal);
        Assert.StartsWith("Rank 1 is at the end", first.Hindrance(), StringComparison.Ordinal);
    }

    private JobLayout Layout()
    {
        File.WriteAllText(_folder.File("job.json"), "{}");
        return JobFolder.At(_folder.Path).Layout;
    }
}
