using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>What cannot be sent is named, with what to do.</summary>
public sealed class CaptureRefusalTests
{
    [Theory]
    [InlineData("Func<int, int> v = x => x + 1;", "v(1)", "write it as a function")]
    [InlineData("Action v = () => { };", "v();", "write it as a function")]
    [InlineData("Stream v = new MemoryStream();", "v.Length", "send its path")]
    [InlineData("object v = new MemoryStream();", "v.ToString()", "send its path")]
    [InlineData("var v = new StringWriter();", "v.ToString()", "send its path")]
    [InlineData("var v = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);", "v.Blocking", "send its path or address")]
    [InlineData("var v = System.Diagnostics.Process.GetCurrentProcess();", "v.Id", "start it in the cell")]
    [InlineData("var v = Task.FromResult(3);", "v.Result", "await it")]
    [InlineData("var v = new ValueTask<int>(3);", "v.Result", "await it")]
    [InlineData("CancellationToken v = default;", "v.IsCancellationRequested", "CellCancellation")]
    [InlineData("var v = new CancellationTokenSource();", "v.Cancel();", "CellCancellation")]
    [InlineData("var v = new Thread(() => { });", "v.Start();", "start it in the cell")]
    [InlineData("var v = new SemaphoreSlim(1);", "v.CurrentCount", "make it in the cell")]
    [InlineData("var v = new Microsoft.Win32.SafeHandles.SafeFileHandle();", "v.IsInvalid", "send its path")]
    [InlineData("IntPtr v = default;", "v + 1", "address in this process")]
    [InlineData("unsafe int*[] v = null;", "unsafe { var n = v.Length; }", "pointer")]
    [InlineData("Memory<int> v = new int[2];", "v.Length", "ToArray()")]
    [InlineData("var v = typeof(int);", "v.Name", "typeof(...)")]
    [InlineData("var v = typeof(int).GetMethods();", "v.Length", "describes code")]
    [InlineData("var v = new List<int> { 1 }.Select(x => x);", "v.Count()", "ToArray()")]
    [InlineData("IEnumerable<int> v = Enumerable.Range(0, 3).Where(x => x > 1);", "v.Count()", "ToArray()")]
    [InlineData("IEnumerable<int> Gen() { yield return 1; } var v = Gen();", "v.Count()", "ToArray()")]
    [InlineData("var v = new List<int>().OrderBy(x => x);", "v.Count()", "ToArray()")]
    [InlineData("var v = new List<int>().AsParallel();", "v.Count()", "ToArray()")]
    [InlineData("var v = ((IEnumerable<int>)new int[1]).GetEnumerator();", "v.MoveNext()", "ToArray()")]
    [InlineData("var v = new Lazy<int>(() => 1);", "v.IsValueCreated", "Value")]
    [InlineData("var v = new { X = 1 };", "v.X", "use a tuple")]
    [InlineData("var v = display(1);", "v.Id", "call display in the cell")]
    [InlineData("var v = new WeakReference(new object());", "v.IsAlive", "send the object")]
    [InlineData("var v = new List<Stream>();", "v.Count", "it holds Stream")]
    [InlineData("var v = (1, (Func<int>)(() => 1));", "v.Item1", "delegate")]
    [InlineData("class Pipe : MemoryStream { } var v = new Pipe();", "v.Length", "send its path")]
    public async Task A_value_that_cannot_travel(string declaration, string code, string advice)
    {
        using var notebook = await CaptureNotebook.WithAsync("1", declaration);
        var message = notebook.Refused("var before = 1;\n" + code);
        Assert.Contains("Line 2: v (", message, StringComparison.Ordinal);
        Assert.Contains("cannot travel", message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);

        // What is not read may be of any type.
        if (!declaration.Contains("new {", StringComparison.Ordinal))
        {
            Assert.Empty(notebook.Capture("nameof(v)").Inputs);
        }
    }

    [Fact]
    public async Task All_that_cannot_travel_is_named_at_once()
    {
        using var notebook = await CaptureNotebook.WithAsync("var a = new MemoryStream(); Func<int> b = () => 1; int Use() => b();");
        var lines = notebook.Refused("Console.Write(a.Length + Use());").Split('\n');
        Assert.Equal(["Line 1: a", "b"], lines.Select(l => l.Split(" (")[0]));
    }

