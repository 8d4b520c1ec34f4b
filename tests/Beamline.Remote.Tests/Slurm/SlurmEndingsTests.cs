using System.Diagnostics;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>Each way in which a job can end, on a real Slurm, by its programs and by slurmrestd alike.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmEndingsTests(SlurmCluster cluster)
{
    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task A_job_that_succeeds_shows_all_and_says_where_it_ran(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        var id = await bench.SubmitAsync("say one; sleep 0.3; say two; status succeeded");
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal(["one", "two"], events.Select(e => e.Text));
        Assert.Equal(JobState.Succeeded, status.State);
        Assert.Matches("^n[123]$", status.Host!);
        Assert.Equal(1, status.Attempt);
        Assert.Equal(bench.Folder(id), Directory.GetParent(bench.Folder(id) + "/job.json")!.FullName);
        var listed = Assert.Single(await bench.Endpoint.ListAsync(default));
        Assert.Equal((id, "cell 7", JobState.Succeeded), (listed.Id, listed.Label, listed.Status.State));
    }

    [Theory]
    [InlineData("cli", "status failed DivideByZeroException zero; exit 1", JobState.Failed)]
    [InlineData("rest", "status failed DivideByZeroException zero; exit 1", JobState.Failed)]
    [InlineData("cli", "echo boom; exit 9", JobState.Crashed)]
    [InlineData("rest", "echo boom; exit 9", JobState.Crashed)]
    [InlineData("cli", "kill -9 $$", JobState.Crashed)]
    [InlineData("rest", "kill -9 $$", JobState.Crashed)]
    [InlineData("cli", "exit 0", JobState.Crashed)]
    [InlineData("rest", "exit 0", JobState.Crashed)]
    public async Task Endings_are_told_apart(string way, string source, JobState expected)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        var status = await bench.RunAsync(source);
        Assert.Equal(expected, status.State);
        switch (source[..4])
        {
            case "stat":
                Assert.Equal(new JobError("DivideByZeroException", "zero", []).ToString(), (status.Error! with { Traceback = [] }).ToString());
                break;
            case "echo":
                Assert.Equal((9, null), (status.ExitCode, status.Signal));
                Assert.Contains("exit code 9", status.Message, StringComparison.Ordinal);
                Assert.Contains("boom", status.Message, StringComparison.Ordinal);
                break;
            case "kill":
                Assert.Equal((null, "SIGKILL"), (status.ExitCode, status.Signal));
                break;
            default:
                Assert.Contains("without a last word", status.Message, StringComparison.Ordinal);
                break;
        }
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task The_end_of_its_time_reaches_the_worker_and_reads_as_that(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        // One saves its state when it is told to end, as the real worker does; the other hears nothing.
        var good = await bench.SubmitAsync("trap 'touch saved; status timedOut; exit 5' TERM; sleep 60 & wait");
        var deaf = await bench.SubmitAsync("trap '' TERM; sleep 60");
        foreach (var id in new[] { good, deaf })
        {
            await bench.UntilAsync(id, s => s.State == JobState.Running);
            await cluster.RunAsync("scontrol", "update", $"JobId={await bench.BatchIdAsync(id)}", "EndTime=now+3");
        }

        Assert.Equal(JobState.TimedOut, (await bench.UntilAsync(good, s => s.IsFinal)).State);
        Assert.True(File.Exists(bench.Folder(good) + "/saved"));
        var status = await bench.UntilAsync(deaf, s => s.IsFinal);
        Assert.Equal(JobState.TimedOut, status.State);
        Assert.Contains("--time", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task Cancelling_reaches_a_job_that_runs_and_one_that_waits(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        var runs = await bench.SubmitAsync("say here; echo $$ >pid; exec sleep 60");
        var waits = await bench.SubmitAsync("status succeeded", new JobResources { After = [runs] });
        await bench.UntilAsync(runs, s => s.State == JobState.Running);
        var waiting = await bench.Endpoint.StatusAsync(waits, default);
        Assert.Equal(JobState.Queued, waiting.State);
        await bench.Endpoint.CancelAsync(waits, default);
        await SlurmWait.ForAsync(() => File.Exists(bench.Folder(runs) + "/pid"));
        var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(bench.Folder(runs) + "/pid"), System.Globalization.CultureInfo.InvariantCulture));
        await bench.Endpoint.CancelAsync(runs, default);
        Assert.True(process.WaitForExit(20_000));
        Assert.Equal(JobState.Cancelled, (await bench.UntilAsync(runs, s => s.IsFinal)).State);
        Assert.Equal(JobState.Cancelled, (await bench.UntilAsync(waits, s => s.IsFinal)).State);
        // One that has ended stays as it is.
        await bench.Endpoint.CancelAsync(runs, default);
        var done = await bench.SubmitAsync("status succeeded");
        await bench.UntilAsync(done, s => s.IsFinal);
        await bench.Endpoint.CancelAsync(done, default);
        Assert.Equal(JobState.Succeeded, (await bench.Endpoint.StatusAsync(done, default)).State);
    }

    [Fact]
    public async Task An_administrator_who_cancels_is_not_the_end_of_the_time()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var id = await bench.SubmitAsync("trap 'status timedOut; exit 5' TERM; say here; sleep 60 & wait");
        await SlurmWait.ForAsync(() => File.Exists(bench.Folder(id) + "/display.jsonl"));
        await cluster.RunAsync("scancel", $"{await bench.BatchIdAsync(id)}");
        var status = await bench.UntilAsync(id, s => s.IsFinal);
        Assert.Equal(JobState.Cancelled, status.State);
        Assert.Contains("scancel", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_requeued_job_runs_again_from_its_folder()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var id = await bench.SubmitAsync(
            "trap 'status timedOut; exit 5' TERM; say attempt $BEAMLINE_ATTEMPT; [ $BEAMLINE_ATTEMPT = 2 ] || { sleep 60 & wait; }; status succeeded",
            new JobResources { MayRequeue = true });
        await SlurmWait.ForAsync(() => File.Exists(bench.Folder(id) + "/display.jsonl"));
        await bench.Endpoint.Control.RequeueAsync(await bench.BatchIdAsync(id), default);
        var queued = await bench.UntilAsync(id, s => s.State == JobState.Queued);
        Assert.Contains("put it back into the queue", queued.Message, StringComparison.Ordinal);
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal((JobState.Succeeded, 2), (status.State, status.Attempt));
        Assert.Equal(["attempt 1", "attempt 2"], events.Select(e => e.Text));
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task A_job_whose_predecessor_failed_fails_with_words(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        var first = await bench.SubmitAsync("sleep 1; status failed Exception no; exit 1");
        var second = await bench.SubmitAsync("status succeeded", new JobResources { After = [first] });
        var status = await bench.UntilAsync(second, s => s.IsFinal);
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("--after", status.Message, StringComparison.Ordinal);
        // One that succeeded long ago is no obstacle, though Slurm may have forgotten it.
        var done = await bench.SubmitAsync("status succeeded");
        await bench.UntilAsync(done, s => s.IsFinal);
        Assert.Equal(JobState.Succeeded, (await bench.RunAsync("status succeeded", new JobResources { After = [done] })).State);
    }
}
