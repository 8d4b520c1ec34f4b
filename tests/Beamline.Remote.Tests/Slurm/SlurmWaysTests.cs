using System.Text;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>The ways to a cluster: the socket of slurmrestd, ssh, arrays and results over each.</summary>
public sealed class SlurmWaysTests(OwnSlurmCluster cluster) : IClassFixture<OwnSlurmCluster>
{
    /// <summary>A program like ssh: it takes the options that ssh takes, and gives the words to a login shell as sshd does.</summary>
    private const string FakeSsh = """
        #!/bin/bash
        while [ "$1" != -- ]; do shift; done
        shift 2
        exec env -i PATH="$PATH" HOME="$HOME" USER="$(id -un)" /bin/sh -c "$*"
        """;

    [Fact]
    public async Task Over_ssh_a_job_runs_with_files_and_results_over_the_same_line()
    {
        cluster.Need();
        using var folder = new TemporaryFolder();
        var ssh = folder.Write("ssh", FakeSsh + "\n");
        Executable.Make(ssh);
        await OverSshAsync(new SlurmVia { Kind = SlurmViaKind.Ssh, Host = "login", User = "me", Port = 2222, Program = ssh, Conf = cluster.Conf }, folder);
    }

    [Fact]
    public async Task Over_a_real_sshd_as_well()
    {
        cluster.Need();
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "There is no sshd here.");
        using var folder = new TemporaryFolder();
        await using var sshd = await RealSshd.StartAsync(folder);
        await OverSshAsync(new SlurmVia { Kind = SlurmViaKind.Ssh, Host = "emulated-login", Config = sshd.Config, Conf = cluster.Conf }, folder);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_unreachable_and_a_missing_program_is_named()
    {
        using var folder = new TemporaryFolder();
        var ssh = folder.Write("ssh", "#!/bin/bash\necho 'ssh: connect to host login port 22: No route to host' >&2\nexit 255\n");
        Executable.Make(ssh);
        var host = new SshHost(new SlurmVia { Kind = SlurmViaKind.Ssh, Host = "login", Program = ssh }, folder.Path);
        var error = await Assert.ThrowsAsync<EndpointException>(() => new CliControl(host).PartitionsAsync(default));
        Assert.True(error.IsUnreachable);
        Assert.Contains("No route to host", error.Message, StringComparison.Ordinal);
        var none = new SshHost(new SlurmVia { Kind = SlurmViaKind.Ssh, Host = "login", Program = folder.File("none") }, folder.Path);
        Assert.Contains("via.program", (await Assert.ThrowsAsync<EndpointException>(() => new CliControl(none).PartitionsAsync(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_socket_of_slurmrestd_takes_and_cancels_jobs()
    {
        cluster.Need();
        await using var control = new RestControl(new SlurmVia { Kind = SlurmViaKind.Rest, Socket = cluster.RestSocket, User = "nobody" });
        Assert.Contains(await control.PartitionsAsync(default), p => p is { Name: "debug", IsDefault: true, Nodes: 3, LongestTime.TotalMinutes: 60 });
        var id = await control.SubmitAsync(new SlurmBatch { Name = "by-socket", Folder = "/tmp", Body = "exec sleep 60\n", Output = "/dev/null", Gpus = 1, Minutes = 2 }, default);
        Assert.Equal(id, await control.FindAsync("by-socket", default));
        await SlurmWait.ForAsync(() => control.JobsAsync([id], default).GetAwaiter().GetResult() is [{ State: "RUNNING", User: "nobody", Nodes: "n3", TimeLimit.TotalMinutes: 2 }]);
        await control.CancelAsync(id, default);
        await SlurmWait.ForAsync(() => control.JobsAsync([id], default).GetAwaiter().GetResult() is [{ State: "CANCELLED", Signal: 15 }]);
        await control.CancelAsync(id, default);
        Assert.Empty(await control.JobsAsync([999_999], default));
        Assert.Contains("scontrol requeue", (await Assert.ThrowsAsync<EndpointException>(() => control.RequeueAsync(id, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_and_a_daemon_that_is_not_there_say_what_to_do()
    {
        cluster.Need();
        const string variable = "BEAMLINE_TEST_SLURM_WRONG";
        Environment.SetEnvironmentVariable(variable, "eyJhbGciOiJIUzI1NiJ9.e30.x");
        await using var wrong = new RestControl(new SlurmVia { Kind = SlurmViaKind.Rest, Url = new Uri(cluster.RestUrl), Token = variable, User = "root" });
        Assert.Contains("scontrol token", (await Assert.ThrowsAsync<EndpointException>(() => wrong.PartitionsAsync(default))).Message, StringComparison.Ordinal);
        await using var away = new RestControl(new SlurmVia { Kind = SlurmViaKind.Rest, Socket = Path.Combine(Path.GetTempPath(), "no-such-socket") });
        Assert.True((await Assert.ThrowsAsync<EndpointException>(() => away.PartitionsAsync(default))).IsUnreachable);
        await using var other = new RestControl(new SlurmVia { Kind = SlurmViaKind.Rest, Socket = cluster.RestSocket, Version = "v0.0.99" });
        Assert.Contains("v0.0.38", (await Assert.ThrowsAsync<EndpointException>(() => other.PartitionsAsync(default))).Message, StringComparison.Ordinal);
    }

    private static async Task OverSshAsync(SlurmVia via, TemporaryFolder folder)
    {
        await using var bench = SlurmBench.Open(via);
        var input = new BytesSource(Encoding.UTF8.GetBytes("an array"));
        var missing = new List<(long, long)>();
        var job = bench.Job("say $(cat ../../store/*/*); printf result >out/" + BytesSource.Hash("result") + ".npy; sleep 0.3; say two; status succeeded");
        var id = JobDescriptionFile.Read(job.Json).Id;
        await bench.Endpoint.SubmitAsync(job, new Dictionary<string, IArraySource> { [input.Array.Sha256] = input }, new Reports(missing), default);
        Assert.Equal([(8L, 8L)], missing);
        var (events, status) = await bench.FollowAsync(id);
        Assert.Equal(["an array", "two"], events.Select(e => e.Text));
        Assert.Equal(JobState.Succeeded, status.State);
        Assert.Equal(id, Assert.Single(await bench.Endpoint.ListAsync(default)).Id);
        var result = new JobArray("<f4", [6], 6, BytesSource.Hash("result"));
        Assert.Equal("result", await File.ReadAllTextAsync(await bench.Endpoint.FetchAsync(id, result, folder.Path, default)));
        // The same array again: nothing to send.
        missing.Clear();
        await bench.Endpoint.SubmitAsync(bench.Job("status succeeded"), new Dictionary<string, IArraySource> { [input.Array.Sha256] = input }, new Reports(missing), default);
        Assert.Empty(missing);
        var running = await bench.SubmitAsync("say here; exec sleep 60");
        await bench.UntilAsync(running, s => s.State == JobState.Running);
        await bench.Endpoint.CancelAsync(running, default);
        Assert.Equal(JobState.Cancelled, (await bench.UntilAsync(running, s => s.IsFinal)).State);
    }

    private sealed class Reports(List<(long, long)> into) : IProgress<(long Sent, long All)>
    {
        public void Report((long Sent, long All) value) => into.Add(value);
    }
}
