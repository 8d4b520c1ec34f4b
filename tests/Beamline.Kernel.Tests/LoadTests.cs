namespace Beamline.Kernel.Tests;

/// <summary>#load, and #r of files.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public LoadTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task Files_load_relative_to_the_notebook_and_to_each_other_and_again_when_they_changed()
    {
        _feed.Write("lib/outer.csx", "#load \"deep/inner.csx\"\n#load \"deep/inner.csx\"\nint Outer() => Inner() + 1;");
        _feed.Write("lib/deep/inner.csx", "int Inner() => 41;");
        Assert.Equal("42", await _kernel.TextAsync("#load \"lib/outer.csx\"\nOuter()"));
        Assert.Equal("42", await _kernel.TextAsync("Outer()"));
        _feed.Write("lib/deep/inner.csx", "int Inner() => 1;");
        Assert.Equal("2", await _kernel.TextAsync("#load \"lib/outer.csx\"\nOuter()"));
        _feed.Write("plain.cs", "class Plain { public int X = 7; }");
        Assert.Equal("7", await _kernel.TextAsync("#load \"plain.cs\"\nnew Plain().X"));
    }

    [Fact]
    public async Task Files_may_hold_namespaces_and_extensions()
    {
        _feed.Write("lib/Tools.cs", "#load \"Base.cs\"\nnamespace Lab.Tools;\npublic static class Ext { extension(Base.Unit u) { public int Half => u.Size / 2; } }");
        _feed.Write("lib/Base.cs", "namespace Lab.Base { class Unit { internal int Size = 8; } }\nint free = 1;");
        Assert.Equal("5", await _kernel.TextAsync("#load \"lib/Tools.cs\"\nusing Lab.Tools;\nfree + new Lab.Base.Unit().Half"));
        _feed.Write("lib/Base.cs", "namespace Lab.Base\n{\n    class Unit { internal int Size = nothing; }\n}");
        var (outcome, _) = await _kernel.RunAsync("#load \"lib/Tools.cs\"");
        Assert.Contains("Base.cs, line 3, column", string.Join('\n', outcome.Error!.Traceback));
        Assert.Equal("4", await _kernel.TextAsync("new Lab.Base.Unit().Half"));
    }

    [Fact]
    public async Task References_in_loaded_files_count()
    {
        _feed.Add(_id, "1.0.0");
        _feed.Write("uses.csx", $"#r \"nuget: {_id}, 1.0.0\"\nstring Which() => {_id}.Value.Version;");
        Assert.Equal("1.0.0", await _kernel.TextAsync("#load \"uses.csx\"\nWhich()"));
        _feed.Write("bad.csx", "// one\n#r \"nuget: two words\"");
        var (outcome, _) = await _kernel.RunAsync("#load \"bad.csx\"");
        Assert.Contains($"  {_feed.File("bad.csx")}, line 2", outcome.Error!.Traceback);
    }

    [Fact]
    public async Task A_missing_file_gives_the_names_that_are_there()
    {
        // In a folder of their own: the process's working folder is looked into as well, and tests of runs change it.
        _feed.Write("parts/helper.csx", "");
        _feed.Write("parts/other.cs", "");
        var (outcome, _) = await _kernel.RunAsync("\n#load \"parts/helpr.csx\"");
        Assert.Contains("There is no file parts/helpr.csx in", outcome.Error!.Message);
        Assert.Contains("Did you mean helper.csx? There are: helper.csx, other.cs.", outcome.Error.Message);
        Assert.Equal("    2 | #load \"parts/helpr.csx\"", outcome.Error.Traceback[^1]);
        _feed.Write("asks.csx", "// 1\n// 2\n#load \"gone/none.csx\"");
        (outcome, _) = await _kernel.RunAsync("#load \"asks.csx\"");
        Assert.Contains($"  {_feed.File("asks.csx")}, line 3", outcome.Error!.Traceback);
    }

    [Fact]
    public async Task Files_that_load_each_other_in_a_circle_are_told()
    {
        _feed.Write("a.csx", "#load \"b.csx\"");
        _feed.Write("b.csx", "#load \"c.csx\"");
        _feed.Write("c.csx", "#load \"b.csx\"");
        var (outcome, _) = await _kernel.RunAsync("#load \"a.csx\"");
        Assert.Contains("in a circle: b.csx -> c.csx -> b.csx", outcome.Error!.Message);
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    [Fact]
    public async Task Errors_in_a_loaded_file_name_the_file_and_its_line()
    {
        var path = _feed.Write("wrong.csx", "int x = 1;\nint y = x + wrong;");
        var (outcome, _) = await _kernel.RunAsync("#load \"wrong.csx\"");
        Assert.Contains("wrong.csx, line 2, column 13: CS0103", outcome.Error!.Message);
        Assert.Contains("    2 | int y = x + wrong;", string.Join('\n', outcome.Error.Traceback));
        path = _feed.Write("throws.csx", "#r \"System.Xml.Linq\"\n\nint Fail(int n)\n{\n    return 1 / n;\n}");
        (outcome, _) = await _kernel.RunAsync("#load \"throws.csx\"\nFail(0)");
        Assert.Contains($"{path}, line 5, in Fail\n    5 |     return 1 / n;", string.Join('\n', outcome.Error!.Traceback));
    }

    [Fact]
    public async Task Directives_in_text_comments_and_switched_off_code_do_nothing_and_lines_stay()
    {
        const string Cell = "#r \"System.Xml.Linq\"\nvar text = \"\"\"\n#r \"nuget: None\"\n\"\"\";\n/*\n#load \"none\"\n*/\n#if NEVER\n#r \"none.dll\"\n#endif\n// #r \"x\"\n";
        Assert.Equal("#r \"nuget: None\"", await _kernel.TextAsync(Cell + "text"));
        var (outcome, _) = await _kernel.RunAsync(Cell + "wrong");
        Assert.Contains("line 12, column 1", outcome.Error!.Message);
        Assert.Equal(Cell.Replace("#r \"System.Xml.Linq\"", "                    "), DirectiveScanner.Blank(Cell));

        // A compiler that only looks may see files, and must not see packages.
        Assert.Equal(Cell, CellSplitter.WithoutMagics(Cell));
        Assert.Equal(new string(' ', 18) + "\n1", CellSplitter.WithoutMagics("#r \"nuget: A, 1.0\"\n1"));
    }

    [Fact]
    public async Task A_library_is_found_beside_the_notebook_with_what_it_needs_and_may_be_built_anew()
    {
        Directory.CreateDirectory(_feed.File("bin"));
        var needed = TestFeed.Compile(_id + "Needed", $"public static class {_id}Needed {{ public static int Value => 6; }}");
        await File.WriteAllBytesAsync(_feed.File($"bin/{_id}Needed.dll"), needed);
        await File.WriteAllBytesAsync(_feed.File($"bin/{_id}.dll"), TestFeed.Compile(_id, $"public static class {_id} {{ public static int Value => 7; public static object Other() => System.Reflection.Assembly.Load(\"{_id}Needed\").GetType(\"{_id}Needed\").GetProperty(\"Value\").GetValue(null); }}"));
        Assert.Equal("7", await _kernel.TextAsync($"#r \"bin/{_id}.dll\"\n{_id}.Value"));
        Assert.Equal("6", await _kernel.TextAsync($"{_id}.Other()"));

        // The file is not in use: it can be replaced, which the session says it cannot follow.
        await File.WriteAllBytesAsync(_feed.File($"bin/{_id}.dll"), TestFeed.Compile(_id, $"public static class {_id} {{ public static int Value => 8; }}"));
        var (outcome, _) = await _kernel.RunAsync($"#r \"bin/{_id}.dll\"\n{_id}.Value");
        Assert.Contains("Restart the kernel", outcome.Error!.Message);
        Assert.Equal("7", await _kernel.TextAsync($"{_id}.Value"));
    }

    [Theory]
    [InlineData("#r \"libary.dll\"", "Did you mean library.dll?")]
    [InlineData("#r \"nodll.dll\"", "is not a .NET library")]
    [InlineData("#r \"System.Txt.Json\"", "Did you mean System.Text.Json? A package is written #r \"nuget: System.Txt.Json\".")]
    [InlineData("#r \"some.csproj\"", "Write #r \"project: some.csproj\".")]
    public async Task A_library_that_is_not_there_or_none_is_explained(string line, string expected)
    {
        await File.WriteAllBytesAsync(_feed.File("library.dll"), TestFeed.Compile("library", ""));
        _feed.Write("nodll.dll", "text");
        _feed.Write("some.csproj", "<Project/>");
        Assert.Contains(expected, (await _kernel.RunAsync(line)).Outcome.Error!.Message);
    }

    [Theory]
    [InlineData("System.Xml.Linq")]
    [InlineData("System.Xml.Linq.dll")]
    [InlineData("Microsoft.CodeAnalysis.CSharp")]
    public async Task Assemblies_of_the_framework_and_of_the_program_go_by_name(string name) =>
        Assert.Equal("3", await _kernel.TextAsync($"#r \"{name}\"\n1 + 2"));
}
