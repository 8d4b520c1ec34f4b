using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>Known to the kernel by its simple name only.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}

[TypeFormatterSource(typeof(OwnSource))]
internal class Own;

internal sealed class OwnChild : Own;

[TypeFormatterSource(typeof(OwnSource), PreferredMimeTypes = ["application/x+json", "text/html"])]
internal sealed class Preferring;

[TypeFormatterSource(typeof(object))]
internal sealed class NoSource;

[TypeFormatterSource(typeof(ThrowingSource))]
internal sealed class Throwing;

internal sealed class OwnSource
{
    private readonly string _html = "<b>html</b>";

    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new OwnFormatter("text/html", null, _html),
        new OwnFormatter("text/plain", typeof(string), "for strings"),
        new OwnFormatter("text/plain", null, "plain"),
        new OwnFormatter("application/x+json", null, "{\"a\":[1]}"),
        new OwnFormatter("text/latex", null, null),
    ];
}

internal sealed class ThrowingSource
{
    public static IEnumerable<object> CreateTypeFormatters() => throw new InvalidOperationException("source broke");
}

/// <summary>Writes a text, or declines when it has none.</summary>
internal sealed class OwnFormatter(string mimeType, Type? type, string? text)
{
    public string MimeType => mimeType;

    public Type? Type => type;

    public bool Format(object value, TextWriter writer)
    {
        writer.Write(text);
        return text is not null;
    }
}

public sealed class DuckFormatterTests
{
    private static readonly FormatterRegistry Registry = new([]);

    [Fact]
    public void A_type_brings_its_own_formatters_by_name()
    {
        foreach (var value in (object[])[new Own(), new OwnChild()])
        {
            var parts = Registry.Format(value)!.Parts;
            Assert.Equal(["application/x+json", "text/html", "text/plain"], parts.Keys.Order());
            Assert.Equal("<b>html</b>", parts[MimeTypes.Html]);
            Assert.Equal("plain", parts[MimeTypes.Text]);
            Assert.Equal("{\"a\":[1]}", Assert.IsType<System.Text.Json.Nodes.JsonNode>(parts["application/x+json"], exactMatch: false).ToJsonString());
        }
    }

    [Fact]
    public void Preferred_types_are_the_only_ones_with_a_text_for_terminals()
    {
        var parts = Registry.Format(new Preferring())!.Parts;
        Assert.Equal(["application/x+json", "text/html", "text/plain"], parts.Keys.Order());
        Assert.Equal("<Preferring>", parts[MimeTypes.Text]);
    }

    [Fact]
    public void A_source_that_cannot_be_used_gives_a_note()
    {
        Assert.Contains("no CreateTypeFormatters()", FormattingTests.Text(Registry.Format(new NoSource())));
        Assert.Contains("source broke", FormattingTests.Text(Registry.Format(new Throwing())));
    }
}
