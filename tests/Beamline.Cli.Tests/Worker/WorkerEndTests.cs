using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>One process for one job: how it ends, and what is left then.</summary>
public sealed class WorkerEndTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Success_and_failure_are_exit_codes()
    {
        Run(_bench.Make("1 + 1")).ExitedWith(0);
        Run(_bench.Make("throw new Exception(\"no\");")).ExitedWith(1);
        Child.Run(_bench.Folder.Root, "worker", "--no-trust").ExitedWith(2).SaysInErrors("Give either --job DIR or --serve");
        Child.Run(_bench.Folder.Root, "worker", "--no-trust", "--job", "nowhere").ExitedWith(2).SaysInErrors("no folder of a job");
        Child.Run(_bench.Folder.Root, "worker", "--no-trust", "--job", "nowhere", "--items", "3-1").ExitedWith(2).SaysInErrors("no range of items");
    }

    [Fact]
    public void The_rules_of_the_endpoint_are_checked_once_more()
    {
        var policy = _bench.Folder["policy.json"];
        File.WriteAllText(policy, """{"mode":"registered-only","sources":["0000000000000000000000000000000000000000000000000000000000000000"]}""");
        var job = _bench.Make("Console.WriteLine(1);");
        Child.Run(_bench.Folder.Root, ["worker", "--job", job.Layout.Folder, "--policy", policy, .. _bench.Arguments]).ExitedWith(3);
        Assert.Contains("registered cells only", job.ReadStatus()!.Message, StringComparison.Ordinal);
        File.WriteAllText(policy, "{\"mode\":3}");
        Child.Run(_bench.Folder.Root, ["worker", "--job", job.Layout.Folder, "--policy", policy, .. _bench.Arguments]).ExitedWith(3);
        File.WriteAllText(policy, "{}");
        Child.Run(_bench.Folder.Root, ["worker", "--job", job.Layout.Folder, "--policy", policy, .. _bench.Arguments]).ExitedWith(0);
    }

    [Fact]
    public void Relative_paths_begin_in_the_folder_of_the_notebook_where_the_worker_sees_it()
    {
        const string Cell = "var text = File.ReadAllText(\"dose.txt\");\nFile.WriteAllText(\"seen.txt\", text);";
        var notebooks = Directory.CreateDirectory(_bench.Folder["notebooks"]).FullName;
        File.WriteAllText(Path.Combine(notebooks, "dose.txt"), "7 Gy");
        var job = _bench.Make(Cell, j => j with { Outputs = [new("text", "string")], Folder = notebooks });
        Run(job).ExitedWith(0);
        Assert.Equal("7 Gy", JobBench.Output<string>(job, "text"));
        Assert.Equal("7 Gy", File.ReadAllText(Path.Combine(notebooks, "seen.txt")));

        var elsewhere = _bench.Make(Cell, j => j with { Folder = notebooks + "-elsewhere" });
        Run(elsewhere).ExitedWith(1);
        Assert.Contains($"{notebooks}-elsewhere is not on {Environment.MachineName}", elsewhere.ReadStatus()!.Error!.Traceback[^1], StringComparison.Ordinal);
        var apart = _bench.Make(Cell);
        Run(apart).ExitedWith(1);
        Assert.Contains("which does not see files of your machine", apart.ReadStatus()!.Error!.Traceback[^1], StringComparison.Ordinal);
        var inside = _bench.Make("File.WriteAllText(\"own.txt\", \"\");");
        Run(inside).ExitedWith(0);
        Assert.True(File.Exists(Path.Combine(inside.Layout.Folder, "scratch", "own.txt")));
    }

    [Fact]
    public void Code_that_ends_the_process_leaves_what_it_printed_and_no_final_status()
    {
        var job = _bench.Make("Console.WriteLine(\"before\");\nEnvironment.Exit(7);");
        Run(job).ExitedWith(7);
        Assert.Equal("before\n", File.ReadAllText(job.Layout.StandardOutput));
        Assert.Equal(JobState.Running, job.ReadStatus()!.State);
    }

    [Fact]
    public void The_last_words_of_the_runtime_are_in_stderr()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The streams of the process are led away on Unix.");
        var job = _bench.Make("unsafe { for (var i = 0; ; i++) { byte* p = stackalloc byte[1 << 20]; p[0] = 1; } }");
        var ended = Run(job);
        Assert.True(ended.ExitCode > 6, ended.All);
        Assert.Equal(JobState.Running, job.ReadStatus()!.State);
        Assert.Contains("Stack overflow", File.ReadAllText(job.Layout.StandardError), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_not_there_is_told_apart()
    {
        var job = _bench.Make("var kept = 1;\nvar big = new byte[1 << 30];", j => j with { Outputs = [new("kept", "int")] });
        using var child = Start(job, new() { ["DOTNET_GCHeapHardLimit"] = "0x18000000" });
        child.WaitForEnd().ExitedWith(4);
        Assert.Equal(JobState.OutOfMemory, job.ReadStatus()!.State);
        Assert.Equal(1, JobBench.Output<int>(job, "kept"));
    }

    [Theory]
    [InlineData(false, 5, JobState.TimedOut)]
    [InlineData(true, 6, JobState.Cancelled)]
    public async Task A_signal_stops_the_cell(bool isCancelled, int code, JobState state)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals need Linux or macOS.");
        var job = _bench.Make("var n = 3;\nFile.WriteAllText(\"running\", \"\");\nawait Task.Delay(-1);", j => j with { Outputs = [new("n", "int")] });
        using var child = Start(job);
        await RunsAsync(job);
        if (isCancelled)
        {
            File.WriteAllText(job.Layout.CancelMark, "");
        }

        child.Signal("TERM");
        child.WaitForEnd().ExitedWith(code);
        Assert.Equal((state, code), (job.ReadStatus()!.State, job.ReadStatus()!.ExitCode));
    }

    [Fact]
    public async Task A_stopped_reconstruction_hands_over_its_volume_and_goes_on_in_the_next_attempt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals need Linux or macOS.");
        const string Cell = """
            var random = new Random(3);
            var angles = Enumerable.Range(0, 60).Select(i => 3.0 * i).ToArray();
            var stack = new MemoryProjectionStack(angles, 16, 96);
            foreach (ref var v in stack.Memory.Span(0, (int)stack.Memory.Length)) v = random.NextSingle();
            var seen = new List<int>();
            class Watcher(List<int> seen) : IProgress<IterationPreview>
            {
                public void Report(IterationPreview p) { seen.Add(p.Iteration); if (p.Iteration == 40) File.WriteAllText("running", ""); }
            }
            var options = new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = ITERATIONS, PreviewEvery = 1, Preview = new Watcher(seen) };
            var result = IterativeReconstruction.Run(stack, RotationAxis.Middle(96), options);
            var volume = result.Volume;
            var first = seen[0];
            """;
        var job = _bench.Make(Cell.Replace("ITERATIONS", "600", StringComparison.Ordinal), j => j with
        {
            Outputs = [new("volume", "Volume"), new("first", "int")],
            Resources = new JobResources { MayRequeue = true },
        });
        using (var child = Start(job))
        {
            await RunsAsync(job);
            child.Signal("TERM");
            child.WaitForEnd().ExitedWith(5);
        }

        Assert.NotEmpty(Directory.GetFiles(job.Layout.Checkpoint, "*.running", SearchOption.AllDirectories));
        using (var partial = JobBench.Output<Beamline.Arrays.Volume>(job, "Partial")!)
        {
            Assert.Equal(16, partial.SliceCount);
            Assert.Contains(partial.Slice(3).ToArray(), v => v > 0);
        }

        Run(job).ExitedWith(0);
        Assert.Equal((JobState.Succeeded, 2), (job.ReadStatus()!.State, job.ReadStatus()!.Attempt));
        Assert.InRange(JobBench.Output<int>(job, "first"), 41, 599);
        Assert.False(Directory.Exists(job.Layout.Checkpoint));
        var whole = _bench.Make(Cell.Replace("ITERATIONS", "600", StringComparison.Ordinal), j => j with { Outputs = [new("volume", "Volume")] });
        Run(whole).ExitedWith(0);
        Assert.Equal(whole.ReadOutputs()![0].Arrays[0].Sha256, job.ReadOutputs()![0].Arrays[0].Sha256);
    }

    [Fact]
    public void Ranks_run_the_same_cell_and_the_first_one_speaks_for_them()
    {
        var job = _bench.Make(
            "Console.WriteLine($\"{Ranks.Rank} of {Ranks.Size}\");\nvar mine = Ranks.Share(5);\nvar share = $\"{mine}\";", j => j with { Outputs = [new("share", "string")] });
        RunRanks(job, 0, 0);
        Assert.Equal(("0 of 2\n", "1 of 2\n"), (File.ReadAllText(job.Layout.StandardOutput), File.ReadAllText(job.Layout.StandardOutput + ".1")));
        Assert.Equal([0, 1], JobBench.Events(job).Select(e => e.Rank).Order());
        Assert.Equal(JobState.Succeeded, job.ReadStatus()!.State);
        Assert.Equal("0..2", JobBench.Output<string>(job, "share"));
        Assert.Empty(Directory.GetFiles(job.Layout.Folder, "rank.*"));
    }

    [Fact]
    public void A_rank_that_fails_fails_the_job()
    {
        var job = _bench.Make("if (Ranks.Rank == 1) throw new Exception(\"no luck\");");
        RunRanks(job, 1, 1);
        var status = job.ReadStatus()!;
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("Rank 1 of 2", status.Message, StringComparison.Ordinal);
        Assert.Equal($"Rank 1 of 2 on {Environment.MachineName}: no luck", status.Error!.Message);
        Assert.Equal($"Rank 1 of 2 on {Environment.MachineName} failed:", status.Error.Traceback[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rank_that_fails_stops_the_others(int bad)
    {
        var job = _bench.Make(
            $"var before = 3;\nFile.WriteAllText($\"here{{Ranks.Rank}}\", \"\");\n" +
            "while (!File.Exists(\"here0\") || !File.Exists(\"here1\")) await Task.Delay(5);\n" +
            $"if (Ranks.Rank == {bad}) throw new Exception(\"no luck\");\nawait Task.Delay(-1);", j => j with { Outputs = [new("before", "int")] });
        RunRanks(job, bad == 0 ? [1, 6, 6] : [1, 1, 6]);
        var status = job.ReadStatus()!;
        Assert.Equal((JobState.Failed, $"Rank {bad} of 3 on {Environment.MachineName}: no luck"), (status.State, status.Error!.Message));
        if (bad == 0)
        {
            Assert.Equal(3, JobBench.Output<int>(job, "before"));
        }
    }

    [Fact]
    public void A_rank_that_is_killed_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals need Linux or macOS.");
        var job = _bench.Make("File.WriteAllText($\"running{Ranks.Rank}\", \"\");\nawait Task.Delay(-1);");
        var ranks = StartRanks(job, 3);
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Enumerable.Range(0, 3).All(r => File.Exists(Path.Combine(job.Layout.Folder, "scratch", $"running{r}"))), TimeSpan.FromMinutes(2)));
            ranks[1].Signal("KILL");

            // As launchers do with the others.
            ranks[0].Signal("TERM");
            ranks[2].Signal("TERM");
            ranks[0].WaitForEnd().ExitedWith(1);
            ranks[2].WaitForEnd().ExitedWith(5);
            var status = job.ReadStatus()!;
            Assert.Equal(JobState.Failed, status.State);

            // On a busy machine the other one has not stopped in time.
            Assert.Matches("^Ranks? 1(, 2)? of 3 ended without a word", status.Message);
        }
        finally
        {
            ranks.ForEach(r => r.Dispose());
        }
    }

    private void RunRanks(JobFolder job, params int[] codes)
    {
        var ranks = StartRanks(job, codes.Length);
        try
        {
            for (var rank = 0; rank < codes.Length; rank++)
            {
                ranks[rank].WaitForEnd().ExitedWith(codes[rank]);
            }
        }
        finally
        {
            ranks.ForEach(r => r.Dispose());
        }
    }

    private List<Child> StartRanks(JobFolder job, int size) => [.. Enumerable.Range(0, size).Select(rank => Start(job, new()
    {
        ["PMIX_RANK"] = $"{rank}", ["PMIX_NAMESPACE"] = "test.1", ["OMPI_COMM_WORLD_SIZE"] = $"{size}",
    }))];

    private Child Start(JobFolder job, Dictionary<string, string>? environment = null) =>
        Child.Start(_bench.Folder.Root, environment, ["worker", "--job", job.Layout.Folder, .. _bench.Arguments]);

    private Ended Run(JobFolder job)
    {
        using var child = Start(job);
        return child.WaitForEnd();
    }

    private static async Task RunsAsync(JobFolder job)
    {
        var mark = Path.Combine(job.Layout.Folder, "scratch", "running");
        for (var i = 0; i < 6000 && !File.Exists(mark); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(mark), "the cell did not begin");
    }
}
