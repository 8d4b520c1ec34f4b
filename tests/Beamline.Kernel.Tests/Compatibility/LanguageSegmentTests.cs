namespace Beamline.Kernel.Tests;

public sealed class LanguageSegmentTests
{
    private static string Plan(string cell) => string.Join(" | ", CellSplitter.Split(cell).Select(s =>
        $"{s.Line}:{(s.IsMagic ? "!" : "")}{s.Text.Trim()}{(s.Body is { } body ? $" <{body.Replace("\n", "/")}>" : "")}"));

    [Theory]
    [InlineData("var a = 1;\n#!html\n<b>it's</b>\n/* \n#!csharp\na", "1:var a = 1; | 2:!#!html <<b>it's</b>//* > | 5:!#!csharp | 6:a")]
    [InlineData("#!html\n<b>\n#!javascript\nlet s = `", "1:!#!html <<b>> | 3:!#!javascript <let s = `>")]
    [InlineData("#!markdown\n# Title\n\n#!time is text", "1:!#!markdown <# Title//#!time is text>")]
    [InlineData("#!md\nx\n#!C#\n1", "1:!#!markdown <x> | 3:!#!csharp | 4:1")]
    [InlineData("#!fsharp\nlet x = 1\n#!csharp\n2", "1:!#!fsharp <let x = 1> | 3:!#!csharp | 4:2")]
    [InlineData("#!html", "1:!#!html <>")]
    [InlineData("#!csharp\n#!time\n1", "1:!#!csharp | 2:!#!time | 3:1")]
    [InlineData("var s = @\"\n#!html\n\";", "1:var s = @\"\n#!html\n\";")]
    public void A_language_takes_the_lines_up_to_the_next_one(string cell, string expected) => Assert.Equal(expected, Plan(cell));

    [Fact]
    public void What_is_not_CSharp_is_blank_for_completion_with_all_places_kept()
    {
        const string Cell = "var a = 1;\n#!html\n<b>it's</b>\n#!csharp\na.";
        var blank = CellSplitter.WithoutMagics(Cell);
        Assert.Equal(Cell.Length, blank.Length);
        Assert.Equal(["var a = 1;", "a."], blank.Split('\n').Where(l => l.Trim().Length > 0));
        Assert.Equal(Cell.LastIndexOf("a.", StringComparison.Ordinal), blank.LastIndexOf("a.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_are_shown_as_what_they_are()
    {
        using var kernel = new TestKernel();
        var (outcome, cell) = await kernel.RunAsync(
            "#!html\n<b>bold</b>\n#!markdown\n# Head\n#!javascript\nalert(1)\n#!mermaid\ngraph TD\n#!csharp\n1 + 1");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Equal(
            ["text/html", "text/markdown", "application/javascript", "text/vnd.mermaid", "text/plain"],
            cell.Outputs.Select(o => o!["data"]!.AsObject().First().Key));
        Assert.Equal("alert(1)", (string?)cell.Outputs[2]!["data"]!["application/javascript"]);
        Assert.Equal("2", RunnerFixture.Text(cell));
    }

    [Theory]
    [InlineData("1\n#!fsharp\nlet x = 1", "Line 2, #!fsharp", "F#")]
    [InlineData("#!pwsh\nls", "Line 1, #!pwsh", "PowerShell")]
    [InlineData("#!sql\nSELECT 'it''s'", "#!sql", "Write it in C#")]
    [InlineData("#!connect jupyter --kernel-name py", "Line 1, #!connect", "--kernel NAME")]
    public async Task A_language_that_is_not_there_says_what_to_do(string code, params string[] parts)
    {
        using var kernel = new TestKernel();
        var (outcome, _) = await kernel.RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.All(parts, part => Assert.Contains(part, outcome.Error!.Message));
    }

    [Fact]
    public async Task Errors_after_a_switch_name_the_line_of_the_cell()
    {
        using var kernel = new TestKernel();
        var (outcome, _) = await kernel.RunAsync("#!html\n<b>\n#!csharp\nvar x = 1;\nvar y = nowhere;");
        Assert.StartsWith("line 5, column 9: CS0103", outcome.Error!.Message);
    }
}
