using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Tests;

/// <summary>#!remote in a real session with an endpoint in memory: what is shown, and what becomes of the results.</summary>
public sealed class RemoteCellTests : IDisposable
{
    private readonly RemoteSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task The_rest_of_the_cell_travels_and_is_shown_as_if_it_ran_here()
    {
        (string Code, CaptureOptions Options) seen = default;
        Gives(c => c with { Outputs = [New("x", "int")] }, (code, options) => seen = (code, options));
        _session.Endpoint.Work = job =>
        {
            job.Be(JobState.Queued, "Resources");
            job.Print("one ");
            job.Print("two\n");
            job.Print("warned\n", "stderr");
            job.Show("display", "first", "d1");
            job.Print("three\n");
            job.Show("update", "second", "d1");
            job.Show("result", "the value");
            job.Give("x", "int", 42);
            job.Succeed();
        };
        var cell = await _session.Good("// local\n#!remote fake --nodes 2 --time 00:10:00 --memory 2GiB --gpus 1\nvar x = 42;\nthrow new Exception();");
        Assert.Equal("var x = 42;\nthrow new Exception();", seen.Code);
        Assert.Equal(2, seen.Options!.LinesBefore);
        Assert.Equal(["one two\n", "warned\n", "second", "three\n", "the value"], RemoteSession.Texts(cell));
        Assert.Equal("execute_result", (string?)cell.Outputs[^1]!["output_type"]);
        Assert.Matches(@"^job 1 on fake succeeded on n1, [0-9.]+ m?s$", RemoteSession.Line(cell));
        Assert.Equal("42", await _session.Value("x"));
        var resources = _session.Sender.Codec.Signed[0].Resources;
        Assert.Equal((2, TimeSpan.FromMinutes(10), 2L << 30, 1), (resources.Nodes, resources.Walltime, resources.MemoryBytes, resources.Gpus));
    }

