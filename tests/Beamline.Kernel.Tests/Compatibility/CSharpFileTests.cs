namespace Beamline.Kernel.Tests;

public sealed class CSharpFileTests
{
    private static string[] Sources(string text, bool isScript = false) => [.. CSharpFileReader.Read(text, isScript).Cells.Select(c => c.Source)];

    [Fact]
    public void Directives_of_a_program_become_references() => Assert.Equal(
        ["#r \"nuget: MathNet.Numerics, 5.0.0\"\n#r \"nuget: Markdig\"\n#r \"project: ../Lib/Lib.csproj\"\n// #:sdk Microsoft.NET.Sdk.Web\n// #:property Nullable=disable", "Console.WriteLine(1);"],
        Sources("#!/usr/bin/env dotnet\n#:package MathNet.Numerics@5.0.0\n#:package Markdig@*\n#:project ../Lib/Lib.csproj\n#:sdk Microsoft.NET.Sdk.Web\n#:property Nullable=disable\n\nConsole.WriteLine(1);\n"));

    [Fact]
    public void Arguments_and_implicit_usings_are_there()
    {
        var document = CSharpFileReader.Read("var c = new HttpClient(); Console.WriteLine(args.Length);", isScript: false);
        Assert.Equal(["using System.Net.Http;", "string[] args = [];"], document.Cells.Take(2).Select(c => c.Source));
        Assert.True(document.Cells[1].HasTag("parameters"));
        Assert.Equal(["void F(string[] args) => Console.WriteLine(args);"], Sources("void F(string[] args) => Console.WriteLine(args);"));
    }

    [Fact]
    public void Marks_start_cells_and_types_come_first() => Assert.Equal(
        ["record P(int A);", "var p = new P(1);", "# Head\n\ntext", "p"],
        Sources("// %%\nvar p = new P(1);\n\n// %% [markdown]\n// # Head\n//\n// text\n\n// %%\np\n// %% [types]\nrecord P(int A);\n"));

    [Fact]
    public void A_script_keeps_its_references() =>
        Assert.Equal(["#r \"nuget: X, 1\"\n#load \"a.csx\"\n1"], Sources("#!/usr/bin/env dotnet-script\n#r \"nuget: X, 1\"\n#load \"a.csx\"\n1", isScript: true));

    [Theory]
    [InlineData("book.dib", "#!csharp\nvar x = 20;\n#!markdown\n# T\n#!html\n<b>\n#!csharp\nx + 1", "21")]
    [InlineData("book.cs", "#!/usr/bin/env dotnet\n#:property A=1\nvar p = new P(20);\nConsole.Write(p.A + args.Length + 1);\nrecord P(int A);", "21")]
    [InlineData("book.csx", "var x = 20; x + 1", "21")]
    public async Task The_runner_runs_them(string file, string text, string expected)
    {
        using var fixture = new RunnerFixture();
        var path = fixture.Folder.Write(file, text);
        var result = await fixture.RunAsync(new RunOptions { NotebookPath = path });
        Assert.True(result.ExitCode == 0, result.Message);
        Assert.Equal(fixture.Folder.File("book.executed.ipynb"), result.OutputPath);
        var last = NotebookDocument.Load(result.OutputPath!).Cells[^1].Outputs[^1]!;
        Assert.Equal(expected, (string?)last["text"] ?? (string?)last["data"]!["text/plain"]);
    }

    [Fact]
    public async Task The_runner_refuses_cells_in_other_languages_before_it_runs_anything()
    {
        using var fixture = new RunnerFixture();
        var result = await fixture.RunAsync(new RunOptions { NotebookPath = fixture.Folder.Write("book.dib", "#!csharp\n1\n#!pwsh\nls") });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("book.dib: cell 2 is in PowerShell", result.Message);
        Assert.Empty(fixture.Heard);
    }
}
