namespace Beamline.Remote.Tests.Slurm;

/// <summary>What goes wrong with clusters: nodes that die, queues that are full, controllers that are away.</summary>
public sealed class SlurmTroubleTests(OwnSlurmCluster cluster) : IClassFixture<OwnSlurmCluster>
{
    [Fact]
    public async Task A_node_that_dies_loses_its_job_or_gives_it_back()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        JobResources on3 = new() { Extra = ["--nodelist=n3"] };
        var lost = await bench.SubmitAsync("say here; sleep 120", on3);
        var back = await bench.SubmitAsync("say here; sleep 120", on3 with { MayRequeue = true });
        foreach (var id in new[] { lost, back })
        {
            await SlurmWait.ForAsync(() => File.Exists(bench.Folder(id) + "/display.jsonl"));
        }

        await cluster.DoAsync("kill", "n3");
        try
        {
            // The controller would notice within its timeout of half a minute; an administrator is faster.
            await cluster.RunAsync("scontrol", "update", "NodeName=n3", "State=DOWN", "Reason=died");
            var status = await bench.UntilAsync(lost, s => s.IsFinal);
            Assert.Equal((JobState.Lost, "n3"), (status.State, status.Host));
            Assert.Contains("n3 failed", status.Message, StringComparison.Ordinal);
            await bench.UntilAsync(back, s => s.State == JobState.Queued && s.Message?.Contains("put it back", StringComparison.Ordinal) == true);
            await bench.Endpoint.CancelAsync(back, default);
            Assert.Equal(JobState.Cancelled, (await bench.UntilAsync(back, s => s.IsFinal)).State);
        }
        finally
        {
            await cluster.ReviveAsync("n3");
        }
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task A_full_queue_says_why_a_job_waits(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        JobResources whole = new() { CpusPerTask = 6, Partition = "short" };
        var first = await bench.SubmitAsync("say here; sleep 60", whole);
        await bench.UntilAsync(first, s => s.State == JobState.Running);
        var second = await bench.SubmitAsync("sleep 60", whole);
        var third = await bench.SubmitAsync("sleep 60", whole);
        Assert.Contains("as soon as nodes are free", (await bench.UntilAsync(second, s => s.Message is not null && s.State == JobState.Queued)).Message, StringComparison.Ordinal);
        Assert.Contains("higher priority", (await bench.UntilAsync(third, s => s.Message is not null && s.State == JobState.Queued)).Message, StringComparison.Ordinal);
        foreach (var id in new[] { third, second, first })
        {
            await bench.Endpoint.CancelAsync(id, default);
        }
    }

    [Fact]
    public async Task A_controller_that_is_away_loses_nothing()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var id = await bench.SubmitAsync("say here; while [ ! -e go ]; do sleep 0.1; done; say done; status succeeded");
        await SlurmWait.ForAsync(() => File.Exists(bench.Folder(id) + "/display.jsonl"));
        await bench.UntilAsync(id, s => s.State == JobState.Running);
        await cluster.UntilNotedAsync(id);
        JobStatus away;
        try
        {
            await cluster.DoAsync("stop");
            away = await bench.UntilAsync(id, s => s.Message is not null);
        }
        finally
        {
            await cluster.DoAsync("start");
        }

        Assert.Equal(JobState.Running, away.State);
        Assert.Contains("does not answer", away.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(bench.Folder(id) + "/go", "");
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal(JobState.Succeeded, status.State);
        Assert.Equal(["here", "done"], events.Select(e => e.Text));
    }

    [Fact]
    public async Task A_job_that_was_handed_over_without_a_number_is_found_again_and_runs_once()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var job = bench.Job("say once; status succeeded");
        var id = JobDescriptionFile.Read(job.Json).Id;
        var none = new Dictionary<string, IArraySource>();
        var first = await bench.Endpoint.SubmitAsync(job, none, null, default);
        await bench.UntilAsync(id, s => s.IsFinal);
        // As after a crash between sbatch and the note of its number.
        File.Delete(bench.Folder(id) + "/slurm.json");
        await using var again = new Remote.Slurm.SlurmEndpointConnection("cluster", bench.Settings);
        var second = await again.SubmitAsync(job, none, null, default);
        Assert.Equal(first.BatchId, second.BatchId);
        var third = await again.SubmitAsync(job, none, null, default);
        Assert.Equal(first.BatchId, third.BatchId);
        Assert.Single((await bench.FollowAsync(id)).Events);
    }

    [Fact]
    public async Task A_job_that_Slurm_has_forgotten_is_known_from_its_folder_or_from_the_file_of_completed_jobs()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var control = bench.Endpoint.Control;
        var id = await bench.SubmitAsync("exit 9");
        await bench.UntilAsync(id, s => s.IsFinal);
        var number = await bench.BatchIdAsync(id);
        // A controller that was killed may give a number again; the file then has another test's job of this number, too.
        var all = new Remote.Slurm.SlurmSight(await control.PastAsync([number], default));
        var past = Assert.Single(all.Only(Remote.Slurm.SlurmSubmission.JobName(id), "root").Jobs);
        Assert.Equal(("FAILED", 9), (past.State, past.ExitCode));
        Assert.Empty(await control.JobsAsync([999_999], default));
        Assert.Empty(await control.PastAsync([999_999], default));
    }
}
