using System.Text;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>Old jobs in a work folder, over a shared file system and over ssh. The batch system is in memory.</summary>
public sealed class SlurmHousekeepingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SlurmControlDouble _control = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_ended_goes_with_what_only_it_needs_and_is_remembered(bool isOverSsh)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        await using var endpoint = Open(isOverSsh);
        var (hashes, ids) = (new List<string>(), new List<string>());
        foreach (var name in (string[])["over", "runs", "unsent", "theirs"])
        {
            var input = new BytesSource(Encoding.UTF8.GetBytes(name));
            var shared = new BytesSource("both"u8.ToArray());
            hashes.Add(input.Array.Sha256);
            ids.Add(await SubmitAsync(endpoint, $"echo {name}", name is "over" or "runs" ? [input, shared] : [input]));
        }

        var common = BytesSource.Hash("both");
        // One has ended, two wait or run; the number of the third was never noted; one is another user's.
        _control.Known[0] = _control.Known[0] with { State = "COMPLETED" };
        _control.Known[1] = _control.Known[1] with { State = "RUNNING" };
        _control.Known.RemoveRange(2, 2);
        File.Delete($"{Jobs}/{ids[2]}/slurm.json");
        await ReplaceAsync($"{Jobs}/{ids[3]}/slurm.json", "\"me\"", "\"you\"");
        await File.WriteAllTextAsync(_folder.File("work/jobs/not a job"), "x");
        Age(40);
        var trial = await endpoint.PruneAsync(null, isTrial: true, default);
        // The job that has ended, and the one that was never handed over.
        Assert.Equal((2, 2, true), (trial.Jobs, trial.Arrays, trial.IsTrial));
        Assert.Equal(4, Directory.GetDirectories(Jobs).Length);
        var made = await endpoint.PruneAsync(null, isTrial: false, default);
        Assert.Equal(trial with { IsTrial = false }, made);
        Assert.True(made.Bytes > 0 && made.BytesLeft > 0);
        Assert.Equal([ids[1], ids[3]], Directory.GetDirectories(Jobs).Select(p => Path.GetFileName(p)).Order().OrderBy(ids.IndexOf));
        Assert.Equal([hashes[1], hashes[3], common], Arrays().OrderBy(h => h == common).ThenBy(hashes.IndexOf));
        // Whoever comes for its results hears what became of them, also one who has not looked since.
        await using var other = Open(isOverSsh);
        var array = new JobArray("<f4", [1], 4, common);
        foreach (var ask in (Func<IEndpointConnection, Task>[])
            [c => c.StatusAsync(ids[0], default), c => c.EventsAsync(ids[0], 0, TimeSpan.Zero, default), c => c.OutputsAsync(ids[0], default), c => c.FetchAsync(ids[0], array, _folder.Path, default)])
        {
            var error = await Assert.ThrowsAsync<EndpointException>(() => ask(other));
            Assert.Contains("because it had ended more than 30 days before", error.Message, StringComparison.Ordinal);
        }

        Assert.Contains("run the cell again", (await Assert.ThrowsAsync<EndpointException>(() => endpoint.OutputsAsync(ids[0], default))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no job", (await Assert.ThrowsAsync<EndpointException>(() => other.StatusAsync(JobNames.NewId(), default))).Message, StringComparison.Ordinal);
        Assert.Equal("me", Assert.Single(PrunedJobs.Parse(await File.ReadAllBytesAsync(_folder.File("work/pruned.json"))), j => j.Id == ids[0]).User);
        Assert.Equal(0, (await endpoint.PruneAsync(null, isTrial: false, default)).Jobs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_array_that_a_sender_finds_there_counts_as_used(bool isOverSsh)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        await using var endpoint = Open(isOverSsh);
        var input = new BytesSource("again"u8.ToArray());
        await SubmitAsync(endpoint, "one", [input]);
        Age(40);
        var files = Files(isOverSsh);
        var path = _folder.File($"work/store/{input.Array.Sha256[..2]}/{input.Array.Sha256}");
        // And is not sent once more.
        await File.WriteAllTextAsync(path, "as it was");
        await SubmitAsync(endpoint, "two", [input]);
        Assert.Equal("as it was", await File.ReadAllTextAsync(path));
        Age(40);
        Assert.Equal([path], await files.UseAsync([path, path + "x"], default));
        await files.DeleteUnusedAsync([path], DateTimeOffset.UtcNow.AddDays(-30), default);
        Assert.True(File.Exists(path));
        await files.DeleteUnusedAsync([path], DateTimeOffset.UtcNow.AddDays(1), default);
        Assert.False(File.Exists(path));
        // What is not there is as good as removed, and a link is removed, not followed.
        Directory.CreateDirectory(_folder.File("kept"));
        _folder.Write("kept/file", "x");
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("kept"));
        await files.DeleteAsync([path, _folder.File("link"), _folder.File("no/where")], default);
        Assert.True(File.Exists(_folder.File("kept/file")));
        Assert.False(Path.Exists(_folder.File("link")));
        Assert.Empty(await files.TreeAsync(_folder.File("nowhere"), default));
        Assert.Equal(("file", 1), (await files.TreeAsync(_folder.File("kept"), default)).Select(f => (f.Path, (int)f.Bytes)).Single());
    }

    [Fact]
    public async Task A_folder_without_a_note_stays_while_it_may_be_on_its_way_or_Slurm_knows_it()
    {
        await using var endpoint = Open(false);
        var (known, sent) = (await SubmitAsync(endpoint, "one", []), await SubmitAsync(endpoint, "two", []));
        File.Delete($"{Jobs}/{known}/slurm.json");
        File.Delete($"{Jobs}/{sent}/slurm.json");
        _control.Known[0] = _control.Known[0] with { State = "COMPLETED" };
        _control.Known.RemoveAt(1);
        Age(0.5);
        Assert.Equal(0, (await endpoint.PruneAsync(0, isTrial: false, default)).Jobs);
        Age(2);
        Assert.Equal(1, (await endpoint.PruneAsync(0, isTrial: false, default)).Jobs);
        Assert.Equal([known], Directory.GetDirectories(Jobs).Select(p => Path.GetFileName(p)));
    }

    [Fact]
    public async Task A_full_disk_says_how_much_could_be_removed()
    {
        using var disk = new SmallDisk(megabytes: 2);
        await using var endpoint = Open(false, Path.Combine(disk.Root, "work"));
        await SubmitAsync(endpoint, "first", [new BytesSource(new byte[1 << 20])]);
        _control.Known[0] = _control.Known[0] with { State = "COMPLETED" };
        foreach (var path in Directory.EnumerateFiles(disk.Root, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        }

        var error = await Assert.ThrowsAsync<EndpointException>(() => SubmitAsync(endpoint, "second", [new BytesSource(new byte[(1 << 20) + 1])]));
        Assert.Matches(@"arrays that none needs have (1|1\.\d) MiB there: #!endpoint prune cluster --older-than DAYS", error.Message);
        Assert.Equal(1, (await endpoint.PruneAsync(0, isTrial: false, default)).Arrays);
        await SubmitAsync(endpoint, "second", [new BytesSource(new byte[(1 << 20) + 1])]);
    }

    [Fact]
    public async Task A_state_of_an_earlier_start_is_not_believed()
    {
        await using var endpoint = Open(false);
        var id = await SubmitAsync(endpoint, "x", []);
        _control.Known.Clear();
        Write("slurm-status.json", JobState.Lost, 1, "1");
        // It was put back into the queue, ran again and ended well, and Slurm has forgotten it.
        Write("status.json", JobState.Succeeded, 2);
        Assert.Equal((JobState.Succeeded, 2), await StateAsync());
        // The second start died without a word.
        Write("status.json", JobState.Running, 2);
        Assert.Equal((JobState.Lost, 2), await StateAsync());
        // The verdict is of the last start: it knows more than the worker.
        Write("slurm-status.json", JobState.OutOfMemory, 2, "1");
        Assert.Equal((JobState.OutOfMemory, 2), await StateAsync());
        // One of another number is of another job.
        Write("slurm-status.json", JobState.OutOfMemory, 2, "77");
        Assert.Equal((JobState.Lost, 2), await StateAsync());

        void Write(string file, JobState state, int attempt, string? batch = null) => PrivateFile.Replace(
            $"{Jobs}/{id}/{file}", JobJson.Write(new JobStatus(state) { Attempt = attempt, BatchId = batch }));

        async Task<(JobState, int)> StateAsync()
        {
            await using var fresh = Open(false);
            var status = await fresh.StatusAsync(id, default);
            return (status.State, status.Attempt);
        }
    }

    [Fact]
    public async Task A_job_that_is_handed_over_anew_has_no_state_of_before()
    {
        await using var endpoint = Open(false);
        using var signer = JobSigner.Open(_folder.File("keys"));
        var job = signer.Sign(SlurmBench.Describe("x"));
        var none = new Dictionary<string, IArraySource>();
        var id = JobDescriptionFile.Read(job.Json).Id;
        await endpoint.SubmitAsync(job, none, null, default);
        File.Delete($"{Jobs}/{id}/slurm.json");
        _control.Known.Clear();
        PrivateFile.Replace($"{Jobs}/{id}/slurm-status.json", JobJson.Write(new JobStatus(JobState.Lost) { Attempt = 1, BatchId = "1" }));
        PrivateFile.Replace($"{Jobs}/{id}/status.json", JobJson.Write(new JobStatus(JobState.Failed) { Attempt = 1 }));
        await using var fresh = Open(false);
        Assert.Equal(JobState.Queued, (await fresh.SubmitAsync(job, none, null, default)).State);
    }

    [Fact]
    public async Task GPUs_are_those_of_the_nodes_of_the_partition()
    {
        _control.Nodes.AddRange([new("n1", "gpu:a100:4(S:0-1),nvme:1", ["gpu", "debug"]), new("n2", "gpu:a100:4,gpu:h200:1", ["gpu"]), new("n3", "", ["debug"]), new("n4", "gpu:9", ["other"])]);
        var files = new SharedFiles();
        var settings = new SlurmSettings { WorkFolder = _folder.File("work"), BeamlineCommand = ["echo", "9.9.9"], Partition = "gpu" };
        await using var gpu = new SlurmEndpointConnection("cluster", settings, new LocalHost(), _control, files);
        Assert.Equal(["a100: 8 on 2 nodes", "h200: 1 on 1 node"], (await gpu.InfoAsync(default)).Gpus);
        await using var usual = new SlurmEndpointConnection("cluster", settings with { Partition = null }, new LocalHost(), _control, files);
        Assert.Equal(["a100: 4 on 1 node"], (await usual.InfoAsync(default)).Gpus);
        Assert.Equal(["GPU: 3 on 2 nodes"], SlurmGres.Gpus([new("a", "gpu:2", []), new("b", "gpu", []), new("c", "gpu:0", []), new("d", "mygpu:7,shard:gpu", [])]));
    }

    private string Jobs => _folder.File("work/jobs");

    private string[] Arrays() => [.. Directory.EnumerateFiles(_folder.File("work/store"), "*", SearchOption.AllDirectories).Select(p => Path.GetFileName(p))];

    private static IJobFiles Files(bool isOverSsh) => isOverSsh ? new SshFiles(new LocalHost()) : new SharedFiles();

    private SlurmEndpointConnection Open(bool isOverSsh, string? work = null) => new(
        "cluster", new SlurmSettings { WorkFolder = work ?? _folder.File("work"), BeamlineCommand = ["true"], Grace = TimeSpan.Zero }, null, _control, Files(isOverSsh));

    private async Task<string> SubmitAsync(SlurmEndpointConnection endpoint, string source, IReadOnlyList<IArraySource> inputs)
    {
        using var signer = JobSigner.Open(_folder.File("keys"));
        var job = SlurmBench.Describe(source) with { Inputs = [.. inputs.Select((s, i) => new JobValue($"x{i}", "byte[]", "array") { Arrays = [s.Array] })] };
        await endpoint.SubmitAsync(signer.Sign(job), inputs.ToDictionary(s => s.Array.Sha256), null, TestContext.Current.CancellationToken);
        return job.Id;
    }

    private static async Task ReplaceAsync(string path, string old, string by)
    {
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(old, by, StringComparison.Ordinal));
    }

    private void Age(double days)
    {
        foreach (var path in Directory.EnumerateFiles(_folder.File("work"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-days));
        }
    }
}
