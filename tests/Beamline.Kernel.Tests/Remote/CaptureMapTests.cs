using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>Cells and lambdas that run once for each of some items.</summary>
public sealed class CaptureMapTests
{
    private const string Items = "double[] angles = { 1, 2, 3 }; var list = new List<string> { \"a\", \"bb\" }; IEnumerable<int> lazy = Enumerable.Range(0, 4).Where(x => x > 0); " +
        "int k = 10; int Plus(int x) => x + k; double[,] plane = new double[2, 2]; int[] none = []; string word = \"w\"; List<int> nothing = null; Stream[] open = [];";

    [Theory]
    [InlineData("angle * k", "angles", "double", "double", 3, "20")]
    [InlineData("var t = angle + 1;\nvar u = t * 2;\nu", "angles", "double", "double", 3, "6")]
    [InlineData("angle.Length + Plus(1)", "list", "string", "int", 2, "13")]
    [InlineData("int Local(int x) => x + angle; Local(Free(1)) static int Free(int x) => x * 2;", "lazy", "int", "int", 3, null)]
    [InlineData("int Local(int x) => x + angle; static int Free(int x) => x * 2;\nLocal(Free(1))", "lazy", "int", "int", 3, "4")]
    [InlineData("await Task.Delay(1);\nangle", "lazy", "int", "int", 3, "2")]
    [InlineData("record P(int X) { public int Y => Twice(X); }\nstatic int Twice(int v) => v * 2;\nvar p = new P(angle); p.Y", "lazy", "int", "int", 3, "4")]
    [InlineData("int start; const int N = 3; readonly int m = 2; start + N + m + angle", "lazy", "int", "int", 3, "7")]
    [InlineData("(angle, Name: $\"{angle}\")", "lazy", "int", "(int angle, string Name)", 3, "(2, 2)")]
    [InlineData("angles.Length + angle", "angles", "double", "double", 3, "5")]
    [InlineData("if (angle > 1) { return 100; }\n1", "lazy", "int", "int", 3, "100")]
    public async Task A_cell_becomes_a_function_of_its_item(string code, string items, string itemType, string resultType, int count, string? second)
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        if (second is null)
        {
            Assert.ThrowsAny<Exception>(() => notebook.Capture(code, 0, ("angle", items)));
            return;
        }

