namespace Beamline.Remote.Tests.Slurm;

/// <summary>Ends by the time. Slurm looks at its clocks twice a minute, so this runs beside the other tests.</summary>
public sealed class SlurmTimeTests(OwnSlurmCluster cluster) : IClassFixture<OwnSlurmCluster>
{
    [Fact]
    public async Task The_end_of_its_time_reaches_the_worker_and_reads_as_that()
    {
        await using var cli = SlurmBench.Open(cluster, "cli");
        await using var rest = SlurmBench.Open(cluster, "rest");
        // They save their state when they are told to end, as the real worker does; the last one hears nothing.
        const string saves = "trap 'touch saved.$PMIX_RANK; status timedOut; exit 5' TERM; touch ready.$PMIX_RANK; sleep 120 & wait";
        JobResources here = new() { Extra = ["--nodelist=n2"], Walltime = TimeSpan.FromMinutes(1) };
        (SlurmBench Bench, string Id)[] jobs =
        [
            (cli, await cli.SubmitAsync(saves, here)),
            (rest, await rest.SubmitAsync(saves, here with { Extra = [] })),
            (cli, await cli.SubmitAsync(saves, here with { Nodes = 1, Tasks = 2 })),
            (cli, await cli.SubmitAsync("trap '' TERM; touch ready.; sleep 120", here)),
        ];
        foreach (var (bench, id) in jobs)
        {
            await bench.UntilAsync(id, s => s.State == JobState.Running);
            // Slurm calls it running before its shell can hear anything.
            string[] ready = id == jobs[2].Id ? ["ready.0", "ready.1"] : ["ready."];
            await SlurmWait.ForAsync(() => ready.All(r => File.Exists($"{bench.Folder(id)}/{r}")));
            await cluster.RunAsync("scontrol", "update", $"JobId={await bench.BatchIdAsync(id)}", "EndTime=now+3");
        }

        foreach (var (bench, id) in jobs)
        {
            var status = await bench.UntilAsync(id, s => s.IsFinal);
            Assert.Equal((JobState.TimedOut, true), (status.State, status.Message!.Contains("--time", StringComparison.Ordinal)));
        }

        await SlurmWait.ForAsync(() => File.Exists(cli.Folder(jobs[0].Id) + "/saved."));
        await SlurmWait.ForAsync(() => File.Exists(rest.Folder(jobs[1].Id) + "/saved."));
        // srun hands the notice on to all processes.
        await SlurmWait.ForAsync(() => File.Exists(cli.Folder(jobs[2].Id) + "/saved.0"));
        await SlurmWait.ForAsync(() => File.Exists(cli.Folder(jobs[2].Id) + "/saved.1"));
    }
}
