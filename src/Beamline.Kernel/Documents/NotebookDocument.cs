using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>A Jupyter notebook in memory. Reads nbformat 4.0 to 4.5, writes 4.5.</summary>
public sealed class NotebookDocument
{
    private static readonly string[] CSharpNames = ["c#", "csharp", "cs", ".net-csharp", "polyglot-notebook"];

    /// <summary>Its metadata, whatever it holds.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Its cells.</summary>
    public IList<NotebookCell> Cells { get; init; } = [];

    /// <summary>The language that its metadata name; null when they name none.</summary>
    public string? Language =>
        Text(Metadata["language_info"], "name") ?? Text(Metadata["kernelspec"], "language");

    /// <summary>The language of cells that name none, as .NET Interactive writes it; null when it names none.</summary>
    internal string? DefaultLanguage =>
        Metadata["polyglot_notebook"] is JsonObject polyglot ? Text(polyglot["kernelInfo"], "defaultKernelName") : null;

    /// <summary>Text of the first heading in its Markdown cells; null when there is none.</summary>
    public string? Title => Cells.Where(c => c.Kind == NotebookCellKind.Markdown)
        .SelectMany(c => MarkdownHtml.Headings(c.Source)).FirstOrDefault()?.Text;

    /// <summary>Reads a notebook file: .dib, .cs or .csx by its name, and everything else as .ipynb.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotebookFormatException">It is not a notebook of nbformat 4, or not what its name says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NotebookDocument Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return NotebookFiles.Load(path);
    }

    /// <summary>Reads a notebook from its text.</summary>
    /// <param name="json">The text of an .ipynb file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="NotebookFormatException">It is not a notebook of nbformat 4.</exception>
    public static NotebookDocument Parse(string json, string name = "notebook")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(name);
        return NotebookReader.Read(json, name);
    }

    /// <summary>The notebook as the text of an .ipynb file of nbformat 4.5. Gives cells the ids that they miss.</summary>
    public string ToJson() => NotebookWriter.Write(this);

    /// <summary>Writes the notebook to a temporary file in the same folder and renames it.</summary>
    /// <param name="path">The .ipynb file; its folder is made when it is missing.</param>
    /// <exception cref="IOException">It cannot be written; a file of that name stays as it was.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, ToJson());
    }

    /// <summary>Makes sure that the notebook is C#; one that names no language counts as C#.</summary>
    /// <param name="name">What the error calls the notebook.</param>
    /// <exception cref="NotebookFormatException">It is in another language, which the message names.</exception>
    public void EnsureCSharp(string name)
    {
        EnsureCSharpKernel(name);
        EnsureCellLanguages(name);
    }

    /// <summary>Makes sure that the notebook as a whole is for a C# kernel; single cells may be in other languages.</summary>
    internal void EnsureCSharpKernel(string name)
    {
        if (Language is { } language && !CSharpNames.Contains(language.ToLowerInvariant()))
        {
            throw new NotebookFormatException(
                $"{name} is a notebook in {language}, not C#. Run it with its own kernel " +
                $"({Text(Metadata["kernelspec"], "display_name") ?? language}), or change its kernel to C# (Beamline).");
        }
    }

    /// <summary>Makes sure that this kernel can run every cell that is not tagged skip-execution.</summary>
    private void EnsureCellLanguages(string name)
    {
        var wrong = Cells.Index().Where(c => c.Item.Kind == NotebookCellKind.Code && !c.Item.HasTag("skip-execution") &&
                !string.IsNullOrWhiteSpace(c.Item.Source))
            .Select(c => (c.Index, Language: CellLanguages.Of(c.Item) ?? DefaultLanguage ?? CellLanguages.CSharp))
            .Where(c => CellLanguages.Canonical(c.Language) is null)
            .Select(c => (c.Index, Language: CellLanguages.MissingName(c.Language) ?? c.Language)).ToArray();
        if (wrong.Length > 0)
        {
            throw new NotebookFormatException(
                $"{name}: {string.Join(", ", wrong.Select(c => $"cell {c.Index + 1} is in {c.Language}"))}. {CellLanguages.Advice(wrong[0].Language)}");
        }
    }

    private static string? Text(JsonNode? node, string name) =>
        node is JsonObject map && map[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : null;
}
