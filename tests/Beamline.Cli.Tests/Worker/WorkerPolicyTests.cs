using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>
/// The worker trusts nobody: a job that is signed and breaks the rules is refused by it, should the service ever let it through. The folder
/// of each job here was put in its place by hand.
/// </summary>
public sealed class WorkerPolicyTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("users", """{ "users": ["alice", "bob"] }""", "does not name the user 'carol'")]
    [InlineData("mode", """{ "mode": "registered-only", "sources": ["0000000000000000000000000000000000000000000000000000000000000000"] }""", "registered cells only, and this one is not")]
    [InlineData("extra", """{ "mode": "registered-only", "sources": ["HASH"] }""", "no extra lines for the batch system")]
    [InlineData("packages", """{ "packages": ["MathNet.*"] }""", "does not allow the package Evil.Package")]
    [InlineData("walltime", """{ "longestWalltime": 60 }""", "at most 60 s")]
    [InlineData("nodes", """{ "nodes": 2 }""", "at most 2")]
    [InlineData("memory", """{ "memoryBytes": 1000 }""", "at most 1000")]
    [InlineData("inputs", """{ "inputBytes": 10 }""", "takes at most 10")]
    [InlineData("broken", """{ "nodez": 2 }""", "there is no such field")]
    public void A_job_that_breaks_a_rule_is_refused_by_the_worker_itself(string what, string policy, string says)
    {
        var job = _bench.Make("Console.WriteLine(1);", j => what switch
        {
            "extra" => j with { Resources = new() { Extra = ["--exclusive"] } },
            "packages" => j with { Packages = [new("Evil.Package", "1.0.0", "")] },
            "walltime" => j with { Resources = new() { Walltime = TimeSpan.FromSeconds(61) } },
            "nodes" => j with { Resources = new() { Nodes = 3 } },
            "memory" => j with { Resources = new() { MemoryBytes = 1001 } },
            "inputs" => j with { Inputs = [_bench.Input("x", "float[]", new float[10_000])] },
            // What a job says of its own user counts for nothing.
            _ => j with { User = "alice" },
        });
        Run(job, policy, "carol").ExitedWith(3);
        var status = job.ReadStatus()!;
        Assert.Equal((JobState.Refused, 3), (status.State, status.ExitCode ?? 3));
        Assert.Contains(says, status.Message, StringComparison.Ordinal);
        // Nothing of it has run.
        Assert.False(File.Exists(job.Layout.StandardOutput) && new FileInfo(job.Layout.StandardOutput).Length > 0);
        Assert.Null(job.ReadOutputs());
    }

    [Fact]
    public void One_that_keeps_all_rules_runs_and_without_a_name_the_user_of_the_process_counts()
    {
        var job = _bench.Make("Console.WriteLine(1);", j => j with { Resources = new() { Walltime = TimeSpan.FromSeconds(60), Nodes = 2, MemoryBytes = 1000 } });
        var policy = $$"""{ "users": ["{{JsonEncodedText.Encode(Environment.UserName)}}"], "mode": "registered-only", "sources": ["{{SourceHash.Of(job.ReadJob())}}"], "longestWalltime": 60, "nodes": 2, "memoryBytes": 1000, "packages": [], "inputBytes": 10 }""";
        Run(job, policy, null).ExitedWith(0);
        Run(_bench.Make("1"), """{ "users": ["nobody-of-this-name"] }""", null).ExitedWith(3);
    }

    [Fact]
    public void A_job_that_asks_for_no_time_gets_no_more_than_the_rules_give()
    {
        var job = _bench.Make("var n = 3;\nawait Task.Delay(-1);", j => j with { Outputs = [new("n", "int")] });
        Run(job, """{ "longestWalltime": 3 }""", null).ExitedWith(5);
        Assert.Equal(JobState.TimedOut, job.ReadStatus()!.State);
    }

    private Ended Run(JobFolder job, string policy, string? user)
    {
        var path = _bench.Folder["policy.json"];
        File.WriteAllText(path, policy.Replace("HASH", SourceHash.Of(job.ReadJob()), StringComparison.Ordinal));
        string[] whose = user is null ? [] : ["--user", user];
        return Child.Run(_bench.Folder.Root, ["worker", "--job", job.Layout.Folder, "--policy", path, .. whose, .. _bench.Arguments]);
    }
}
