using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Beamline.Kernel;

/// <summary>What a documentation comment says, as plain text.</summary>
internal sealed partial record DocComment
{
    public static DocComment Empty { get; } = new();

    public string Summary { get; private init; } = "";

    public string Returns { get; private init; } = "";

    public string Remarks { get; private init; } = "";

    public IReadOnlyList<(string Name, string Text)> Parameters { get; private init; } = [];

    public IReadOnlyList<(string Name, string Text)> TypeParameters { get; private init; } = [];

    public IReadOnlyList<(string Name, string Text)> Exceptions { get; private init; } = [];

    /// <summary>Id of the symbol to take the text from; empty for what is overridden; null when nothing is inherited.</summary>
    public string? InheritsFrom { get; private init; }

    public string Parameter(string name) => Parameters.FirstOrDefault(p => p.Name == name).Text ?? "";

    /// <summary>Reads the member element of a documentation file. What is no XML is no comment.</summary>
    public static DocComment Parse(string? xml)
    {
        if (string.IsNullOrWhiteSpace(xml))
        {
            return Empty;
        }

        XElement root;
        try
        {
            root = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return Empty;
        }

        return new DocComment
        {
            Summary = Text(root.Element("summary")),
            Returns = Text(root.Element("returns") ?? root.Element("value")),
            Remarks = Text(root.Element("remarks")),
            Parameters = Named(root, "param", "name"),
            TypeParameters = Named(root, "typeparam", "name"),
            Exceptions = Named(root, "exception", "cref"),
            InheritsFrom = root.Element("inheritdoc") is { } inherit ? (string?)inherit.Attribute("cref") ?? "" : null,
        };
    }

    /// <summary>This comment, with what it lacks from another.</summary>
    public DocComment Over(DocComment other) => this with
    {
        Summary = Summary.Length > 0 ? Summary : other.Summary,
        Returns = Returns.Length > 0 ? Returns : other.Returns,
        Remarks = Remarks.Length > 0 ? Remarks : other.Remarks,
        Parameters = Parameters.Count > 0 ? Parameters : other.Parameters,
        TypeParameters = TypeParameters.Count > 0 ? TypeParameters : other.TypeParameters,
        Exceptions = Exceptions.Count > 0 ? Exceptions : other.Exceptions,
        InheritsFrom = null,
    };

    private static (string, string)[] Named(XElement root, string element, string attribute) =>
        [.. root.Elements(element).Select(e => (NameOf((string?)e.Attribute(attribute) ?? ""), Text(e))).Where(p => p.Item2.Length > 0)];

    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var text = new StringBuilder();
        Write(element, text);
        return string.Join("\n", text.ToString().Split('\n').Select(line => Blanks().Replace(line, " ").Trim())
            .Where(line => line.Length > 0));
    }

    private static void Write(XElement element, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    text.Append(words.Value.ReplaceLineEndings(" "));
                    break;
                case XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference:
                    text.Append(reference.Nodes().Any() ? reference.Value : NameOf(
                        (string?)(reference.Attribute("cref") ?? reference.Attribute("langword") ??
                            reference.Attribute("name") ?? reference.Attribute("href")) ?? ""));
                    break;
                case XElement { Name.LocalName: "para" or "item" or "code" or "br" or "list" } block:
                    text.Append('\n');
                    if (block.Name.LocalName == "item")
                    {
                        text.Append("- ");
                    }

                    Write(block, text);
                    text.Append('\n');
                    break;
                case XElement inline:
                    Write(inline, text);
                    break;
            }
        }
    }

    // M:System.Console.WriteLine(System.String) is Console.WriteLine to a reader; T:System.IO.IOException is IOException.
    private static string NameOf(string id)
    {
        if (id.Length < 3 || id[1] != ':')
        {
            return id;
        }

        var name = id[2..].Split('(')[0];
        var parts = Arity().Replace(name, "").Split('.');
        return id[0] is 'T' or 'N' || parts.Length < 2 ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
