using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class FormattingTests
{
    private static readonly FormatterRegistry Plain = new([]);

    public static TheoryData<object, string> Values => new()
    {
        { 1.0 / 3, "0.3333333333333333" },
        { 0.1f, "0.1" },
        { 1234567.5m, "1234567.5" },
        { true, "True" },
        { DayOfWeek.Friday, "Friday" },
        { typeof(Dictionary<string, int[]>), "Dictionary<string, int[]>" },
        { new byte[] { 1, 255 }, "byte[2] 01 ff" },
        { new[] { 1, 2 }, "[1, 2]" },
        { Array.Empty<int>(), "int[]: no elements" },
        { new List<string?> { "a", null }, "[a, null]" },
        { new Point(1, 2), "Point { X = 1, Y = 2 }" },
        { new Dictionary<string, int> { ["a"] = 1 }, "a: 1" },
        { new int[,] { { 1, 2 }, { 3, 4 } }, "int[2, 2]\n1  2\n3  4" },
        { (1, "b"), "(1, b)" },
        { new Plainly(), "plainly" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Values_have_a_text(object value, string expected) => Assert.Equal(expected, Text(Plain.Format(value)));

    [Fact]
    public void Nothing_shows_nothing()
    {
        Assert.Null(Plain.Format(null));
        Assert.Null(Plain.Format(MimeBundle.Empty));
    }

    [Fact]
    public void Sequences_are_cut_at_20_without_running_to_the_end()
    {
        var read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }

        var text = Text(Plain.Format(Endless()))!;
        Assert.StartsWith("[0, 1, ", text);
        Assert.EndsWith("18, 19, ...] (the first 20 elements; more follow)", text);
        Assert.Equal(21, read);
        Assert.EndsWith("(20 of 1000 elements)", Text(Plain.Format(new int[1000])));
        Assert.DoesNotContain("...", Text(Plain.Format(new int[20])));
        Assert.EndsWith("20 of 21 entries", Text(Plain.Format(Enumerable.Range(0, 21).ToDictionary(i => i))));
    }

    [Fact]
    public void Html_is_escaped_everywhere()
    {
        const string Bad = "<b>&\"";
        foreach (var value in (object[])
        [
            new[] { Bad }, new Dictionary<string, string> { [Bad] = Bad }, new Named(Bad), new[] { new Named(Bad) },
            new string[,] { { Bad } }, new InvalidOperationException(Bad), new { Name = Bad },
        ])
        {
            var html = (string)Plain.Format(value)!.Parts[MimeTypes.Html];
            Assert.Contains("&lt;b&gt;&amp;", html);
            Assert.DoesNotContain(Bad, html);
        }

        Assert.Equal(Bad, Text(Plain.Format(Bad)));
    }

    [Fact]
    public void Records_in_a_sequence_are_rows()
    {
        var bundle = Plain.Format(new[] { new Point(1, 2), new Point(3, 4) })!;
        Assert.Equal("Index\tX\tY\n0\t1\t2\n1\t3\t4", Text(bundle));
        Assert.Contains("<th>Index</th><th>X</th><th>Y</th>", (string)bundle.Parts[MimeTypes.Html]);
    }

    [Fact]
    public void A_member_that_throws_is_named_and_the_others_are_shown()
    {
        var text = Text(Plain.Format(new Broken()))!;
        Assert.Contains("Good = 1", text);
        Assert.Contains("Bad = (threw InvalidOperationException)", text);
    }

    [Fact]
    public void Long_text_is_cut()
    {
        var text = Text(Plain.Format(new string('x', 200_000)))!;
        Assert.EndsWith("... 100,000 more characters of 200,000", text);
    }

    [Fact]
    public void The_formatter_added_last_wins_over_the_types_own_and_the_built_in()
    {
        var first = new Formatter(typeof(IFormattable), _ => MimeBundle.FromText("first"));
        var second = new Formatter(typeof(int), _ => MimeBundle.FromText("second"));
        var registry = new FormatterRegistry([first, second, new Formatter(typeof(Own), _ => MimeBundle.FromText("mine"))]);
        Assert.Equal("second", Text(registry.Format(1)));
        Assert.Equal("first", Text(registry.Format(1.5)));
        Assert.Equal("text", Text(registry.Format("text")));
        Assert.Equal("mine", Text(registry.Format(new Own())));
        Assert.Equal("first", Text(new FormatterRegistry([second, first]).Format(1)));
    }

    [Fact]
    public void A_formatter_that_fails_gives_a_note()
    {
        var registry = new FormatterRegistry(
        [
            new Formatter(typeof(int), _ => throw new InvalidOperationException("no <beam>")),
            new Formatter(typeof(long), _ => MimeBundle.Empty.With(MimeTypes.Json, JsonValue.Create(double.NaN))),
        ]);
        var bundle = registry.Format(1)!;
        Assert.Equal("int: it could not be shown. InvalidOperationException: no <beam>\n1", Text(bundle));
        Assert.Contains("no &lt;beam&gt;", (string)bundle.Parts[MimeTypes.Html]);
        Assert.Contains("long: it could not be shown", Text(registry.Format(1L)));
    }

    [Fact]
    public async Task A_formatter_that_fails_does_not_fail_its_cell()
    {
        using var kernel = new TestKernel(new FailingExtension());
        Assert.StartsWith("int: it could not be shown", await kernel.TextAsync("var kept = 5; kept"));
        Assert.Equal("text", await kernel.TextAsync("display(kept); \"text\""));
    }

    [Fact]
    public void A_bundle_without_text_gets_one()
    {
        var bundle = Plain.Format(MimeBundle.Empty.With(MimeTypes.Html, "<b>x</b>"))!;
        Assert.Equal("<MimeBundle>", Text(bundle));
    }

    internal static string? Text(MimeBundle? bundle) => bundle?.Parts[MimeTypes.Text] as string;

    public sealed record Point(double X, double Y);

    public sealed record Named(string Name);

    public sealed class Plainly
    {
        public int Hidden { get; } = 1;

        public override string ToString() => "plainly";
    }

    public sealed class Broken
    {
        public int Good { get; } = 1;

        public int Bad => Good > 0 ? throw new InvalidOperationException() : 2;
    }

    private sealed class Formatter(Type type, Func<object, MimeBundle> format) : IMimeFormatter
    {
        public bool CanFormat(Type asked) => type.IsAssignableFrom(asked);

        public MimeBundle Format(object value) => format(value);
    }

    private sealed class FailingExtension : INotebookExtension
    {
        public string Name => "failing";

        public void Register(IExtensionRegistry registry) =>
            registry.AddFormatter(new Formatter(typeof(int), _ => throw new InvalidOperationException("always")));
    }
}
