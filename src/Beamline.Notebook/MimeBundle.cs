using System.Text.Json.Nodes;

namespace Beamline.Notebook;

/// <summary>One value shown in several ways; a front end picks the best that it knows. Immutable.</summary>
/// <remarks>Each part is text (<see cref="string"/>), bytes (<c>byte[]</c>) or JSON (<see cref="JsonNode"/>).</remarks>
public sealed class MimeBundle
{
    private readonly Dictionary<string, object> _parts;
    private readonly Dictionary<string, JsonNode> _metadata;

    private MimeBundle(Dictionary<string, object> parts, Dictionary<string, JsonNode> metadata) =>
        (_parts, _metadata) = (parts, metadata);

    /// <summary>A bundle without parts.</summary>
    public static MimeBundle Empty { get; } = new([], []);

    /// <summary>The parts by MIME type.</summary>
    public IReadOnlyDictionary<string, object> Parts => _parts;

    /// <summary>Metadata by MIME type, for instance the width and height of a picture.</summary>
    public IReadOnlyDictionary<string, JsonNode> Metadata => _metadata;

    /// <summary>A bundle of plain text only.</summary>
    /// <param name="text">The text.</param>
    public static MimeBundle FromText(string text) => Empty.With(MimeTypes.Text, text);

    /// <summary>A bundle of HTML with a plain-text equivalent.</summary>
    /// <param name="html">The HTML; the caller has escaped what needs it.</param>
    /// <param name="text">What a terminal shows instead.</param>
    public static MimeBundle FromHtml(string html, string text) =>
        Empty.With(MimeTypes.Html, html).With(MimeTypes.Text, text);

    /// <summary>The same bundle with one more part.</summary>
    /// <param name="mimeType">For instance text/html.</param>
    /// <param name="text">The part as text.</param>
    public MimeBundle With(string mimeType, string text) => Add(mimeType, text);

    /// <summary>The same bundle with one more part.</summary>
    /// <param name="mimeType">For instance image/png.</param>
    /// <param name="bytes">The part as bytes; written as base64 in a notebook.</param>
    public MimeBundle With(string mimeType, byte[] bytes) => Add(mimeType, bytes);

    /// <summary>The same bundle with one more part.</summary>
    /// <param name="mimeType">A JSON type, for instance application/vnd.plotly.v1+json.</param>
    /// <param name="json">The part.</param>
    public MimeBundle With(string mimeType, JsonNode json) => Add(mimeType, json);

    /// <summary>The same bundle with metadata for one of its parts.</summary>
    /// <param name="mimeType">The part's type.</param>
    /// <param name="metadata">The metadata.</param>
    public MimeBundle WithMetadata(string mimeType, JsonNode metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        ArgumentNullException.ThrowIfNull(metadata);
        return new MimeBundle(_parts, new Dictionary<string, JsonNode>(_metadata) { [mimeType] = metadata });
    }

    private MimeBundle Add(string mimeType, object part)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        ArgumentNullException.ThrowIfNull(part);
        return new MimeBundle(new Dictionary<string, object>(_parts) { [mimeType] = part }, _metadata);
    }
}
