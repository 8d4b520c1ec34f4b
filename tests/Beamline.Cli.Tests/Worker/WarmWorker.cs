using System.Diagnostics;
using System.Text.Json.Nodes;
using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>One <c>beamline worker --serve</c> for the tests of a class, one job at a time.</summary>
public sealed class WarmWorker : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    public WarmWorker()
    {
        var start = new ProcessStartInfo(Child.Dotnet()) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", Child.Program(), "worker", "--serve" }.Concat(Bench.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        // What is remembered of packages goes with the jobs.
        start.Environment["XDG_CACHE_HOME"] = Bench.Folder["cache"];
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        Assert.Equal(_process.Id, (int)Line()["processId"]!);
    }

    internal JobBench Bench { get; } = new();

    /// <summary>Runs a job and gives its end.</summary>
    internal JobStatus Run(JobFolder job, string? items = null, Action? meanwhile = null)
    {
        Ask(items is null ? new JsonObject { ["job"] = job.Layout.Folder } : new JsonObject { ["job"] = job.Layout.Folder, ["items"] = items });
        meanwhile?.Invoke();
        var line = Line();
        Assert.Equal(job.Layout.Folder, (string?)line["job"]);
        var status = items is null ? job.ReadStatus()! : JobJson.Read<JobStatus>(File.ReadAllBytes(Path.Combine(job.Layout.Folder, $"status.{items}.json")), "status");
        Assert.True(status.IsFinal);
        Assert.Equal(status.State.ToString(), (string?)line["state"], ignoreCase: true);
        return status;
    }

    /// <summary>Runs a job that must succeed.</summary>
    internal JobFolder Succeeds(string source, Func<JobDescription, JobDescription>? change = null)
    {
        var job = Bench.Make(source, change);
        var status = Run(job);
        Assert.True(status.State == JobState.Succeeded, $"{status.State}: {status.Message} {string.Join('\n', status.Error?.Traceback ?? [])}");
        return job;
    }

    /// <summary>Writes a line to the worker.</summary>
    internal void Ask(JsonObject line)
    {
        _process.StandardInput.WriteLine(line.ToJsonString());
        _process.StandardInput.Flush();
    }

    /// <summary>The next line of the worker.</summary>
    internal JsonObject Line()
    {
        var line = _process.StandardOutput.ReadLineAsync().WaitAsync(Longest).GetAwaiter().GetResult();
        return JsonNode.Parse(line ?? throw new InvalidOperationException("The worker ended."))!.AsObject();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        var ended = _process.WaitForExit(TimeSpan.FromSeconds(30));
        if (!ended)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        Bench.Dispose();
        Assert.True(ended, "the worker did not end when its input did");
    }
}