    [Theory]
    [InlineData("var x = 1;\nvar s = Console.ReadLine();", "Line 2: Console.ReadLine asks")]
    [InlineData("var s = Console.Read();", "Line 1: Console.Read asks")]
    [InlineData("var s = Console.ReadKey().Key;", "Line 1: Console.ReadKey asks")]
    [InlineData("var s = Console.In.ReadToEnd();", "Line 1: Console.In asks")]
    [InlineData("var s = Input(\"name\");", "Line 1: Input asks")]
    [InlineData("var s = Password();", "Line 1: Password asks")]
    [InlineData("var s = await GetInputAsync(\"name\");", "Line 1: GetInputAsync asks")]
    [InlineData("var s = Ask();", "A function that the cell calls: Input asks")]
    [InlineData("string Mine() => Console.ReadLine();", "Line 1: Console.ReadLine asks")]
    public async Task A_cell_that_asks_the_user(string code, string message)
    {
        using var notebook = await CaptureNotebook.WithAsync("string Ask() => Input(\"?\");");
        Assert.StartsWith(message, notebook.Refused(code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var x = 1;\n#!html\n<b>", "Line 2, #!html: only C# can be sent")]
    [InlineData("#!who", "Line 1, #!who: the command acts on this notebook")]
    [InlineData("var x = 1;\n#!take x", "Line 2, #!take: There is no variable x")]
    [InlineData("#load \"a.csx\"\n1", "Line 1: #load does not go with a cell that is sent")]
    public async Task A_line_that_is_no_csharp(string code, string message)
    {
        using var notebook = new CaptureNotebook(new GraphExtension());
        await notebook.Kernel.TextAsync("int known = 1;");
        Assert.StartsWith(message, notebook.Refused(code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_writes_csharp_is_sent_as_that()
    {
        using var notebook = new CaptureNotebook(new GraphExtension());
        await notebook.Kernel.TextAsync("int known = 1;");
        var cell = notebook.Capture("#!csharp\n#!take known --as copy\nvar sum = copy + 1;", linesBefore: 2);
        Assert.Equal("\n\n\nvar copy = known ; display(copy);\nvar sum = copy + 1;", cell.Source);
        Assert.Equal(["copy", "sum"], cell.Outputs.Select(o => o.Name));
        Assert.Equal(["known"], cell.Inputs.Select(i => i.Name));
        Assert.Equal("\nvar copy = known ;", notebook.Capture("\n#!take known --as copy --quiet").Source);
    }

    [Fact]
    public async Task A_compile_error_is_that_of_any_cell_at_its_line()
    {
        using var notebook = await CaptureNotebook.WithAsync("int a = 1;");
        var error = Assert.Throws<CellFailedException>(() => notebook.Capture("var b = a;\n\n  var c = b + wrong;", linesBefore: 1)).Error;
        Assert.Equal("CompilationError", error.Name);
        Assert.Contains("line 4, column 15: CS0103", error.Message, StringComparison.Ordinal);
        Assert.Contains("    4 |   var c = b + wrong;\n      |               \u001b[31m^^^^^", string.Join('\n', error.Traceback), StringComparison.Ordinal);
        Assert.Contains("CS8078", Assert.Throws<CellFailedException>(() => notebook.Capture(new string('(', 3000))).Error.Message, StringComparison.Ordinal);
        Assert.Contains("CS0246", Assert.Throws<CellFailedException>(() => notebook.Capture("namespace N { class C { Gone g; } }")).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_the_session_changes()
    {
        using var notebook = await CaptureNotebook.WithAsync("int a = 1; void Set() { a = 5; }");
        var before = notebook.Kernel.Kernel.Session.LastCompilation;
        notebook.Capture("Set(); var z = 1; namespace N { public class C; }");
        Assert.Same(before, notebook.Kernel.Kernel.Session.LastCompilation);
        Assert.Equal("1", await notebook.Kernel.TextAsync("a"));
        Assert.Null(notebook.Kernel.Kernel.Session.FindVariable("z"));
        Assert.Empty(notebook.Kernel.Kernel.Session.Libraries);
    }

    [Fact]
    public void The_first_cell_of_a_notebook_can_be_sent()
    {
        using var notebook = new CaptureNotebook();
        var cell = notebook.Capture("record P(int X); var p = new P(1);");
        Assert.Equal("P", cell.Outputs.Single().TypeName);
        Assert.Equal("record P(int X);", cell.Declarations);
        Assert.Empty(cell.Prelude);
    }

    [Fact]
    public async Task Packages_go_when_they_are_used_and_files_do_not()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("Own.dll");
        var compilation = Microsoft.CodeAnalysis.CSharp.CSharpCompilation.Create(
            "Own" + Guid.NewGuid().ToString("N"),
            [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("namespace Own; public class Thing { public int N = 3; }", cancellationToken: TestContext.Current.CancellationToken)],
            [Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new(Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary));
        using (var file = File.Create(path))
        {
            Assert.True(compilation.Emit(file, cancellationToken: TestContext.Current.CancellationToken).Success);
        }

        using var notebook = await CaptureNotebook.WithAsync($"#r \"{path}\"\nusing Own;\nvar t = new Thing(); int n = 1;");
        var message = notebook.Refused("t.N");
        Assert.Contains("which #r took from a file or a project of this machine", message, StringComparison.Ordinal);
        Assert.Contains("dotnet pack", message, StringComparison.Ordinal);
        var cell = notebook.Capture("var m = n + 1;");
        Assert.DoesNotContain("Own", cell.Usings);
        Assert.Empty(cell.Packages);
    }
}