        var cell = notebook.Capture(code, 0, ("angle", items));
        Assert.Equal(("angle", itemType, resultType, count, "MapItem__"), (cell.Map!.Name, cell.Map.Type, cell.Map.ResultType, cell.Map.Count, cell.Map.Function));
        Assert.Empty(cell.Outputs);
        var values = (Array)cell.Inputs.Single(i => i.Name == cell.Map.Items).Value!;
        Assert.Equal(count, values.Length);
        Assert.Equal(itemType + "[]", cell.Inputs.Single(i => i.Name == cell.Map.Items).TypeName);
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        AppDomain.CurrentDomain.SetData("capture item", values.GetValue(1));
        var call = $"MapItem__(({itemType})AppDomain.CurrentDomain.GetData(\"capture item\"))";
        var isTask = cell.Source.Contains("async ", StringComparison.Ordinal);
        Assert.Equal(second, await worker.TextAsync($"$\"{{{(isTask ? "await " : "")}{call}}}\""));
    }

    [Fact]
    public async Task Lines_are_those_of_the_cell_also_when_it_fails_there()
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        var cell = notebook.Capture("int Check(int v)\n{\n    if (v > 1) { throw new InvalidOperationException(\"big\"); }\n    return v;\n}\n\nvar c = Check(angle);\nc", 1, ("angle", "lazy"));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        var (outcome, _) = await worker.RunAsync("MapItem__(2)");
        var trace = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("line 4, in Check", trace, StringComparison.Ordinal);
        Assert.Contains("line 8, in MapItem__", trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var t = angle;", "angles", "has to end with an expression without a semicolon")]
    [InlineData("Console.WriteLine(angle)", "angles", "has no value")]
    [InlineData("new MemoryStream()", "angles", "Line 1: the result of an item (MemoryStream) cannot travel")]
    [InlineData("angle", "angels", "there is no variable angels. Did you mean angles?")]
    [InlineData("1", "k", "k is of type int, and not an array")]
    [InlineData("1", "plane", "not an array, list or sequence of one dimension")]
    [InlineData("1", "word", "word is of type string")]
    [InlineData("1", "none", "none has no items")]
    [InlineData("1", "nothing", "nothing is null")]
    [InlineData("1", "open", "the items of open cannot travel")]
    [InlineData("k += 1; k", "angles", "Line 1: k is assigned, and each item runs by itself")]
    [InlineData("namespace N { class C; } 1", "angles", "declare them in a cell before it")]
    public async Task What_is_wrong_is_said(string code, string items, string message)
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        Assert.Contains(message, notebook.Refused(code, ("angle", items)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_of_objects_do_not_come_back_and_that_is_said()
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        Assert.StartsWith("list: each item runs by itself", Assert.Single(notebook.Capture("list.Add(\"c\"); 1", 0, ("angle", "angles")).NotComingBack), StringComparison.Ordinal);
        var error = Assert.Throws<CellFailedException>(() => notebook.Capture("\nangle.Nothing", 2, ("angle", "angles"))).Error;
        Assert.Contains("line 4, column 7: CS1061", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x => x * 2", "", "6")]
    [InlineData("(int x) => x + k", "k", "13")]
    [InlineData("x => Plus(x)", "k", "13")]
    [InlineData("Plus", "k", "13")]
    [InlineData("x => x + own", "own", "10")]
    [InlineData("x => OwnPlus(x)", "own", "10")]
    [InlineData("x => { var y = x + 1; return y * own; }", "own", "28")]
    [InlineData("delegate(int x) { return x - 1; }", "", "2")]
    [InlineData("x => x + Math.Abs(-k)", "k", "13")]
    public async Task A_lambda_takes_what_it_uses(string lambda, string inputs, string third)
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        var cell = await Sent(notebook, $"int own = 7; int OwnPlus(int v) => v + own; {Send(lambda)}");
        Assert.Equal(inputs, string.Join(' ', cell.Inputs.Select(i => i.Name)));
        Assert.Equal(("int", "int", "items.0"), (cell.Map!.Type, cell.Map.ResultType, cell.Map.Items));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(third, await worker.TextAsync("MapItem__(3)"));
    }

    [Fact]
    public async Task A_lambda_takes_locals_of_blocks_and_functions_by_value()
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        var cell = await Sent(notebook, $"void Go(int scale) {{ foreach (var k in new[] {{ 5 }}) {{ var s = \"abc\"; {Send("x => x * scale + k + s.Length")} }} }} Go(100);");
        Assert.Equal([("k", (object)5), ("s", "abc"), ("scale", 100)], cell.Inputs.Select(i => (i.Name, i.Value!)).OrderBy(i => i.Name, StringComparer.Ordinal));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal("308", await worker.TextAsync("MapItem__(3)"));
    }

    [Fact]
    public async Task An_asynchronous_lambda_is_a_function_with_a_task()
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        var cell = await Sent(notebook, Send("async x => { await Task.Delay(1); return x + k; }", "Func<int, Task<int>>"));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal("13", await worker.TextAsync("await MapItem__(3)"));
    }

    [Theory]
    [InlineData("Func<int, int> f = v => v; ", "x => f(x)", "f (Func<int, int>) cannot travel")]
    [InlineData("Func<int, int> f = v => v; ", "f", "f (Func<int, int>) cannot travel")]
    [InlineData("var st = new MemoryStream(); ", "x => (int)st.Length", "st (MemoryStream) cannot travel")]
    [InlineData("int n = 0; ", "x => n++", "n is assigned, and each item runs by itself")]
    [InlineData("", "x => Console.Read() + x", "Console.Read asks")]
    [InlineData("void Go() { int In(int v) => v; SEND } Go(); ", "x => In(x)", "In in the function to send is a local function")]
    [InlineData("void Go() { var st = new MemoryStream(); SEND } Go(); ", "x => (int)st.Length", "st (MemoryStream) in the function to send cannot travel")]
    public async Task A_lambda_that_cannot_travel(string before, string lambda, string message)
    {
        using var notebook = await CaptureNotebook.WithAsync(Items);
        var code = before.Contains("SEND", StringComparison.Ordinal) ? before.Replace("SEND", Send(lambda), StringComparison.Ordinal) : before + Send(lambda);
        Assert.Contains(message, (await Assert.ThrowsAsync<MagicException>(() => Sent(notebook, code))).Message, StringComparison.Ordinal);
    }

    private static string Send(string lambda, string type = "Func<int, int>") =>
        $"((Action<string, Delegate>)AppDomain.CurrentDomain.GetData(\"capture send\"))(@\"{lambda.Replace("\"", "\"\"", StringComparison.Ordinal)}\", ({type})({lambda}));";

    private static readonly SemaphoreSlim OneAtATime = new(1);

    private static async Task<CapturedCell> Sent(CaptureNotebook notebook, string code)
    {
        CapturedCell? sent = null;
        MagicException? refused = null;
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            AppDomain.CurrentDomain.SetData("capture send", (Action<string, Delegate>)((text, function) =>
            {
                try
                {
                    sent = notebook.Capturer.CaptureFunction(text, function, typeof(int), typeof(int), "sent function");
                }
                catch (MagicException exception)
                {
                    refused = exception;
                }
            }));
            await notebook.Kernel.TextAsync(code);
        }
        finally
        {
            OneAtATime.Release();
        }

        return sent ?? throw refused!;
    }
}
