using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>A function that runs for each item.</summary>
public sealed class WorkerMapTests(WarmWorker worker) : IClassFixture<WarmWorker>
{
    private const string Root = "double Root(double x)\n{\n    Console.WriteLine($\"item {x}\");\n    return x >= 0 ? Math.Sqrt(x) : throw new ArgumentException($\"{x} is negative\");\n}";

    [Fact]
    public void Each_item_has_its_value_or_its_error_and_its_text()
    {
        var job = Make(Root, "Root", [4, -1, 2]);
        var status = worker.Run(job);
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("1 of 3 items failed", status.Message, StringComparison.Ordinal);
        Assert.Contains("  cell 7, line 4, in Root", status.Error!.Traceback);
        var items = Items(job);
        Assert.Equal([0, 1, 2], items.Select(e => e.Item!.Value));
        Assert.Equal((2.0, Math.Sqrt(2)), (Value(items[0]), Value(items[2])));
        Assert.Equal(("ArgumentException", "-1 is negative"), (items[1].Error!.Name, items[1].Error!.Message));
        Assert.Equal([(0, "item 4\n"), (1, "item -1\n"), (2, "item 2\n")], JobBench.Events(job).Where(e => e.Kind == "stream").Select(e => (e.Item!.Value, e.Text!)));
    }

    [Fact]
    public void A_failed_item_is_tried_again()
    {
        var job = Make("int tries = 0;\ndouble Third(double x) => ++tries % 3 == 0 ? x : throw new Exception($\"try {tries}\");", "Third", [1, 2], retries: 2);
        Assert.Equal(JobState.Succeeded, worker.Run(job).State);
        Assert.Equal([(0, 3), (1, 3)], Items(job).Select(e => (e.Item!.Value, e.Attempt)));
        Assert.Equal([(0, 1), (0, 2), (1, 1), (1, 2)], JobBench.Events(job).Where(e => e.Kind == "warning").Select(e => (e.Item!.Value, e.Attempt)));
    }

    [Fact]
    public void A_part_has_a_status_of_its_own_and_a_second_attempt_leaves_out_what_is_done()
    {
        var job = Make(Root, "Root", [0, 1, 4, 9, 16, 25]);
        Assert.Equal(JobState.Succeeded, worker.Run(job, "1-3").State);
        Assert.Equal([1, 2, 3], Items(job).Select(e => e.Item!.Value));
        Assert.Null(job.ReadStatus());
        Assert.Null(job.ReadOutputs());
        Assert.Equal(2, worker.Run(job, "1-3").Attempt);
        Assert.Equal(3, Items(job).Count);
        Assert.Equal(JobState.Succeeded, worker.Run(job, "5-5").State);
        Assert.Equal(5, Value(Items(job)[^1]));
    }

    [Fact]
    public void Tasks_are_awaited_and_large_results_lie_beside()
    {
        var job = Make("async Task<double[]> Many(double x) { await Task.Delay(1); return Enumerable.Repeat(x, 5000).ToArray(); }", "Many", [1, 2]);
        Assert.Equal(JobState.Succeeded, worker.Run(job).State);
        var value = Items(job)[1].Value!;
        Assert.Single(value.Arrays);
        Assert.Equal(Enumerable.Repeat(2.0, 5000), (double[])new ValueCodecs().Decode(value, typeof(double[]), job.OutputPath)!);
    }

    [Fact]
    public void Cancelling_keeps_the_items_that_are_done()
    {
        var job = Make("double Slow(double x) { if (x == 2) { File.WriteAllText(\"running\", \"\"); while (true) { } } return x; }", "Slow", [1, 2, 3]);
        var status = worker.Run(job, meanwhile: () =>
        {
            Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(job.Layout.Folder, "scratch", "running")), TimeSpan.FromMinutes(1)));
            job.RequestCancel();
        });
        Assert.Equal(JobState.Cancelled, status.State);
        Assert.Equal([0], Items(job).Select(e => e.Item!.Value));
    }

    private JobFolder Make(string source, string function, double[] items, int retries = 0) => worker.Bench.Make(source, j => j with
    {
        Inputs = [worker.Bench.Input("xs", "double[]", items)],
        Map = new JobMap("x", "double", "double", items.Length, function) { Items = "xs", Retries = retries },
    });

    private static List<JobEvent> Items(JobFolder job) => [.. JobBench.Events(job).Where(e => e.Kind == "item")];

    private static double Value(JobEvent item) => (double)new ValueCodecs().Decode(item.Value!, typeof(double), _ => "")!;
}
