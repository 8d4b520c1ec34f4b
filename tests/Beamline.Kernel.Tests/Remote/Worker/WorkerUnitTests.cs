using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>Small parts of the worker; whole jobs are run in Beamline.Cli.Tests.</summary>
public sealed class WorkerUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0-99", 0, 99)]
    [InlineData("5", 5, 5)]
    [InlineData("7-7", 7, 7)]
    public void Ranges_of_items_are_read(string text, int first, int last) => Assert.Equal((first, last), WorkerItems.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    [InlineData("1 - 2")]
    [InlineData("99999999999")]
    public void Other_texts_are_no_ranges(string text) => Assert.Contains(text, Assert.Throws<FormatException>(() => WorkerItems.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("int", true)]
    [InlineData("double[]?", true)]
    [InlineData("System.Collections.Generic.Dictionary<string, (int A, float[,] B)?>", true)]
    [InlineData("global::System.Numerics.Vector3", true)]
    [InlineData("int*", true)]
    [InlineData("", false)]
    [InlineData("int x = 3; int", false)]
    [InlineData("int[Evil()]", false)]
    [InlineData("List<int", false)]
    [InlineData("int/**/", false)]
    [InlineData("int\n#line 1\n", false)]
    [InlineData("nameof(x)", false)]
    [InlineData("int>(\"\"); Evil<int", false)]
    public void Only_a_type_passes_for_one(string text, bool isType) => Assert.Equal(isType, JobText.IsType(text));

    [Fact]
    public void Displays_beyond_the_limit_are_left_out_and_results_are_not()
    {
        File.WriteAllText(_folder.File("job.json"), "{}");
        var job = JobFolder.At(_folder.Path);
        using (var log = new JobEventLog(job, 0, limit: 1000))
        {
            for (var i = 0; i < 20; i++)
            {
                log.Write(new JobEvent("display") { Data = new() { ["text/plain"] = new string('x', 200) } });
            }

            log.Write(new JobEvent("item") { Item = 3 });
            log.Text("stdout", "end", null);
        }

        var events = job.ReadEvents(0).Events;
        Assert.InRange(events.Count(e => e.Kind == "display"), 3, 6);
        Assert.Equal(["stream", "item", "stream"], events.SkipWhile(e => e.Kind == "display").Select(e => e.Kind));
        Assert.Contains("further displays are left out", File.ReadAllText(job.Layout.StandardError), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writers_of_a_text_do_not_write_over_each_other()
    {
        var path = _folder.File("text");
        using (var one = new AppendFile(path))
        using (var two = new AppendFile(path))
        {
            Parallel.For(0, 2000, i => (i % 2 == 0 ? one : two).Write("0123456789\n"u8));
        }

        Assert.Equal(Enumerable.Repeat("0123456789", 2000), File.ReadAllLines(path));
    }

    [Fact]
    public void What_a_cancelled_computation_hands_over_is_found_by_name()
    {
        var stop = new Stopped(new Result(5));
        Assert.Equal(5, PartialResult.Of(stop));
        Assert.Equal(5, PartialResult.Of(new OperationCanceledException("stopped", new AggregateException(stop))));
        Assert.Equal("best", PartialResult.Of(new Trained()));
        Assert.Null(PartialResult.Of(new OperationCanceledException()));
        Assert.Null(PartialResult.Of(new NotAStop()));
        Assert.Null(PartialResult.Of(null));
    }

    [Theory]
    [InlineData("SLURM_JOB_ID=12", "SLURM_JOB_ID=12", true)]
    [InlineData("SLURM_JOB_ID=12", "SLURM_JOB_ID=12 SLURM_RESTART_COUNT=1", false)]
    [InlineData("SLURM_JOB_ID=12 SLURM_STEP_ID=0", "SLURM_JOB_ID=12 SLURM_STEP_ID=1", false)]
    [InlineData("PMIX_NAMESPACE=a SLURM_JOB_ID=12", "PMIX_NAMESPACE=b SLURM_JOB_ID=12", false)]
    // mpirun starts the ranks of its own node itself, and those of others in a step.
    [InlineData("PMIX_NAMESPACE=a SLURM_JOB_ID=12", "PMIX_NAMESPACE=a SLURM_JOB_ID=12 SLURM_STEP_ID=0", true)]
    [InlineData("OMPI_MCA_ess_base_jobid=a SLURM_JOB_ID=12", "OMPI_MCA_ess_base_jobid=a SLURM_JOB_ID=12 SLURM_STEP_ID=0", true)]
    [InlineData("MPI_LOCALRANKID=0 SLURM_JOB_ID=12", "MPI_LOCALRANKID=1 SLURM_JOB_ID=12 SLURM_STEP_ID=0", true)]
    public void Launches_are_told_apart(string first, string second, bool isSame) =>
        Assert.Equal(isSame, RankFiles.Launch(Variables(first)) == RankFiles.Launch(Variables(second)));

    private static Func<string, string?> Variables(string text) => text.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]).GetValueOrDefault;

    [Fact]
    public void Every_end_of_a_job_has_its_exit_code() => Assert.Equal(
        [0, 1, 3, 4, 5, 6],
        new[] { JobState.Succeeded, JobState.Failed, JobState.Refused, JobState.OutOfMemory, JobState.TimedOut, JobState.Cancelled }.Select(WorkerExit.Of));

    private sealed record Result(int Volume);

    private sealed class Stopped(Result partial) : OperationCanceledException
    {
        public Result Partial => partial;
    }

    private sealed class Trained : OperationCanceledException
    {
        public string Best { get; } = "best";
    }

    private sealed class NotAStop : Exception
    {
        public string Partial { get; } = "no";
    }
}
