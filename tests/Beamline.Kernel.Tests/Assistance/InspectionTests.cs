using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class InspectionTests(AssistantFixture session) : IClassFixture<AssistantFixture>
{
    private static bool HasFrameworkDocs => Directory.Exists(Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref")));

    [Theory]
    [InlineData("sinogram|Width", "int sinogramWidth", "Value: 640")]
    [InlineData("angleStep|", "double angleStep", "0.25")]
    [InlineData("|names", "List<string> names", "2 elements")]
    [InlineData("sha|pes", "float[,] shapes", "float[2, 3]")]
    [InlineData("may|be", "int? maybe", "Value: 3")]
    [InlineData("AddHa|lf(2)", "double AddHalf(double x)", "Adds a half.")]
    [InlineData("AddHa|lf(2)", "x: What it is added to.", "double AddHalf")]
    [InlineData("var text = \"a\"; te|xt", "string text", "text")]
    [InlineData("Opt|ions o;", "Options", "Options")]
    [InlineData("System.I|O.File.Exists(\"\")", "namespace System.IO", "IO")]
    [InlineData("names.Select(n => n.Len|gth)", "int string.Length { get; }", "Length")]
    [InlineData("names.Wh|ere(n => true)", "IEnumerable<string> IEnumerable<string>.Where<string>", "(+ 1 overloads)")]
    [InlineData("v|ar total = 3.5;", "double", "Double")]
    public void Says(string code, string expected, string alsoExpected)
    {
        var text = session.Inspect(code)!.Text;
        Assert.Contains(expected, text);
        Assert.Contains(alsoExpected, text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("  |  ")]
    [InlineData("unknownName|")]
    [InlineData("// names|")]
    [InlineData("1 + |2")]
    [InlineData("")]
    public void Says_nothing(string code) => Assert.Null(session.Inspect(code.Contains('|', StringComparison.Ordinal) ? code : "|"));

    [Fact]
    public void The_framework_is_documented_when_the_sdk_is_installed()
    {
        Assert.SkipUnless(HasFrameworkDocs, "only a runtime is installed");
        var text = session.Inspect("Console.WriteL|ine(\"a\")")!.Text;
        Assert.Contains("void Console.WriteLine(string? value)", text);
        Assert.Contains("(+ ", text);
        Assert.Contains("Writes the specified string value", text);
        Assert.Contains("value: The value to write.", text);
        Assert.Contains("Throws IOException: An I/O error occurred.", text);
        // Another assembly than the one that the type lives in, a property, a generic type, and one that another file inherits.
        Assert.Contains("strongly typed list", session.Inspect("new Li|st<int>()")!.Text);
        Assert.Contains("number of characters", session.Inspect("\"a\".Len|gth")!.Text);
        Assert.Contains("Filters a sequence", session.Inspect("names.Whe|re(n => true)")!.Text);
    }

    [Fact]
    public void Our_own_types_are_documented()
    {
        Assert.Contains("Removes what the cell has shown so far.", session.Inspect("ClearOut|put()")!.Text);
        Assert.Contains("Beamline.Notebook", session.Inspect("MimeBun|dle b;")!.Text);
        Assert.Contains("Shows a value in the cell's output.", session.Inspect("disp|lay(1)")!.Text);
    }

    [Fact]
    public void More_detail_shows_overloads_remarks_and_the_source_in_an_earlier_cell()
    {
        var text = session.Inspect("AddHa|lf(2)", detail: 1)!.Text;
        Assert.Contains("From cell 2:", text);
        Assert.Contains("double AddHalf(double x)\n{\n    return x + 0.5;\n}", text);
        Assert.DoesNotContain("return", session.Inspect("AddHa|lf(2)")!.Text);
        Assert.Contains("void Console.WriteLine(bool value)", session.Inspect("Console.WriteL|ine(\"a\")", detail: 1)!.Text);
        Assert.DoesNotContain("bool value", session.Inspect("Console.WriteLi|ne(\"a\")")!.Text);
        Assert.Contains("record Options {", session.Inspect("Opti|ons o;", detail: 1)!.Text);
    }

    [Fact]
    public async Task Nothing_of_the_user_runs()
    {
        var text = session.Inspect("nos|y")!.Text;
        Assert.Contains("Nosy nosy", text);
        Assert.DoesNotContain("asked", text);
        Assert.NotEmpty(session.Texts("nosy.|"));
        Assert.Equal("0", await session.Kernel.TextAsync("Nosy.Asked"));
    }

    [Theory]
    [InlineData("Math.Max(|", "Math.Max(double ‹val1›", "‹double val1›, double val2)")]
    [InlineData("Math.Max(1, |)", "val2", "(int val1, ‹int val2›)")]
    [InlineData("Math.Max(Math.Abs(|), 2)", "Math.Abs(", "‹double value›")]
    [InlineData("Math.Max(Math.Abs(-1), |2)", "Math.Max(", "‹int val2›")]
    [InlineData("AddHalf(|)", "AddHalf(", "‹double x›")]
    [InlineData("Reconstruct(\"a\", verbose: |)", "Reconstruct(", "‹bool verbose = false›")]
    [InlineData("new List<int>(|)", "new List<int>(", "‹int capacity›")]
    [InlineData("List<int> l = new(|", "new List<int>(", "‹int capacity›")]
    [InlineData("names.Select(|)", "Select", "‹Func<string")]
    [InlineData("string.Join(\",\", 1, 2, |3)", "string.Join(", "‹params ")]
    [InlineData("names[|0]", "List<string>[", "‹int index›")]
    [InlineData("Func<int, int> f = null; f(|)", "Func<int, int>(", "‹int arg›")]
    [InlineData("names.ForEach(n => { Console.Write(n, |", "Console.Write(", "‹")]
    public void Inside_the_arguments_the_current_parameter_is_marked(string code, string expected, string alsoExpected)
    {
        var text = session.Inspect(code)!.Text;
        Assert.Contains(expected.Replace("‹val1›", "val1", StringComparison.Ordinal), text.Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal));
        Assert.Contains(alsoExpected, text);
    }

    [Fact]
    public void A_statement_inside_a_lambda_is_not_an_argument() => Assert.Null(session.Inspect("names.ForEach(n => { | });"));

    [Fact]
    public void Html_is_escaped()
    {
        var data = session.Inspect("new Dictionary<string, Li|st<int>>()")!.ToData();
        Assert.Contains("List&lt;", (string)data[MimeTypes.Html]!);
        Assert.DoesNotContain("List<", (string)data[MimeTypes.Html]!);
        Assert.Contains("List<", (string)data[MimeTypes.Text]!);
        Assert.DoesNotContain("<script>", new Inspection().Paragraph("<script>", "<b>").Marked("<i>", "<u>", "<p>").Html);
    }

    [Theory]
    [InlineData("<member><summary>Adds <paramref name=\"a\"/> to <see cref=\"T:System.Int32\"/>.</summary></member>", "Adds a to Int32.")]
    [InlineData("<member><summary>\n  One\n  line\n<para>Two</para></summary></member>", "One line\nTwo")]
    [InlineData("<member><summary>Not closed</member>", "")]
    [InlineData("no xml", "")]
    public void Comments_become_text(string xml, string summary) => Assert.Equal(summary, DocComment.Parse(xml).Summary);
}