    [Fact]
    public async Task Types_and_functions_of_the_cell_are_declared_before_its_variables()
    {
        Gives(c => c with { Declarations = "record Point(int X, int Y);\nint Twice(int a) => 2 * a;", Outputs = [New("p", "Point"), New("list", "System.Collections.Generic.List<Point>")] });
        _session.Endpoint.Work = job =>
        {
            job.Outputs.Add(new JobValue("p", "Point", "json") { Json = System.Text.Json.Nodes.JsonNode.Parse("""{ "X": 3, "Y": 4 }""") });
            job.Outputs.Add(new JobValue("list", "List<Point>", "json") { Json = System.Text.Json.Nodes.JsonNode.Parse("""[{ "X": 1, "Y": 2 }]""") });
            job.Succeed();
        };
        await _session.Good("#!remote fake\nrecord Point(int X, int Y); var p = new Point(3, 4);");
        Assert.Equal("Point { X = 3, Y = 4 }6", await _session.Value("p.ToString() + Twice(list[0].X + 2)"));
        var generated = await _session.Good("#!who");
        Assert.Contains("p", RemoteSession.Texts(generated)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_of_before_is_assigned_and_not_hidden()
    {
        await _session.Good("var count = 1; int Read() => count;");
        Gives(c => c with { Outputs = [new CapturedOutput("count", "int", IsNew: false)] });
        _session.Endpoint.Work = job =>
        {
            job.Give("count", "int", 5);
            job.Succeed();
        };
        await _session.Good("#!remote fake\ncount += 4;");
        Assert.Equal("5", await _session.Value("Read()"));
    }

    [Fact]
    public async Task A_large_result_is_fetched_when_it_is_used_and_can_be_assigned()
    {
        Gives(c => c with { Outputs = [New("large", "int[]"), New("other", "int[]"), New("small", "int")] });
        _session.Endpoint.Work = job =>
        {
            job.GiveFile("large", "int[]", "[1,2,3]", 65L << 20);
            job.GiveFile("other", "int[]", "[9]", 65L << 20);
            job.Give("small", "int", 8);
            job.Succeed();
        };
        await _session.Good("#!remote fake\nvar large = new int[3];");
        var there = _session.Endpoint.Last;
        Assert.Equal(0, there.Fetches);

        // Lists of variables do not fetch; a magic that names it does.
        Assert.Null(_session.Kernel.Session.Variables().Single(v => v.Name == "large").Value);
        Assert.DoesNotContain(_session.Kernel.Session.Variables(), v => v.Name.Contains("later", StringComparison.Ordinal));
        Assert.Equal(0, there.Fetches);
        Assert.Equal("8", await _session.Value("small"));
        Assert.Equal("6", await _session.Value("large.Sum()"));
        Assert.Equal("3", await _session.Value("large.Length"));
        Assert.Equal(1, there.Fetches);
        await _session.Good("other = [4, 4];");
        Assert.Equal("8", await _session.Value("other.Sum()"));
        Assert.Equal(1, there.Fetches);
        Assert.Equal([4, 4], (int[])_session.Kernel.Session.FindVariable("other")!.Value!);
        Assert.Equal(typeof(int[]), _session.Kernel.Session.FindVariable("large")!.Type);
    }

    [Fact]
    public async Task Lazy_leaves_small_results_there_too()
    {
        Gives(c => c with { Outputs = [New("v", "int[]")] });
        _session.Endpoint.Work = job =>
        {
            job.GiveFile("v", "int[]", "[7]", 10);
            job.Succeed();
        };
        await _session.Good("#!remote fake --lazy\nvar v = new int[1];");
        Assert.Equal(0, _session.Endpoint.Last.Fetches);
        Assert.Equal("7", await _session.Value("v[0]"));
    }

    [Fact]
    public async Task What_cannot_come_back_is_named_and_the_rest_comes()
    {
        Gives(c => c with { Outputs = [New("good", "int"), New("bad", "System.IO.Stream"), New("gone", "int")], NotComingBack = ["handle: it is an open file"] });
        _session.Endpoint.Work = job =>
        {
            job.Give("good", "int", 1);
            job.Outputs.Add(new JobValue("bad", "Stream", "json") { Problem = "it is an open file: return its path" });
            job.Succeed();
        };
        var text = string.Concat(RemoteSession.Texts(await _session.Good("#!remote fake\n1")));
        Assert.Contains("does not come back: handle: it is an open file", text, StringComparison.Ordinal);
        Assert.Contains("bad (System.IO.Stream) did not come back: it is an open file: return its path", text, StringComparison.Ordinal);
        Assert.Contains("gone (int) did not come back: fake has no value of it", text, StringComparison.Ordinal);
        Assert.Equal("1", await _session.Value("good"));
    }

    [Fact]
    public async Task An_error_has_the_traceback_of_there_and_what_came_before_is_kept()
    {
        await _session.Good("var half = 10;");
        Gives(c => c with { Outputs = [New("half", "int"), New("rest", "int")] });
        _session.Endpoint.Work = job =>
        {
            job.Print("before\n");
            job.Give("half", "int", 5);
            job.Be(new JobStatus(JobState.Failed) { Error = new JobError("DivideByZeroException", "Attempted to divide by zero.", ["DivideByZeroException: Attempted", "  cell 7, line 3"]) });
        };
        var (outcome, cell) = await _session.RunAsync("#!remote fake\nvar half = 5; var rest = 1 / 0;");
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Equal(["DivideByZeroException: Attempted", "  cell 7, line 3"], outcome.Error!.Traceback);
        Assert.Equal("before\n", RemoteSession.Texts(cell)[0]);
        Assert.Contains("these results came all the same: half.", string.Concat(RemoteSession.Texts(cell)), StringComparison.Ordinal);
        Assert.Equal("5", await _session.Value("half"));
    }

    [Fact]
    public async Task A_failure_without_results_leaves_variables_as_they_were()
    {
        await _session.Good("var y = 10;");
        Gives(c => c with { Outputs = [New("y", "string")] });
        _session.Endpoint.Work = job => job.Be(new JobStatus(JobState.OutOfMemory) { Message = "killed at 4 GiB", Signal = "SIGKILL", Host = "n2" });
        Assert.Equal("Job 1 on fake ran out of memory (ended by SIGKILL) on n2: killed at 4 GiB\nGive it more --memory, or fewer bytes at once.", await _session.Bad("#!remote fake\nvar y = \"\";"));
        Assert.Equal("10", await _session.Value("y"));
    }

    [Fact]
    public async Task An_interrupt_cancels_the_job()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        _session.Endpoint.Work = job =>
        {
            job.Be(JobState.Running);
            started.SetResult();
            job.WaitForCancel();
        };
        var running = _session.RunAsync("#!remote fake\nwhile (true) { }", stop.Token);
        await started.Task;
        await stop.CancelAsync();
        var (outcome, _) = await running;
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        await Until(() => _session.Endpoint.Last.IsCancelled && _session.Sender.Client.Find(1).Status.State == JobState.Cancelled);
        Assert.Equal("2", await _session.Value("1 + 1"));
    }

    [Fact]
    public async Task A_session_that_ends_right_after_an_interrupt_waits_until_the_endpoint_has_heard_of_it()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        _session.Endpoint.Work = job =>
        {
            job.Be(JobState.Running);
            started.SetResult();
        };
        _session.Endpoint.Cancelling = () => Task.Delay(300);
        var running = _session.RunAsync("#!remote fake\nwhile (true) { }", stop.Token);
        await started.Task;
        await stop.CancelAsync();
        await running;
        _session.Kernel.Dispose();
        Assert.True(_session.Endpoint.Last.IsCancelled);
    }

