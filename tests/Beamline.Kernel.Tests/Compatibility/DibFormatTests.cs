using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

public sealed class DibFormatTests
{
    private const string Sample = """
        #!meta

        {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"languageName":"csharp","name":"csharp"},{"aliases":["db"],"name":"sql-main"}]}}

        #!csharp

        var x = 1;

        #!time
        x

        #!markdown

        # Title

        text

        #!html

        <b>#!not a switch</b>

        #!sql-main

        SELECT 1

        #!value --name note
        stored

        """;

    [Fact]
    public void Cells_are_read_with_their_languages()
    {
        var document = DibFormat.Read(Sample, "a.dib");
        Assert.Equal(
            ["Code csharp: var x = 1;\n\n#!time\nx", "Markdown : # Title\n\ntext", "Code html: <b>#!not a switch</b>", "Code sql-main: SELECT 1", "Code csharp: #!value --name note\nstored"],
            document.Cells.Select(c => $"{c.Kind} {(c.Kind == NotebookCellKind.Code ? CellLanguages.Of(c) ?? "csharp" : "")}: {c.Source}"));
        Assert.Equal("C#", document.Language);
        Assert.Equal("Title", document.Title);
        Assert.Contains("a.dib: cell 4 is in sql-main", Assert.Throws<NotebookFormatException>(() => document.EnsureCSharp("a.dib")).Message);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var first = DibFormat.Read(Sample, "a.dib");
        var text = DibFormat.Write(first);
        Assert.StartsWith("#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"", text);
        var second = DibFormat.Read(text.Replace("\n", "\r\n", StringComparison.Ordinal), "b.dib");
        Assert.Equal(5, second.Cells.Count);
        Assert.Equal(first.Cells.Select(c => (c.Kind, c.Source, CellLanguages.Of(c))), second.Cells.Select(c => (c.Kind, c.Source, CellLanguages.Of(c))));
    }

    [Theory]
    [InlineData("var a = 1;", "var a = 1;")]
    [InlineData("\uFEFF#!csharp\nvar a = 1;\n\n", "var a = 1;")]
    [InlineData("#!C#\n1", "1")]
    [InlineData("", "")]
    [InlineData("#!meta\n{}\n#!csharp", "")]
    public void A_header_is_not_needed(string text, string source) =>
        Assert.Equal(source, string.Join('|', DibFormat.Read(text, "a").Cells.Select(c => c.Source)));

    [Fact]
    public void Cells_before_any_switch_are_in_the_default_language()
    {
        var document = DibFormat.Read("#!meta\n{\"kernelInfo\":{\"defaultKernelName\":\"fsharp\",\"items\":[]}}\n#!fsharp\nlet x = 1\n#!csharp\n1", "f.dib");
        Assert.Contains("f.dib: cell 1 is in F#", Assert.Throws<NotebookFormatException>(() => document.EnsureCSharp("f.dib")).Message);
    }

    [Theory]
    [InlineData("#!meta\n{bad", "cannot be read")]
    [InlineData("#!meta\n[1]", "no JSON object")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"items\":[3]}}", "cannot be read")]
    public void A_header_that_is_no_header_says_so(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<NotebookFormatException>(() => DibFormat.Read(text, "a.dib")).Message);

    [Fact]
    public void Notebooks_of_dotnet_interactive_name_languages_cell_by_cell()
    {
        static NotebookCell Code(string source, string metadata) => new(NotebookCellKind.Code, source) { Metadata = (JsonObject)JsonNode.Parse(metadata)! };
        var document = new NotebookDocument
        {
            Metadata = (JsonObject)JsonNode.Parse("""{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},"language_info":{"name":"polyglot-notebook"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"csharp","items":[]}}}""")!,
            Cells =
            {
                Code("1", """{"dotnet_interactive":{"language":"csharp"},"polyglot_notebook":{"kernelName":"csharp"}}"""),
                Code("2", """{"vscode":{"languageId":"polyglot-notebook"}}"""),
                Code("<b>", """{"vscode":{"languageId":"html"}}"""),
                Code("let x", """{"dotnet_interactive":{"language":"fsharp"},"tags":["skip-execution"]}"""),
                Code("ls", """{"polyglot_notebook":{"kernelName":"pwsh"}}"""),
            },
        };
        Assert.Equal(["1", "2", "#!html\n<b>", "#!fsharp\nlet x", "#!pwsh\nls"], document.Cells.Select(CellLanguages.SourceOf));
        Assert.Equal(
            "b.ipynb: cell 5 is in PowerShell. " + CellLanguages.Advice("PowerShell"),
            Assert.Throws<NotebookFormatException>(() => document.EnsureCSharp("b.ipynb")).Message);
        document.Cells.RemoveAt(4);
        document.EnsureCSharp("b.ipynb");
    }
}
