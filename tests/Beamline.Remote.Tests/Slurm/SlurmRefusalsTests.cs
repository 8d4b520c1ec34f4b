using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>Wishes that a cluster cannot fulfil, and things that are others'.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmRefusalsTests(SlurmCluster cluster)
{
    [Theory]
    [InlineData("cli")]
    [InlineData("rest")]
    public async Task What_the_cluster_does_not_have_is_said_before_anything_is_sent(string way)
    {
        await using var bench = SlurmBench.Open(cluster, way);
        await RefusedAsync(bench, new() { Partition = "debgu" }, "There is no partition 'debgu'; there are debug, short. Did you mean debug?");
        await RefusedAsync(bench, new() { Walltime = TimeSpan.FromMinutes(61) }, "--time 01:01:00 is longer than the partition debug allows: 01:00:00 at most.");
        await RefusedAsync(bench, new() { Partition = "short", Walltime = TimeSpan.FromMinutes(6) }, "Longer ones may run in debug (--partition).");
        await RefusedAsync(bench, new() { Nodes = 4 }, "3 at most");
        await RefusedAsync(bench, new() { Extra = ["--constraint=a100\n#SBATCH --uid=0"] }, "line break");
        await RefusedAsync(bench, new() { Extra = ["--outp=/etc/passwd"] }, "may not set");
        await RefusedAsync(bench, new() { Extra = ["-o /etc/passwd"] }, "--name=value");
        await RefusedAsync(bench, new() { Account = "me;rm" }, "--account");
        await RefusedAsync(bench, new() { After = ["../../../../etc"] }, "resources.after");
        await RefusedAsync(bench, new() { After = [JobNames.NewId()] }, "to wait for");
        Assert.False(Directory.Exists(bench.Settings.WorkFolder + "/jobs"));
        // And what only Slurm knows, in its words and ours.
        await RefusedAsync(bench, new() { Gpus = 9 }, "no node of the partition has");
        var info = await bench.Endpoint.InfoAsync(default);
        Assert.Equal(("slurm", TimeSpan.FromHours(1)), (info.Kind, info.LongestWalltime));
    }

    [Fact]
    public async Task A_job_of_another_user_is_left_alone_and_not_shown()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        var mine = await bench.SubmitAsync("status succeeded");
        await bench.UntilAsync(mine, s => s.IsFinal);
        await using var control = new RestControl(new SlurmVia { Kind = SlurmViaKind.Rest, Socket = cluster.RestSocket, User = "nobody" });
        var theirs = await control.SubmitAsync(new SlurmBatch { Name = "theirs", Folder = "/tmp", Body = "exec sleep 60\n", Output = "/dev/null" }, default);
        // A number in a folder that is another user's job by now.
        var ticket = bench.Folder(mine) + "/slurm.json";
        await File.WriteAllTextAsync(ticket, (await File.ReadAllTextAsync(ticket)).Replace($"\"batchId\":{await bench.BatchIdAsync(mine)}", $"\"batchId\":{theirs}", StringComparison.Ordinal));
        await using var endpoint = new SlurmEndpointConnection("cluster", bench.Settings);
        Assert.Contains("belongs to nobody", (await Assert.ThrowsAsync<EndpointException>(() => endpoint.CancelAsync(mine, default))).Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Succeeded, (await endpoint.StatusAsync(mine, default)).State);
        Assert.False(Assert.Single(await control.JobsAsync([theirs], default)).IsFinal);
        await control.CancelAsync(theirs, default);
        // A folder that another user made.
        await File.WriteAllTextAsync(ticket, (await File.ReadAllTextAsync(ticket)).Replace("\"root\"", "\"nobody\"", StringComparison.Ordinal));
        await using var third = new SlurmEndpointConnection("cluster", bench.Settings);
        Assert.Contains("belongs to nobody", (await Assert.ThrowsAsync<EndpointException>(() => third.StatusAsync(mine, default))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no job", (await Assert.ThrowsAsync<EndpointException>(() => third.StatusAsync(JobNames.NewId(), default))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EndpointException>(() => third.StatusAsync("../jobs", default));
    }

    [Fact]
    public async Task A_work_folder_that_cannot_be_used_is_named_with_its_field()
    {
        await using var bench = SlurmBench.Open(cluster, "cli");
        await using var endpoint = new SlurmEndpointConnection("cluster", bench.Settings with { WorkFolder = "/proc/nothing" });
        var error = await Assert.ThrowsAsync<EndpointException>(() => endpoint.SubmitAsync(bench.Job("true"), new Dictionary<string, IArraySource>(), null, default));
        Assert.Contains("/proc/nothing", error.Message, StringComparison.Ordinal);
        Assert.Contains("workFolder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_a_node_does_not_have_names_the_fields()
    {
        await using var bench = SlurmBench.Open(cluster, "cli", new() { WorkFolder = "", BeamlineCommand = ["/nowhere/beamline"], Prologue = ["echo prologue"] });
        var status = await bench.RunAsync("true");
        Assert.Equal(JobState.Crashed, status.State);
        Assert.Contains("beamlineCommand", status.Message, StringComparison.Ordinal);
        Assert.Contains("prologue / ", status.Message, StringComparison.Ordinal);
        Assert.Contains("beamlineCommand", (await Assert.ThrowsAsync<EndpointException>(() => bench.Endpoint.InfoAsync(default))).Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(SlurmBench bench, JobResources resources, string expected)
    {
        var error = await Assert.ThrowsAsync<EndpointException>(() => bench.SubmitAsync("true", resources));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
