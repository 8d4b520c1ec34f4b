namespace Beamline.Remote.Tests.Slurm;

/// <summary>Arrays for maps, and jobs of several processes.</summary>
public sealed class SlurmManyTests(OwnSlurmCluster cluster) : IClassFixture<OwnSlurmCluster>
{
    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task A_map_is_one_array_with_a_throttle_and_tells_of_the_items_that_failed(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way, new() { WorkFolder = "", ArrayTasks = 5 });
        // Nine items, two a task; those that run at the same time are counted by files.
        var id = await bench.SubmitAsync(
            "touch run.$$; ls | grep -c run[.] >>together; sleep 0.4; rm run.$$; say $items; " +
            "[ $items = 4-5 ] && { status failed Exception no; exit 1; }; status succeeded",
            map: SlurmBench.Map(9, throttle: 2));
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal(["0-1", "2-3", "4-5", "6-7", "8-8"], events.Select(e => e.Text).Order());
        Assert.All(await File.ReadAllLinesAsync(bench.Folder(id) + "/together"), l => Assert.InRange(int.Parse(l, System.Globalization.CultureInfo.InvariantCulture), 1, 2));
        Assert.Equal(JobState.Failed, status.State);
        Assert.StartsWith("1 of 5 tasks did not succeed: failed: items 4-5.", status.Message, StringComparison.Ordinal);
        Assert.Equal("Exception", status.Error?.Name);
        // And as another sender sees it.
        await using var other = new Remote.Slurm.SlurmEndpointConnection("cluster", bench.Settings);
        Assert.Equal(status.Message, (await other.StatusAsync(id, default)).Message);
    }

    [Fact]
    public async Task A_map_without_failures_succeeds_and_one_with_a_silent_task_does_not()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        Assert.Equal(JobState.Succeeded, (await bench.RunAsync("status succeeded", map: SlurmBench.Map(4))).State);
        var silent = await bench.RunAsync("[ $items = 2-2 ] || status succeeded; exit 0", map: SlurmBench.Map(4));
        Assert.Equal(JobState.Crashed, silent.State);
        Assert.Contains("items 2.", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_map_ends_all_of_its_tasks()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var id = await bench.SubmitAsync("say here; exec sleep 60", map: SlurmBench.Map(8, throttle: 2));
        await SlurmWait.ForAsync(() => File.Exists(bench.Folder(id) + "/display.jsonl"));
        var running = await bench.UntilAsync(id, s => s.State == JobState.Running);
        Assert.Contains("of 8 tasks ended", running.Message, StringComparison.Ordinal);
        await bench.Endpoint.CancelAsync(id, default);
        Assert.Equal(JobState.Cancelled, (await bench.UntilAsync(id, s => s.IsFinal)).State);
        Assert.All(await bench.Endpoint.Control.JobsAsync([await bench.BatchIdAsync(id)], default), j => Assert.Equal("CANCELLED", j.State));
    }

    [Theory]
    [InlineData("cli", "srun")]
    [InlineData("rest", "srun")]
    [InlineData("cli", "mpirun")]
    public async Task Two_processes_on_two_nodes_get_their_ranks(string way, string launcher)
    {
        var isSrun = launcher == "srun";
        await using var bench = SlurmBench.Open(cluster, way, new()
        {
            WorkFolder = "",
            Mpi = isSrun ? Remote.Slurm.SlurmMpi.Srun : Remote.Slurm.SlurmMpi.Mpirun,
            MpiOptions = isSrun ? [] : ["--allow-run-as-root", "--mca", "oob_tcp_if_include", "lo"],
        });
        var id = await bench.SubmitAsync(
            "say rank $PMIX_RANK on $(hostname); sleep 0.3; [ $PMIX_RANK != 0 ] || status succeeded", new JobResources { Nodes = 2, Tasks = 2 });
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal(JobState.Succeeded, status.State);
        var said = events.Select(e => e.Text!.Split(' ')).OrderBy(w => w[1]).ToList();
        Assert.Equal(["0", "1"], said.Select(w => w[1]));
        Assert.Equal(2, said.Select(w => w[3]).Distinct().Count());
    }

    [Fact]
    public async Task A_job_of_several_processes_ends_when_one_of_them_fails()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var failed = await bench.RunAsync("[ $PMIX_RANK != 1 ] || exit 9; sleep 60", new JobResources { Nodes = 2, Tasks = 2 });
        Assert.Equal(JobState.Crashed, failed.State);
    }
}