    [Fact]
    public async Task A_kernel_that_ends_leaves_the_job_and_the_next_one_comes_back_to_it()
    {
        Gives(c => c with { Outputs = [New("x", "int")] });
        var started = new TaskCompletionSource();
        _session.Endpoint.Work = job =>
        {
            job.Print("from the start\n");
            job.Be(JobState.Running);
            started.SetResult();
        };
        var running = _session.RunAsync("#!remote fake\nvar x = 1;");
        await started.Task;
        _session.Restart();

        // The old kernel is torn down around its cell.
        await Record.ExceptionAsync(() => running);
        var there = _session.Endpoint.Last;
        Assert.False(there.IsCancelled);
        there.Print("and on\n");
        there.Give("x", "int", 11);
        there.Be(JobState.Succeeded);
        var cell = await _session.Good("#!attach 1");
        Assert.Equal("from the start\nand on\n", string.Concat(RemoteSession.Texts(cell)));
        Assert.Equal("11", await _session.Value("x"));
    }

    [Fact]
    public async Task An_interrupted_attach_leaves_the_job()
    {
        await _session.Good("#!remote fake --detach\n1");
        using var stop = new CancellationTokenSource();
        var running = _session.RunAsync("#!attach 1", stop.Token);
        await Until(() => _session.Endpoint.EventCalls > 0);
        await stop.CancelAsync();
        var (outcome, cell) = await running;
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.False(_session.Endpoint.Last.IsCancelled);
        Assert.Contains("job 1 goes on at fake: #!attach 1 comes back to it, #!cancel 1 ends it.", string.Concat(RemoteSession.Texts(cell)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detached_returns_the_job_at_once_and_cancel_ends_it()
    {
        var cell = await _session.Good("#!remote fake --detach --as job\nvar x = 1;");
        Assert.Contains("job 1 on fake waits in the queue", RemoteSession.Texts(cell)[^1], StringComparison.Ordinal);
        Assert.Equal("1 Queued", await _session.Value("$\"{job.Id} {job.State}\""));
        Assert.Contains("job 1 on fake was cancelled", string.Concat(RemoteSession.Texts(await _session.Good("#!cancel 1"))), StringComparison.Ordinal);
        Assert.Contains("it has ended already", string.Concat(RemoteSession.Texts(await _session.Good("#!cancel 1"))), StringComparison.Ordinal);
        Assert.Contains("Job 1 on fake was cancelled", await _session.Bad("#!attach 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_reports_failed_items_and_what_came_can_be_used()
    {
        CaptureOptions? seen = null;
        Gives(c => Sender.MapCell(4, 5, 6) with { Label = c.Label }, (_, options) => seen = options);
        var isSecond = false;
        _session.Endpoint.Work = job =>
        {
            job.Say(Item(0, isSecond ? 50 : 40));
            if (!isSecond)
            {
                job.Say(new JobEvent("item") { Item = 1, Attempt = 3, Error = new JobError("E", "bad item", ["E: bad item"]) });
                job.Say(Item(2, 60));
            }

            isSecond = true;
            job.Succeed();
        };
        var (outcome, cell) = await _session.RunAsync("#!remote fake --map angle in angles --throttle 2 --retries 2 --as found\nangle * 10");
        Assert.Equal(("angle", "angles"), seen!.Map);
        Assert.Equal((2, 2), (_session.Sender.Codec.Signed[0].Map!.Throttle, _session.Sender.Codec.Signed[0].Map!.Retries));
        Assert.Equal("1 of 3 items of job 1 failed; the first: item 1: E: bad item (tried 3 times)", outcome.Error!.Message);
        Assert.Contains("item 1: E: bad item", string.Concat(RemoteSession.Texts(cell)), StringComparison.Ordinal);
        Assert.Contains("3 of 3 items, 1 failed", RemoteSession.Line(cell), StringComparison.Ordinal);
        Assert.Equal("40 60", await _session.Value("$\"{found[0]} {found[2]}\""));
        Assert.Equal("40 50 60", await _session.Value("found = await found.RetryFailedAsync();\nstring.Join(' ', found.Results)"));
    }

    [Fact]
    public async Task A_map_that_failed_by_an_item_says_which_and_one_that_ended_otherwise_says_how()
    {
        Gives(c => Sender.MapCell(4, 5, 6) with { Label = c.Label });
        var error = new JobError("ArgumentException", "four", ["ArgumentException: four", "  cell 7, line 3"]);
        _session.Endpoint.Work = job =>
        {
            job.Say(Item(0, 40));
            job.Say(new JobEvent("item") { Item = 1, Attempt = 1, Error = error });
            job.Be(new JobStatus(JobState.Failed) { Error = error });
        };
        var (outcome, _) = await _session.RunAsync("#!remote fake --map angle in angles\nangle * 10");
        Assert.Equal("1 of 3 items of job 1 failed; the first: item 1: ArgumentException: four", outcome.Error!.Message);
        Assert.Equal("  cell 7, line 3", outcome.Error.Traceback[^1]);
        Assert.Equal("40", await _session.Value("results[0]"));

        _session.Endpoint.Work = job =>
        {
            job.Say(new JobEvent("item") { Item = 1, Attempt = 1, Error = error });
            job.Be(JobState.TimedOut);
        };
        Assert.StartsWith("Job 2 on fake ran out of time", await _session.Bad("#!remote fake --map angle in angles\nangle * 10"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_in_code_takes_its_lambda_apart()
    {
        string? source = null;
        _session.CaptureFunction = (text, _) =>
        {
            source = text;
            return Sender.MapCell() with { Inputs = [] };
        };
        _session.Endpoint.Work = job =>
        {
            job.Say(Item(0, 1));
            job.Say(Item(1, 4));
            job.Succeed();
        };
        Assert.Equal("1 4", await _session.Value("var map = Endpoint.Open(\"fake\").Map([1, 2], x => x * x);\nstring.Join(' ', map.Results)"));
        Assert.Equal("x => x * x", source);
        Assert.Equal("[1,2]", _session.Sender.Codec.Signed[0].Inputs.Single().Json!.ToJsonString());
    }

    [Fact]
    public async Task A_large_input_is_asked_about_where_somebody_can_answer()
    {
        Gives(c => c with { Inputs = [new CapturedInput("data", "byte[]", typeof(byte[]), new byte[65 << 20])] });
        var message = await _session.Bad("#!remote fake\ndata.Length");
        Assert.Contains("  65 MiB  data (byte[])", message, StringComparison.Ordinal);
        Assert.Contains("add --yes", message, StringComparison.Ordinal);
        _session.Endpoint.Work = job => job.Succeed();
        string? question = null;
        _session.Answer = q =>
        {
            question = q;
            return "yes";
        };
        await _session.Good("#!remote fake\ndata.Length");
        Assert.Contains("data (byte[])", question!, StringComparison.Ordinal);
        _session.Answer = _ => throw new InvalidOperationException("must not be asked");
        await _session.Good("#!remote fake --yes\ndata.Length");
    }

    private void Gives(Func<CapturedCell, CapturedCell> change, Action<string, CaptureOptions>? seen = null) => _session.Capture = (code, options) =>
    {
        seen?.Invoke(code, options);
        return change(new CapturedCell { Label = options.Label, Source = code });
    };

    private static CapturedOutput New(string name, string type) => new(name, type, IsNew: true);

    private static JobEvent Item(int index, int value) =>
        new("item") { Item = index, Attempt = 1, Value = new JobValue($"{index}", "int", "json") { Json = System.Text.Json.Nodes.JsonValue.Create(value) } };

    private static async Task Until(Func<bool> isSo)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 1000, "waited for too long");
            await Task.Delay(10);
        }
    }
}
