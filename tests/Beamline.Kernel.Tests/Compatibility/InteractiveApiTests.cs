using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>What users of .NET Interactive type, under the names that they know.</summary>
public sealed class InteractiveApiTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    private async Task<JsonArray> OutputsAsync(string code)
    {
        var (outcome, cell) = await _kernel.RunAsync(code);
        Assert.True(outcome.Status == CellStatus.Ok, string.Join('\n', outcome.Error?.Traceback ?? []));
        return cell.Outputs;
    }

    private static string? Part(JsonNode? output, string type) => output!["data"]![type]?.ToString();

    [Fact]
    public async Task Values_are_shown_where_they_are()
    {
        var outputs = await OutputsAsync("\"<i>x</i>\".DisplayAs(\"text/html\"); 3.Display(); new[] { 1, 2 }.Display(\"text/plain\"); display(new[] { 1 }, \"application/json\"); display(5); Display(6);");
        Assert.Equal("<i>x</i>", Part(outputs[0], "text/html"));
        Assert.Equal("3", Part(outputs[1], "text/plain"));
        Assert.Null(Part(outputs[2], "text/html"));
        Assert.Equal("[1]", outputs[3]!["data"]!["application/json"]!.ToJsonString());
        Assert.Equal(6, outputs.Count);
    }

    [Theory]
    [InlineData("HTML(\"<b>1</b>\")")]
    [InlineData("Kernel.HTML(\"<b>1</b>\")")]
    [InlineData("display(HTML(\"<b>1</b>\"))")]
    [InlineData("HTML(\"<b>1</b>\").Display();")]
    public async Task HTML_is_shown_as_HTML(string code) => Assert.Equal("<b>1</b>", Part((await OutputsAsync(code))[0], "text/html"));

    [Fact]
    public async Task Scripts_and_styles_go_to_the_front_end()
    {
        var outputs = await OutputsAsync("Javascript(\"a()\"); Kernel.Javascript(\"b()\"); CSS(\"p { color: red }</style><script>\");");
        Assert.Equal("a()", Part(outputs[0], "application/javascript"));
        Assert.Equal("b()", Part(outputs[1], "application/javascript"));
        var style = Part(outputs[2], "text/html")!;
        Assert.StartsWith("<style>p { color: red }", style);
        Assert.Equal(1, style.Split("</style>").Length - 1);
    }

    [Fact]
    public async Task A_displayed_value_is_updated_in_place()
    {
        await OutputsAsync("var shown = display(1); var other = 2.Display();");
        var (_, cell) = await _kernel.RunAsync("var here = display(\"before\"); here.Update(\"after\");");
        Assert.Equal("after", Part(Assert.Single(cell.Outputs), "text/plain"));
    }

    [Fact]
    public async Task Registered_formatters_show_values_of_their_types()
    {
        await OutputsAsync("""
            record Shape(string Name); record Circle(string Name, double R) : Shape(Name); interface INamed; class Tagged : INamed { public override string ToString() => "tagged"; }
            Formatter.Register<Shape>(s => $"<b>{s.Name}</b>", "text/html");
            Formatter.Register<INamed>((n, writer) => writer.Write("named"), "text/html");
            Formatter.Register(typeof(List<>), (l, writer) => writer.Write("list!"), "text/html");
            Formatter.Register<DateOnly>(d => $"{d.Year}");
            """);
        Assert.Equal("<b>disk</b>", Part((await OutputsAsync("new Circle(\"disk\", 2)"))[0], "text/html"));
        Assert.Equal("Circle { Name = disk, R = 2 }", Part((await OutputsAsync("new Circle(\"disk\", 2)"))[0], "text/plain"));
        Assert.Equal("named", Part((await OutputsAsync("new Tagged()"))[0], "text/html"));
        Assert.Equal("list!", Part((await OutputsAsync("new List<int> { 1 }"))[0], "text/html"));
        Assert.Equal("2026", Part((await OutputsAsync("new DateOnly(2026, 1, 2)"))[0], "text/plain"));

        // The nearest type wins, and of one type the newest.
        await OutputsAsync("Formatter.Register<Circle>(c => \"circle\", \"text/html\"); Formatter.Register<Shape>(s => \"new\", \"text/html\");");
        Assert.Equal("circle", Part((await OutputsAsync("new Circle(\"d\", 2)"))[0], "text/html"));
        Assert.Equal("new", Part((await OutputsAsync("new Shape(\"d\")"))[0], "text/html"));
        Assert.Equal("new", (await _kernel.TextAsync("new Shape(\"d\").ToDisplayString(\"text/html\")")));
        await OutputsAsync("Formatter.ResetToDefault();");
        Assert.Contains("<table>", Part((await OutputsAsync("new Shape(\"d\")"))[0], "text/html"));
    }

    [Fact]
    public async Task Preferred_types_are_the_only_ones()
    {
        await OutputsAsync("record P(int A); Formatter.SetPreferredMimeTypesFor(typeof(P), \"text/plain\");");
        Assert.Equal(["text/plain"], (await OutputsAsync("new P(1)"))[0]!["data"]!.AsObject().Select(p => p.Key));
        await OutputsAsync("Formatter.SetPreferredMimeTypesFor(typeof(P), \"application/json\");");
        Assert.Equal("{\"A\":1}", (await OutputsAsync("new P(1)"))[0]!["data"]!["application/json"]!.ToJsonString());
    }

    [Fact]
    public async Task A_registered_formatter_that_throws_leaves_plain_text_and_a_note()
    {
        await OutputsAsync("record Bad(int A); Formatter.Register<Bad>(b => throw new FormatException(\"no way\"), \"text/html\");");
        var output = (await OutputsAsync("new Bad(7)"))[0];
        Assert.Contains("FormatException: no way", Part(output, "text/plain"));
        Assert.Contains("Bad { A = 7 }", Part(output, "text/plain"));
        Assert.Contains("FormatException: no way", Part(output, "text/html"));
    }

    [Theory]
    [InlineData("display(1, \"image/png\")", "There is no image/png of this value. It can be shown as text/plain")]
    [InlineData("Formatter.Register<int>(i => \"\", \"html\");", "'html' is no MIME type")]
    [InlineData("Formatter.SetPreferredMimeTypesFor(typeof(int));", "At least one MIME type")]
    [InlineData("Kernel.Root.ToString()", "there are no other kernels beside it")]
    [InlineData("var k = Kernel.Current;", "#!import runs another notebook")]
    [InlineData("await Kernel.GetInputAsync(\"Name\")", "input")]
    public async Task Misuse_says_what_to_do(string code, string expected)
    {
        var (outcome, _) = await _kernel.RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Contains(expected, outcome.Error!.Message);
    }

    [Fact]
    public async Task Usings_of_the_other_kernel_are_passed_over_with_a_note()
    {
        var (outcome, cell) = await _kernel.RunAsync(
            "using Microsoft.DotNet.Interactive;\nusing static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\nusing System.Net;\nvar x = IPAddress.Loopback;\nnowhere");
        Assert.StartsWith("line 5, column 1: CS0103", outcome.Error!.Message);
        var notes = TestKernel.Streams(cell, "stderr");
        Assert.Contains("'using Microsoft.DotNet.Interactive;' was passed over", notes);
        Assert.Contains("PocketViewTags;' was passed over", notes);
        Assert.DoesNotContain("System.Net", notes);
        (outcome, cell) = await _kernel.RunAsync("// using Microsoft.DotNet.Interactive;\nvar s = \"using Microsoft.DotNet.Interactive\";");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Equal("", TestKernel.Streams(cell, "stderr"));
    }

    [Fact]
    public async Task A_using_of_an_assembly_that_is_there_stays()
    {
        using var folder = new TemporaryFolder();
        var path = Compiled.Library(folder, "Fake", "namespace Microsoft.DotNet.Interactive.Extra { public static class Thing { public static int Size => 4; } }");
        var (_, cell) = await _kernel.RunAsync($"#r \"{path}\"");
        (_, cell) = await _kernel.RunAsync("using Microsoft.DotNet.Interactive.Extra;\nThing.Size");
        Assert.Equal("", TestKernel.Streams(cell, "stderr"));
        Assert.Equal("4", RunnerFixture.Text(cell));
    }
}
