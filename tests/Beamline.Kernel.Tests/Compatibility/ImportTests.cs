namespace Beamline.Kernel.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestKernel _kernel = new();

    public void Dispose()
    {
        _kernel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_kind_of_file_can_be_imported()
    {
        var book = new NotebookDocument();
        book.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# not run"));
        book.Cells.Add(new NotebookCell(NotebookCellKind.Code, "var fromBook = 1;"));
        book.Cells.Add(new NotebookCell(NotebookCellKind.Code, "int Twice(int x) => 2 * x;\nfromBook"));
        book.Save(_folder.File("a.ipynb"));
        _folder.Write("b.dib", "#!markdown\n\n# T\n\n#!csharp\n\nvar fromDib = 2;\n");
        _folder.Write("c.cs", "#!/usr/bin/env dotnet\n#:property X=1\nusing System.Net;\nvar fromProgram = 3; string F() => IPAddress.Loopback.ToString();\nrecord P(int A);");
        _folder.Write("d.csx", "var fromScript = 4;");
        Assert.Equal("1", await ImportAsync("a.ipynb"));
        foreach (var file in (string[])["b.dib", "c.cs", "d.csx"])
        {
            await ImportAsync(file);
        }

        Assert.Equal("10 127.0.0.1", await _kernel.TextAsync("$\"{Twice(fromBook) + fromDib + fromProgram + new P(3).A} {F()}\""));
        Assert.Equal("4", await _kernel.TextAsync("fromScript"));
    }

    [Fact]
    public async Task Imports_of_imports_are_relative_to_their_file_and_circles_are_named()
    {
        Directory.CreateDirectory(_folder.File("sub"));
        _folder.Write("sub/inner.dib", "#!csharp\nvar inner = 1;\n#!import ../last.dib");
        _folder.Write("last.dib", "#!csharp\nvar last = 2;");
        await ImportAsync("sub/inner.dib");
        Assert.Equal("3", await _kernel.TextAsync("inner + last"));

        // The same file twice is no circle.
        await ImportAsync("last.dib");
        _folder.Write("x.dib", "#!import y.dib");
        _folder.Write("y.dib", "#!import sub/z.dib");
        _folder.Write("sub/z.dib", "#!import ../x.dib");
        var (outcome, _) = await _kernel.RunAsync($"#!import \"{_folder.File("x.dib")}\"");
        Assert.Contains("goes in a circle: x.dib imports y.dib imports z.dib imports x.dib", outcome.Error!.Message);
        Assert.Equal("2", await _kernel.TextAsync("last"));
    }

    [Fact]
    public async Task Cells_of_other_languages_are_left_out_with_a_warning()
    {
        _folder.Write("mixed.dib", "#!csharp\nvar ok = 1;\n#!fsharp\nlet x = 1\n#!csharp\nok++;");
        var (outcome, cell) = await _kernel.RunAsync($"#!import \"{_folder.File("mixed.dib")}\"");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Contains("mixed.dib: cell 2 is in F#", TestKernel.Streams(cell, "stderr"));
        Assert.Equal("2", await _kernel.TextAsync("ok"));
    }

    [Fact]
    public async Task A_failure_names_file_cell_and_line()
    {
        _folder.Write("broken.dib", "#!csharp\nvar a = 1;\n#!csharp\n\nvar b = 2;\nvar c = nowhere;");
        var (outcome, _) = await _kernel.RunAsync($"#!import \"{_folder.File("broken.dib")}\"");
        Assert.Contains("in broken.dib, cell 2: line 2, column 9: CS0103", outcome.Error!.Message);
        _folder.Write("throws.dib", "#!csharp\nthrow new FormatException(\"no\");");
        (outcome, _) = await _kernel.RunAsync($"#!import \"{_folder.File("throws.dib")}\"");
        Assert.Equal("FormatException", outcome.Error!.Name);
        Assert.Contains("throws.dib, cell 1", outcome.Error.Message);
    }

    [Theory]
    [InlineData("helpers.dib", "Did you mean helper.dib?")]
    [InlineData("nowhere/x.dib", "There is no folder")]
    [InlineData("table.csv", "kind that cannot be imported. Kinds: .ipynb, .dib, .cs, .csx")]
    [InlineData("python.ipynb", "python")]
    [InlineData("bad.ipynb", "not JSON")]
    [InlineData("bad.dib", "header below #!meta cannot be read")]
    public async Task A_file_that_cannot_be_imported_says_why(string file, string expected)
    {
        _folder.Write("helper.dib", "");
        _folder.Write("bad.ipynb", "nonsense");
        _folder.Write("bad.dib", "#!meta\n{\"a\":\n#!csharp\n1");
        _folder.Write("python.ipynb", """{"nbformat":4,"nbformat_minor":5,"metadata":{"language_info":{"name":"python"}},"cells":[]}""");
        var (outcome, _) = await _kernel.RunAsync($"#!import \"{_folder.File(file)}\"");
        Assert.Equal("MagicError", outcome.Error!.Name);
        Assert.Contains(expected, outcome.Error.Message);
    }

    private Task<string?> ImportAsync(string file) => _kernel.TextAsync($"#!import \"{_folder.File(file)}\"");
}
