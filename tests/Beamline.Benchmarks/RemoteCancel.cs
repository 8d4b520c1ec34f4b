using System.Diagnostics;
using Beamline.Kernel;

namespace Beamline.Benchmarks;

/// <summary>How long after #!cancel a job has ended: on the endpoint of this machine, and on an emulated Slurm as 'scontrol show job' says it.</summary>
internal static class RemoteCancel
{
    private const int Rounds = 5;
    private const string TokenVariable = "BEAMLINE_BENCH_SLURM_TOKEN";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    internal static IEnumerable<BenchRow> Rows(NotebookKernel kernel, RemoteCells.TimedSink sink, string home)
    {
        var bench = new Bench(kernel, sink, home);
        var listening = bench.Seconds("local", "while (true) Thread.Sleep(5);", job => File.ReadAllText(Path.Combine(home, "local", "jobs", job.Id, "status.json")).Contains("\"cancelled\"", StringComparison.Ordinal));
        yield return Row("#!cancel to the end of the job on local", listening, "the worker stays, warm");
        var deaf = bench.Seconds(
            "local", "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern uint sleep(uint seconds);\nsleep(600);", job => !Directory.Exists($"/proc/{job.Process}"));
        yield return Row("#!cancel to the end of the worker's process on local, of a cell deep in native code", deaf, "asked, then told by SIGTERM, which leaves it time to save what it has, then killed", hasBar: false);

        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Interactive.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var state = Path.Combine(Path.GetTempPath(), $"beamline-slurm-{Guid.NewGuid():N}");
        (string, string?)[] variables = [("BEAMLINE_SLURM_STATE", state), ("BEAMLINE_SLURM_OWNER", $"{Environment.ProcessId}")];
        var script = Path.Combine(root, "eng", "slurm-up");
        var (code, output) = Run(script, ["up", "3", "6"], variables);
        if (code != 0)
        {
            yield return new BenchRow { Name = "#!cancel to CANCELLED in 'scontrol show job'", Unit = "s", Comparison = "<=", Bar = 2, Note = "no Slurm here: " + output.Trim() };
            yield break;
        }

        try
        {
            var facts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
            var conf = facts["SLURM_CONF"];
            var folder = Directory.CreateDirectory(Path.Combine(home, "endpoints")).FullName;
            var token = Run("scontrol", ["token", "username=root", "lifespan=3600"], [("SLURM_CONF", conf)]).Output.Split('=')[^1].Trim();
            Environment.SetEnvironmentVariable(TokenVariable, token);
            foreach (var (way, via) in new[]
            {
                ("cli", $"\"kind\": \"cli\", \"conf\": \"{conf}\""), ("rest", $"\"kind\": \"rest\", \"url\": \"{facts["REST_URL"]}\", \"token\": \"{TokenVariable}\""),
            })
            {
                File.WriteAllText(Path.Combine(folder, way + ".json"), $$"""{ "kind": "slurm", "workFolder": "{{home}}/{{way}}", "via": { {{via}} } }""");
                var seconds = bench.Seconds(way, "while (true) Thread.Sleep(5);", job =>
                    Run("scontrol", ["show", "job", job.Batch], [("SLURM_CONF", conf)]).Output.Contains("JobState=CANCELLED", StringComparison.Ordinal));
                yield return Row($"#!cancel to CANCELLED in 'scontrol show job', by {way}", seconds, "emulated cluster");
            }
        }
        finally
        {
            Run(script, ["down"], variables);
        }
    }

    private static BenchRow Row(string name, double[] seconds, string note, bool hasBar = true) => new()
    {
        Name = name, Value = seconds.Max(), Unit = "s", Comparison = hasBar ? "<=" : "", Bar = hasBar ? 2 : null,
        Note = RemoteCells.Text($"the slowest of {Rounds}, median {RemoteCells.Median(seconds):0.00} s; {note}"),
    };

    private static (int Code, string Output) Run(string program, string[] words, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private sealed record Job(string Id, string Process, string Batch);

    private sealed class Bench(NotebookKernel kernel, RemoteCells.TimedSink sink, string home)
    {
        public double[] Seconds(string endpoint, string work, Func<Job, bool> hasEnded) => [.. Enumerable.Range(0, Rounds).Select(_ => Once(endpoint, work, hasEnded))];

        private double Once(string endpoint, string work, Func<Job, bool> hasEnded)
        {
            var runs = Path.Combine(home, Guid.NewGuid().ToString("N"));
            Run($"#!remote {endpoint} --detach --as job\nFile.WriteAllText(@\"{runs}.part\", $\"{{Environment.ProcessId}}\"); File.Move(@\"{runs}.part\", @\"{runs}\");\n{work}");
            Until(() => File.Exists(runs));
            sink.Displays.Clear();
            Run("display(job.Id.ToString()); display(job.Status.BatchId ?? \"\");");
            var number = sink.Displays[0].Text;
            var record = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(home, "jobs", number, "job-record.json")))!;
            var job = new Job((string)record["jobId"]!, File.ReadAllText(runs), sink.Displays[1].Text);
            var watch = Stopwatch.StartNew();
            Run($"#!cancel {number}");
            Until(() => hasEnded(job));
            return watch.Elapsed.TotalSeconds;
        }

        private void Run(string code) => RemoteCells.Run(kernel, sink, code);

        private static void Until(Func<bool> isSo)
        {
            for (var watch = Stopwatch.StartNew(); !isSo(); Thread.Sleep(5))
            {
                if (watch.Elapsed > Longest)
                {
                    throw new InvalidOperationException("A job did not start or end.");
                }
            }
        }
    }
}
