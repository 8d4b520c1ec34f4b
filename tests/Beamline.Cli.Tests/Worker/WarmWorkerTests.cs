using System.Text.Json.Nodes;
using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>Jobs in one warm worker: what comes in, what goes out, and how a job ends.</summary>
public sealed class WarmWorkerTests(WarmWorker worker) : IClassFixture<WarmWorker>
{
    private JobBench Bench => worker.Bench;

    [Fact]
    public void Arrays_go_through_bit_by_bit()
    {
        var random = new Random(7);
        var x = Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() - 0.5).ToArray();
        (x[3], x[5], x[7]) = (double.NaN, -0.0, double.Epsilon);
        var job = worker.Succeeds(
            "var y = x.Select(v => v * 3).ToArray();\nvar same = x;\nvar n = x.Length + k;\ndouble? none = null;",
            j => j with
            {
                Inputs = [Bench.Input("x", "double[]", x), Bench.Input("k", "int", 5)],
                Outputs = [new("y", "double[]"), new("same", "double[]"), new("n", "int"), new("none", "double?"), new("not", "int")],
            });
        Assert.Equal(x.Select(v => BitConverter.DoubleToInt64Bits(v * 3)), JobBench.Output<double[]>(job, "y")!.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(x.Select(BitConverter.DoubleToInt64Bits), JobBench.Output<double[]>(job, "same")!.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(20_005, JobBench.Output<int>(job, "n"));
        Assert.Null(JobBench.Output<double?>(job, "none"));
        Assert.DoesNotContain(job.ReadOutputs()!, v => v.Name == "not");
    }

    [Fact]
    public void Declarations_of_earlier_cells_come_first_with_their_own_variables()
    {
        var job = worker.Succeeds(
            "var sum = Plus(x) + before;\nvar point = new Point(x, Half);",
            j => j with
            {
                Prelude =
                [
                    new("cell 2", "record Point(int X, double Y);\nint Plus(int a) => a + x;", ["x.1"]),
                    new("cell 3", "const double Half = 0.5;", []),
                ],
                Usings = ["System", "System.Text.RegularExpressions", "static System.Math", "Big = System.Numerics.BigInteger"],
                Inputs = [Bench.Input("x.1", "int", 100), Bench.Input("x", "int", 3), Bench.Input("before", "int", 20)],
                Outputs = [new("sum", "int"), new("point", "Point")],
            });
        Assert.Equal(123, JobBench.Output<int>(job, "sum"));
        Assert.Equal("""{"X":3,"Y":0.5}""", job.ReadOutputs()![1].Json!.ToJsonString(), ignoreCase: true);
        Assert.Equal(7, JobBench.Output<int>(worker.Succeeds(
            "var y = (int)Max(Big.One, 7) + Regex.Count(\"a\", \"b\");",
            j => j with { Usings = ["System.Text.RegularExpressions", "static System.Numerics.BigInteger", "Big = System.Numerics.BigInteger"], Outputs = [new("y", "int")] }), "y"));
    }

    [Fact]
    public void An_exception_names_the_line_of_the_cell_and_what_was_set_is_kept()
    {
        var job = Bench.Make("var a = 1;\nvar b = 0;\nvar c = a / b;", j => j with { Outputs = [new("a", "int"), new("c", "int")], Inputs = [Bench.Input("z", "int", 1)] });
        var status = worker.Run(job);
        Assert.Equal((JobState.Failed, "DivideByZeroException"), (status.State, status.Error!.Name));
        Assert.Contains("  cell 7, line 3", status.Error.Traceback);
        Assert.DoesNotContain(status.Error.Traceback, l => l.Contains("#!error", StringComparison.Ordinal));
        Assert.Equal((1, 1, null), (status.ExitCode, status.Attempt, status.ProcessId));
        Assert.Equal(1, JobBench.Output<int>(job, "a"));
    }

    [Fact]
    public void What_does_not_compile_does_not_run()
    {
        var job = Bench.Make("Console.WriteLine(1);\nint x = unknown;");
        var status = worker.Run(job);
        Assert.Equal((JobState.Failed, "CompilationError"), (status.State, status.Error!.Name));
        Assert.Contains("line 2", status.Error.Message, StringComparison.Ordinal);
        Assert.Empty(JobBench.Text(job));
    }

    [Fact]
    public void Data_that_are_not_there_are_told_by_name()
    {
        var input = Bench.Input("x", "double[]", Enumerable.Range(0, 5000).Select(i => i + 0.25).ToArray());
        File.Delete(Bench.Store.PathOf(input.Arrays[0].Sha256));
        var status = worker.Run(Bench.Make("x.Length", j => j with { Inputs = [input] }));
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("'x'", status.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(input.Arrays[0].Sha256[..8], status.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_cannot_travel_says_why_and_the_others_do()
    {
        var job = worker.Succeeds("Func<int> f = () => 1;\nvar n = f();", j => j with { Outputs = [new("f", "Func<int>"), new("n", "int")] });
        Assert.Contains("'f'", job.ReadOutputs()![0].Problem, StringComparison.Ordinal);
        Assert.Equal(1, JobBench.Output<int>(job, "n"));
    }

    [Fact]
    public void Two_jobs_do_not_see_each_other()
    {
        worker.Succeeds("var secret = 42;\nclass Hidden { }\nEnvironment.CurrentDirectory = \"/\";");
        var status = worker.Run(Bench.Make("Console.WriteLine(secret); new Hidden()"));
        Assert.Equal("CompilationError", status.Error!.Name);
        var job = worker.Succeeds("File.WriteAllText(\"note\", \"\"); Console.WriteLine(Environment.GetEnvironmentVariable(\"BEAMLINE_JOB_DIR\"));");
        Assert.True(File.Exists(Path.Combine(job.Layout.Folder, "scratch", "note")));
        Assert.Equal(job.Layout.Folder + "\n", JobBench.Text(job));
    }

    [Fact]
    public void All_that_a_cell_shows_is_there_in_order()
    {
        var job = worker.Succeeds("""
            Console.WriteLine("one");
            var handle = display("first");
            Console.Error.WriteLine("two");
            handle.Update("second");
            display(HTML("<b>x</b>"));
            ClearOutput(wait: true);
            40 + 2
            """);
        var events = JobBench.Events(job);
        Assert.Equal(["stream", "display", "stream", "update", "display", "clear", "result"], events.Select(e => e.Kind));
        Assert.Equal(("one\n", "stdout", "two\n", "stderr"), (events[0].Text, events[0].Name, events[2].Text, events[2].Name));
        Assert.Equal((events[1].DisplayId, "second"), (events[3].DisplayId, (string?)events[3].Data!["text/plain"]));
        Assert.Equal("<b>x</b>", (string?)events[4].Data!["text/html"]);
        Assert.True(events[5].Wait);
        Assert.Equal("42", (string?)events[6].Data!["text/plain"]);
        Assert.Equal(("one\n", "two\n"), (File.ReadAllText(job.Layout.StandardOutput), File.ReadAllText(job.Layout.StandardError)));
        Assert.Equal(events.Select(e => e.Time).Order(), events.Select(e => e.Time));
    }

    [Fact]
    public void What_is_shown_can_be_read_while_the_cell_goes_on()
    {
        var job = Bench.Make("""
            Console.Write("printed");
            System.Threading.SpinWait.SpinUntil(() => File.Exists("seen"));
            display("shown");
            System.Threading.SpinWait.SpinUntil(() => File.Exists("seen too"));
            """);
        var status = worker.Run(job, meanwhile: () =>
        {
            foreach (var (kind, answer) in new[] { ("stream", "seen"), ("display", "seen too") })
            {
                Assert.True(SpinWait.SpinUntil(() => JobBench.Events(job).Any(e => e.Kind == kind), TimeSpan.FromMinutes(1)), kind);
                Assert.Equal(JobState.Running, job.ReadStatus()!.State);
                File.WriteAllText(Path.Combine(job.Layout.Folder, "scratch", answer), "");
            }
        });
        Assert.Equal(JobState.Succeeded, status.State);
    }

    [Fact]
    public void A_flood_does_not_fill_the_disk()
    {
        var job = worker.Succeeds("var line = new string('x', 99); for (var i = 0; i < 100_000; i++) Console.WriteLine(line);\nConsole.WriteLine(\"end\");");
        Assert.InRange(new FileInfo(job.Layout.StandardOutput).Length, 1 << 20, 3 << 20);
        Assert.InRange(new FileInfo(job.Layout.Events).Length, 1 << 20, 5 << 20);
        Assert.EndsWith("end\n", JobBench.Text(job), StringComparison.Ordinal);
        Assert.Contains("bytes of output dropped here", JobBench.Text(job, "stderr"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_answers_a_cell_that_asks()
    {
        var status = worker.Run(Bench.Make("var name = Console.ReadLine();"));
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("nobody can answer", status.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_other_programs_print_is_the_jobs_and_not_a_word_of_the_worker()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The streams of the process are led away on Unix.");
        var job = worker.Succeeds("""
            System.Diagnostics.Process.Start("sh", ["-c", "echo child; echo trouble >&2"]).WaitForExit();
            using (var raw = Console.OpenStandardOutput()) { raw.Write("raw\n"u8); }
            """);
        Assert.Equal("child\nraw\n", File.ReadAllText(job.Layout.StandardOutput));
        Assert.Equal("trouble\n", File.ReadAllText(job.Layout.StandardError));
    }

    [Fact]
    public void A_word_and_a_mark_cancel()
    {
        const string Endless = "var n = 5;\nFile.WriteAllText(\"running\", \"\");\nwhile (true) { n = 6; }";
        foreach (var byMark in new[] { false, true })
        {
            var job = Bench.Make(Endless, j => j with { Outputs = [new("n", "int")] });
            var status = worker.Run(job, meanwhile: () =>
            {
                Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(job.Layout.Folder, "scratch", "running")), TimeSpan.FromMinutes(1)));
                if (byMark)
                {
                    job.RequestCancel();
                }
                else
                {
                    worker.Ask(new JsonObject { ["cancel"] = job.Layout.Folder });
                }
            });
            Assert.Equal((JobState.Cancelled, 6), (status.State, status.ExitCode));
            Assert.Equal(6, JobBench.Output<int>(job, "n"));
        }
    }

    [Fact]
    public void A_word_to_cancel_holds_for_the_jobs_that_were_asked_for_before_it()
    {
        var folder = Bench.Make("Console.WriteLine(1);");
        var next = Bench.Make("Console.WriteLine(2);");
        var cancel = new JsonObject { ["cancel"] = folder.Layout.Folder };

        // Nobody asked for it yet, and the one that was is over: the next of that folder is another one.
        worker.Ask(cancel.DeepClone().AsObject());
        Assert.Equal(JobState.Succeeded, worker.Run(folder).State);
        worker.Ask(cancel.DeepClone().AsObject());
        Assert.Equal(JobState.Succeeded, worker.Run(next).State);
        Assert.Equal(JobState.Succeeded, worker.Run(folder).State);

        // It waits behind another one, twice.
        var gate = Bench.Folder[$"gate-{Guid.NewGuid():N}"];
        var slow = Bench.Make($"while (!File.Exists(@\"{gate}\")) await Task.Delay(5);");
        worker.Ask(new JsonObject { ["job"] = slow.Layout.Folder });
        worker.Ask(new JsonObject { ["job"] = folder.Layout.Folder });
        worker.Ask(new JsonObject { ["job"] = folder.Layout.Folder });
        worker.Ask(cancel);
        worker.Ask(new JsonObject { ["cancel"] = next.Layout.Folder });
        File.WriteAllText(gate, "");
        Assert.Equal(["succeeded", "cancelled", "cancelled"], Enumerable.Range(0, 3).Select(_ => (string?)worker.Line()["state"]));
        Assert.Equal(JobState.Succeeded, worker.Run(folder).State);
        Assert.Equal(JobState.Succeeded, worker.Run(next).State);
    }

    [Fact]
    public void A_job_that_is_cancelled_before_it_begins_runs_nothing()
    {
        var job = Bench.Make("Console.WriteLine(1);");
        job.RequestCancel();
        Assert.Equal(JobState.Cancelled, worker.Run(job).State);
        Assert.Empty(JobBench.Text(job));
    }

    [Fact]
    public void Foreign_and_changed_jobs_are_refused_and_nothing_of_them_runs()
    {
        using var stranger = JobSigner.Open(Bench.Folder["strangers"]);
        var foreign = Bench.Make("Console.WriteLine(1);", signer: stranger);
        var changed = Bench.Make("Console.WriteLine(1);");
        File.WriteAllText(changed.Layout.Job, File.ReadAllText(changed.Layout.Job).Replace("WriteLine(1)", "WriteLine(2)", StringComparison.Ordinal));
        var unsigned = Bench.Make("Console.WriteLine(1);");
        File.Delete(unsigned.Layout.Signature);
        foreach (var (job, word) in new[] { (foreign, "trust"), (changed, "changed"), (unsigned, "job.sig") })
        {
            var status = worker.Run(job);
            Assert.Equal((JobState.Refused, 3), (status.State, status.ExitCode));
            Assert.Contains(word, status.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(job.Layout.Events));
        }
    }

    [Fact]
    public void Code_hides_nowhere_but_in_the_source()
    {
        foreach (var job in new[]
        {
            Bench.Make("1", j => j with { Inputs = [new JobValue("x", "int y = 2; int", "json")] }),
            Bench.Make("1", j => j with { Packages = [new JobPackage("P", "1.0]\"\nConsole.WriteLine(1);//", "")] }),
            Bench.Make("1", j => j with { Usings = ["System; Console.WriteLine(1)"] }),
        })
        {
            Assert.Equal(JobState.Refused, worker.Run(job).State);
        }
    }

    [Fact]
    public void A_device_that_is_none_is_told()
    {
        var status = worker.Run(Bench.Make("1", j => j with { Device = "abacus" }));
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("abacus", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_that_the_job_does_not_name_are_not_brought()
    {
        var status = worker.Run(Bench.Make("#r \"nuget: Newtonsoft.Json\"\nConsole.WriteLine(1);"));
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("not in the lock", status.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Provenance_says_how_the_results_came_about()
    {
        var job = worker.Succeeds("var y = x + 1;", j => j with { Inputs = [Bench.Input("x", "int", 1)], Outputs = [new("y", "int")] });
        var told = JsonNode.Parse(File.ReadAllText(job.Layout.Provenance))!;
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("var y = x + 1;"u8)), (string?)told["sourceSha256"]);
        Assert.Equal(("x", "y", Environment.MachineName), ((string?)told["inputs"]![0]!["name"], (string?)told["outputs"]![0]!["name"], (string?)told["host"]));
        Assert.True((double)told["seconds"]! > 0 && (long)told["peakMemoryBytes"]! > 1 << 20);
    }

    [Fact]
    public void A_line_that_is_not_understood_is_answered()
    {
        worker.Ask(new JsonObject { ["jub"] = "x" });
        Assert.Contains("not understood", (string?)worker.Line()["error"], StringComparison.Ordinal);
        worker.Succeeds("1");
    }
}
