using System.Diagnostics;

[assembly: AssemblyFixture(typeof(Beamline.Remote.Tests.Slurm.SlurmCluster))]

namespace Beamline.Remote.Tests.Slurm;

/// <summary>A real Slurm of three emulated nodes, for all tests of the collection; goes down with the process, however that ends.</summary>
/// <remarks>It starts when the first test needs it.</remarks>
public class SlurmCluster : IAsyncDisposable
{
    public const string Collection = "Slurm";
    private const int CannotBeHere = 77;

    // The nodes see this folder as /tmp, too; other folders of temporary files may be too long for sockets.
    private readonly string _state = Path.Combine(Path.GetTempPath(), $"beamline-slurm-{Guid.NewGuid():N}");
    private readonly Dictionary<string, string> _facts = [];
    private readonly Lazy<Task> _start;
    private string? _skip;

    public SlurmCluster() => _start = new Lazy<Task>(StartAsync);

    /// <summary>Environment variable with a token of this cluster.</summary>
    public string TokenVariable { get; } = $"BEAMLINE_TEST_SLURM_TOKEN_{Guid.NewGuid():N}";

    public string Conf => _facts["SLURM_CONF"];

    public string RestSocket => _facts["REST_SOCKET"];

    public string RestUrl => _facts["REST_URL"];

    private async Task StartAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            _skip = "Slurm runs on Linux";
            return;
        }

        var (code, output, error) = await ScriptAsync("up", "3", "6");
        if (code == CannotBeHere)
        {
            _skip = error.Trim();
            return;
        }

        Assert.True(code == 0, error + output);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('=', 2);
            _facts[parts[0]] = parts[1];
        }

        var token = await RunAsync("scontrol", "token", "username=root", "lifespan=3600");
        Environment.SetEnvironmentVariable(TokenVariable, token.Trim());
    }

    public async ValueTask DisposeAsync()
    {
        if (_start.IsValueCreated && _skip is null)
        {
            await ScriptAsync("down");
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts it, and skips the test where there is no cluster.</summary>
    public void Need()
    {
        _start.Value.GetAwaiter().GetResult();
        Assert.SkipWhen(_skip is not null, _skip ?? "");
    }

    /// <summary>A program of Slurm; its output.</summary>
    public async Task<string> RunAsync(params string[] words)
    {
        var (code, output, error) = await StartAsync(words[0], words[1..], "SLURM_CONF", Conf);
        Assert.True(code == 0, $"{string.Join(' ', words)}: {error}");
        return output;
    }

    /// <summary>Starts a dead node again, and waits until it takes jobs.</summary>
    public async Task ReviveAsync(string node)
    {
        await DoAsync("revive", node);
        for (var i = 0; i < 300; i++)
        {
            var (_, state, _) = await StartAsync("sinfo", ["--noheader", $"--nodes={node}", "--format=%T"], "SLURM_CONF", Conf);
            if (state.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(s => s.Trim() is "idle" or "mixed" or "allocated"))
            {
                return;
            }

            // Fails when the node has reported by itself meanwhile.
            await StartAsync("scontrol", ["update", $"NodeName={node}", "State=RESUME"], "SLURM_CONF", Conf);
            await Task.Delay(100);
        }

        Assert.Fail($"{node} does not come back.");
    }

    /// <summary>Waits until a job is in the controller's notes, which it writes every few seconds: what is not there is lost when it is killed.</summary>
    public async Task UntilNotedAsync(string id)
    {
        var notes = Path.Combine(_state, "controller", "job_state");
        for (var i = 0; i < 600; i++)
        {
            if (File.Exists(notes) && (await File.ReadAllBytesAsync(notes)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(id)) >= 0)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"The controller does not note job {id}.");
    }

    /// <summary>eng/slurm-up with other words: stop, start, kill NODE, revive NODE.</summary>
    public async Task DoAsync(params string[] words)
    {
        var (code, output, error) = await ScriptAsync(words);
        Assert.True(code == 0, output + error);
    }

    internal static async Task<(int Code, string Output, string Error)> StartAsync(string program, IEnumerable<string> words, params string[] variables)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        for (var i = 0; i < variables.Length; i += 2)
        {
            start.Environment[variables[i]] = variables[i + 1];
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await output, await error);
    }

    private Task<(int Code, string Output, string Error)> ScriptAsync(params string[] words) => StartAsync(
        Path.Combine(RepositoryRoot(), "eng", "slurm-up"), words, "BEAMLINE_SLURM_STATE", _state, "BEAMLINE_SLURM_OWNER", $"{Environment.ProcessId}");

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Interactive.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}

/// <summary>A cluster for one class, beside the one for all: its controller or its nodes die there, or its tests take long.</summary>
public sealed class OwnSlurmCluster : SlurmCluster;
