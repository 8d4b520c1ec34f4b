using System.Diagnostics;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>The list of trusted keys in a work folder, when many senders add theirs at once.</summary>
public sealed class SlurmTrustTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 24)]
    [InlineData(true, 4)]
    public async Task Many_senders_at_once_lose_no_key(bool isOverSsh, int count)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        var keys = Enumerable.Range(0, count).Select(i => i.ToString("x64")).ToArray();
        await Task.WhenAll(keys.Select(key => Task.Run(() => Folder(isOverSsh).TrustAsync(key, TestContext.Current.CancellationToken))));
        Assert.Equal(keys, await ReadAsync());
        Assert.Equal(["trusted.json"], Directory.GetFiles(_folder.Path).Select(p => Path.GetFileName(p)));
        // Once more is nothing.
        await Folder(isOverSsh).TrustAsync(keys[0], default);
        Assert.Equal(keys, await ReadAsync());
        await Assert.ThrowsAsync<EndpointException>(() => Folder(isOverSsh).TrustAsync("no key", default));
    }

    [Theory]
    [InlineData(false, 300)]
    [InlineData(true, 8)]
    public async Task A_file_is_made_by_one_or_is_there_also_while_others_remove_it(bool isOverSsh, int rounds)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        IJobFiles files = isOverSsh ? new SshFiles(new LocalHost()) : new SharedFiles();
        var path = _folder.File("one");
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                if (await files.CreateNewAsync(path, [(byte)i], default))
                {
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    Assert.Equal([(byte)i], await File.ReadAllBytesAsync(path));
                    Interlocked.Decrement(ref inside);
                    File.Delete(path);
                }
            }
        })));
        Assert.Contains("nowhere/x", (await Assert.ThrowsAsync<EndpointException>(() => files.CreateNewAsync(_folder.File("nowhere/x"), [1], default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_whose_owner_died_is_taken_away_and_one_that_lives_is_waited_for()
    {
        var files = new SharedFiles();
        var path = _folder.File("x.lock");
        await File.WriteAllTextAsync(path, "somebody who died");
        var runs = 0;
        await Lock(0.3).RunAsync(_ => Task.FromResult(++runs), default).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, runs);
        Assert.False(File.Exists(path));
        // One that changes hands is alive, however long it takes in all.
        await File.WriteAllTextAsync(path, "0");
        var waiting = Lock(3).RunAsync(async isMine => runs += await isMine() ? 10 : 100, TestContext.Current.CancellationToken);
        for (var i = 1; i < 16; i++)
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
            PrivateFile.Replace(path, System.Text.Encoding.ASCII.GetBytes($"{i}"));
        }

        Assert.Equal(1, runs);
        File.Delete(path);
        await waiting;
        Assert.Equal(11, runs);
        // Who was taken for dead learns it before it writes, and leaves the other's lock alone.
        await Lock(30).RunAsync(async isMine =>
        {
            await File.WriteAllTextAsync(path, "another one");
            runs += await isMine() ? 10 : 100;
        }, default);
        Assert.Equal(111, runs);
        Assert.Equal("another one", await File.ReadAllTextAsync(path));

        SlurmFolderLock Lock(double seconds) => new(files, path, TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Many_processes_of_one_machine_add_to_the_list_of_a_service()
    {
        var path = _folder.File("trust.json");
        var keys = Enumerable.Range(0, 16).Select(i => i.ToString("x64")).ToArray();
        await Task.WhenAll(keys.Select(key => Task.Run(() => TrustedKeys.Add(path, [key]))));
        Assert.Equal(keys, TrustedKeys.Read(path).Order(StringComparer.Ordinal));
        Assert.Throws<EndpointException>(() => TrustedKeys.Add(path, ["no key"]));
    }

    [Theory]
    [InlineData("cli")]
    [InlineData("ssh")]
    public async Task A_machine_without_Slurm_says_so(string way)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        // For this machine as it is where there is no such program; over ssh as the other side's shell says it.
        ICommandHost host = way == "cli" ? new WithoutSlurm() : new SshHost(new SlurmVia { Kind = SlurmViaKind.Ssh, Host = "login", Program = Ssh() }, _folder.Path);
        await using var control = new CliControl(host, way == "ssh" ? "/etc/slurm.conf" : null);
        await using var endpoint = new SlurmEndpointConnection(
            "cluster", new SlurmSettings { WorkFolder = _folder.File("work"), BeamlineCommand = ["true"] }, host, control, new SharedFiles());
        using var signer = JobSigner.Open(_folder.File("keys"));
        foreach (var (program, ask) in new (string, Func<Task>)[]
        {
            ("scontrol", () => endpoint.InfoAsync(default)),
            ("scontrol", () => endpoint.SubmitAsync(signer.Sign(SlurmBench.Describe("x")), new Dictionary<string, IArraySource>(), null, default)),
            ("sbatch", () => control.SubmitAsync(new SlurmBatch { Name = "x", Folder = "/", Body = "", Output = "/" }, default)),
            ("squeue", () => control.FindAsync("x", default)),
            ("scancel", () => control.CancelAsync(3, default)),
        })
        {
            var error = await Assert.ThrowsAsync<EndpointException>(ask);
            Assert.StartsWith($"There is no {program} on {host.Name}, so it is no login node", error.Message, StringComparison.Ordinal);
            Assert.Contains("\"kind\": \"ssh\"", error.Message, StringComparison.Ordinal);
            Assert.False(error.IsUnreachable);
        }

        Assert.False(Directory.Exists(_folder.File("work/jobs")));
    }

    private string Ssh()
    {
        var ssh = _folder.Write("ssh", "#!/bin/bash\nwhile [ \"$1\" != -- ]; do shift; done\nshift 2\nmkdir -p " + _folder.File("bin") +
            "; ln -sf \"$(command -v id)\" \"$(command -v env)\" " + _folder.File("bin") + "\nexec env -i PATH=" + _folder.File("bin") + " /bin/sh -c \"$*\"\n");
        Executable.Make(ssh);
        return ssh;
    }

    private SlurmFolder Folder(bool isOverSsh) => new(isOverSsh ? new SshFiles(new LocalHost()) : new SharedFiles(), _folder.Path);

    private async Task<string[]> ReadAsync() => JobJson.Read<string[]>(await File.ReadAllBytesAsync(_folder.File("trusted.json")), "trusted.json");

    /// <summary>This machine, where Slurm's programs have other names.</summary>
    private sealed class WithoutSlurm : ICommandHost
    {
        private readonly LocalHost _host = new();

        public string Name => _host.Name;

        public Task<CommandResult> RunAsync(IReadOnlyList<string> words, Func<Stream, CancellationToken, Task>? input, Stream? output, CancellationToken cancellationToken) =>
            _host.RunAsync(words[0] == "id" ? words : [words[0] + "-that-nobody-has", .. words.Skip(1)], input, output, cancellationToken);
    }
}
