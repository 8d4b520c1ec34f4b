using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>What a cell of a notebook is.</summary>
public enum NotebookCellKind
{
    /// <summary>Code with its outputs.</summary>
    Code,

    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Text that is passed on unchanged.</summary>
    Raw,
}

/// <summary>One cell of a notebook.</summary>
public sealed class NotebookCell
{
    /// <summary>Makes a cell.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="source">Its text.</param>
    public NotebookCell(NotebookCellKind kind, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (Kind, Source) = (kind, source);
    }

    /// <summary>What it is.</summary>
    public NotebookCellKind Kind { get; }

    /// <summary>Its text, lines separated by \n.</summary>
    public string Source { get; set; }

    /// <summary>Its identifier; null until the notebook is saved or when the file had none.</summary>
    public string? Id { get; set; }

    /// <summary>Its metadata, whatever it holds.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Files attached to a Markdown or raw cell; null for none.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>Number of its last execution; null when it was not executed.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>Its outputs as nbformat 4 writes them, with text as single strings.</summary>
    public JsonArray Outputs { get; init; } = [];

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags
            ? [.. tags.OfType<JsonValue>().Select(t => t.TryGetValue<string>(out var text) ? text : "").Where(t => t.Length > 0)]
            : [];

    /// <summary>Whether it has a tag.</summary>
    /// <param name="tag">The tag.</param>
    public bool HasTag(string tag) => Tags.Contains(tag, StringComparer.Ordinal);
}
