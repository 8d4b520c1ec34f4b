using System.Numerics;
using System.Text.RegularExpressions;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>Tables of records, exceptions as values, and other things a scientist ends a cell with.</summary>
public sealed partial class TableTests
{
    private const string Bad = "<script>alert(1)</script>";
    private static readonly FormatterRegistry Plain = new([]);

    [Fact]
    public void Columns_have_types_units_and_numbers_at_the_right()
    {
        var html = Html(new[] { new Run("a", 1.5, 30, TimeSpan.FromSeconds(90), null), new Run("b", -2, 45, TimeSpan.Zero, 3) });
        Assert.Contains("<th>Name</th><th>Length (mm)</th>", html);
        Assert.Contains("<td style=\"text-align:left\"><small>string</small></td><td style=\"text-align:right\"><small>double</small></td>", html);
        Assert.Contains("Angle (&#176;)", html);
        Assert.Contains("<td style=\"text-align:right\">1.5</td>", html);
        Assert.Contains("<td style=\"text-align:right\">00:01:30</td>", html);
        Assert.Contains("int?", html);
        Assert.DoesNotContain("more", html);
    }

    [Theory]
    [InlineData("LengthMillimeters", "Length (mm)")]
    [InlineData("WaitMilliseconds", "Wait (ms)")]
    [InlineData("TiltDegrees", "Tilt (°)")]
    [InlineData("MemoryBytes", "Memory (B)")]
    [InlineData("Meters", "Meters")]
    [InlineData("Parameters", "Parameters")]
    [InlineData("PixelSizeMicrometers", "PixelSize (µm)")]
    [InlineData("Name", "Name")]
    public void Units_are_read_from_names(string name, string expected) => Assert.Equal(expected, ColumnNames.WithUnit(name));

    [Fact]
    public void Twenty_rows_and_columns_are_shown_and_the_rest_is_counted()
    {
        var row = Enumerable.Range(0, 25).ToDictionary(i => $"column{i}", i => (object)i);
        var html = Html(Enumerable.Repeat(row, 23).ToArray());
        Assert.Equal(20 + 2, Rows().Count(html));
        Assert.Contains("column19", html);
        Assert.DoesNotContain("column20", html);
        Assert.Contains("&#8230; 5 more columns", Entities(html));
        Assert.Contains("&#8230; 3 more elements", Entities(html));
    }

    [Fact]
    public void Anonymous_types_tuples_and_dictionaries_are_rows()
    {
        Assert.Contains("<th>a</th>", Html(new[] { new { a = 1, b = "x" } }));
        Assert.Contains("<th>Item2</th>", Html(new[] { (1, "x"), (2, "y") }));
        var ragged = Html(new[] { new Dictionary<string, object> { ["x"] = 1 }, new Dictionary<string, object> { ["y"] = "b" } });
        Assert.Contains("<th>x</th>", ragged);
        Assert.Contains("<th>y</th>", ragged);
        Assert.Contains("<td style=\"text-align:left\"></td>", ragged);
        Assert.Contains("<th>Value</th></tr><tr><td style=\"text-align:right\"><small></small></td><td style=\"text-align:right\"><small>int</small>", Html(new HashSet<int> { 3, 4 }));
    }

    [Fact]
    public void Nothing_is_read_beyond_what_is_shown()
    {
        var read = 0;
        IEnumerable<Run> Endless()
        {
            while (true)
            {
                read++;
                yield return new Run("a", read, 0, TimeSpan.Zero, null);
            }
        }

        Assert.Contains("more elements follow", Html(Endless()));
        Assert.Equal(21, read);
        Assert.Contains("4999980 more elements", Html(new float[5_000_000]));
        var memory = Html(new float[5_000_000].AsMemory());
        Assert.Contains("4999980 more elements", memory);
        Assert.Contains("int[10, 11, 12], last index fastest", Text(new int[10, 11, 12]));
        Assert.Contains("1300 more", Html(new int[10, 11, 12]));
        Assert.Equal("int[0, 2, 3]: no elements", Text(new int[0, 2, 3]));
    }

    [Fact]
    public void Times_and_complex_numbers_are_written_without_doubt()
    {
        Assert.Equal("2026-11-29 15:04:05.5", Text(new DateTime(2026, 11, 29, 15, 4, 5, 500)));
        Assert.Equal("2026-11-09", Text(new DateTime(2026, 11, 9)));
        Assert.Equal("2026-11-09", Text(new DateOnly(2026, 11, 9)));
        Assert.Equal("2026-11-29 15:04:05 +01:00", Text(new DateTimeOffset(2026, 11, 29, 15, 4, 5, TimeSpan.FromHours(1))));
        Assert.Equal("1.02:00:00", Text(TimeSpan.FromHours(26)));
        Assert.Equal("1.5 - 2i", Text(new Complex(1.5, -2)));
        Assert.Equal("[0 + 1i]", Text(new[] { Complex.ImaginaryOne }));
    }

    [Fact]
    public void An_exception_says_its_message_first_and_its_causes_and_hides_its_stack()
    {
        Exception caught;
        try
        {
            throw new InvalidOperationException("outer " + Bad, new AggregateException("many", new FormatException("first"), new IOException("second", new ArgumentException("deep"))));
        }
        catch (InvalidOperationException e)
        {
            caught = e;
        }

        var text = Text(caught);
        Assert.StartsWith("InvalidOperationException: outer " + Bad + "\n", text);
        Assert.Contains("  caused by AggregateException: many", text);
        Assert.Contains("    caused by FormatException: first", text);
        Assert.Contains("      caused by ArgumentException: deep", text);
        Assert.DoesNotContain("   at ", text);
        var html = Html(caught);
        Assert.DoesNotContain("<script", html);
        Assert.True(html.IndexOf("outer", StringComparison.Ordinal) < html.IndexOf("<details>", StringComparison.Ordinal));
        Assert.Contains(nameof(An_exception_says_its_message_first_and_its_causes_and_hides_its_stack), html);
        Assert.True(html.Length < 10_000);
        Assert.Contains("… 5 more", Text(new AggregateException(Enumerable.Range(0, 15).Select(i => new FormatException($"{i}")))));
    }

    [Fact]
    public void Names_and_keys_are_escaped()
    {
        foreach (var value in (object[])
        [
            new Dictionary<string, int> { [Bad] = 1 }, new[] { new Dictionary<string, object> { [Bad] = Bad } }, new Run(Bad, 1, 1, default, null),
            new[] { new Run(Bad, 1, 1, default, null) }, new FormatException(Bad), new[] { Bad }, (Bad, 1),
        ])
        {
            var html = Html(value);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", html);
        }
    }

    [Fact]
    public async Task An_exception_of_a_cell_names_its_line()
    {
        using var kernel = new TestKernel();
        var text = await kernel.TextAsync("Exception? caught = null;\ntry\n{\n    int.Parse(\"x\");\n}\ncatch (FormatException e)\n{\n    caught = e;\n}\n\ncaught");
        Assert.Matches(@"^FormatException: .*\n  at .*, line 4", text);
    }

    private static string Html(object value) => (string)Plain.Format(value)!.Parts[MimeTypes.Html];

    private static string Text(object value) => (string)Plain.Format(value)!.Parts[MimeTypes.Text];

    private static string Entities(string html) => html.Replace("…", "&#8230;", StringComparison.Ordinal);

    [GeneratedRegex("<tr>")]
    private static partial Regex Rows();

    public sealed record Run(string Name, double LengthMillimeters, float AngleDegrees, TimeSpan Took, int? Tries);
}
