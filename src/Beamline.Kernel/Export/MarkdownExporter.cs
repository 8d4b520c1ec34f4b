using System.Text;
using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>How a notebook becomes Markdown.</summary>
public sealed record MarkdownExportOptions
{
    /// <summary>True to write pictures into the text as data: addresses, false to write them as files in a folder beside it.</summary>
    public bool InlineImages { get; init; }

    /// <summary>Folder of the notebook, for pictures that its text names; null to leave them out.</summary>
    public string? Folder { get; init; }
}

/// <summary>
/// Writes a notebook as Markdown (CommonMark with fences for code). A Markdown file may be shown by a program that
/// trusts it, so nothing from outputs is taken over as it is: HTML of outputs is left out for the picture or the text beside it,
/// raw HTML in text is escaped, and links to scripts are cut.
/// </summary>
public static class MarkdownExporter
{
    /// <summary>Writes a notebook as Markdown.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="imageFolder">Name of the folder for pictures, relative to the text; ignored when they are inlined.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <returns>The text, and the pictures by their name in the folder.</returns>
    public static (string Text, IReadOnlyDictionary<string, byte[]> Images) Export(
        NotebookDocument document, string imageFolder, MarkdownExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrEmpty(imageFolder);
        options ??= new MarkdownExportOptions();
        var images = new MarkdownImages(options.InlineImages ? null : imageFolder);
        var text = new StringBuilder();
        var language = FenceName(document.Language);
        for (var i = 0; i < document.Cells.Count; i++)
        {
            var cell = document.Cells[i];
            images.Cell = i + 1;
            switch (cell.Kind)
            {
                case NotebookCellKind.Markdown:
                    Part(text, SafeMarkdown.Render(cell.Source, (url, _) => images.Add(EmbeddedImage.Source(url, cell.Attachments, options.Folder))));
                    break;
                case NotebookCellKind.Raw:
                    Part(text, Fence("", cell.Source));
                    break;
                case NotebookCellKind.Code when cell.Source.Length > 0:
                    Part(text, Fence(language, cell.Source));
                    break;
            }

            foreach (var output in cell.Outputs.OfType<JsonObject>())
            {
                Part(text, OutputMarkdown.Render(output, images));
            }
        }

        return (text.ToString(), images.Files);
    }

    /// <summary>Writes a notebook as Markdown to a file, and its pictures to NAME_files beside it.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The .md file.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(NotebookDocument document, string path, MarkdownExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var folder = Path.GetFileNameWithoutExtension(full) + "_files";
        var (text, images) = Export(document, folder, options);
        foreach (var (name, bytes) in images)
        {
            AtomicFile.WriteBytes(Path.Combine(Path.GetDirectoryName(full)!, folder, name), bytes);
        }

        AtomicFile.WriteText(full, text);
    }

    /// <summary>Text in a fence that is longer than any in the text, so that nothing in it can end the fence.</summary>
    internal static string Fence(string language, string text)
    {
        var (longest, run) = (2, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}{language}\n{text.ReplaceLineEndings("\n").TrimEnd('\n')}\n{fence}";
    }

    private static void Part(StringBuilder text, string part)
    {
        var trimmed = part.Trim('\n');
        if (trimmed.Length > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(trimmed).Append('\n');
        }
    }

    private static string FenceName(string? language) => language?.ToLowerInvariant() switch
    {
        null or "c#" or "csharp" => "csharp",
        var other => new string([.. other.Where(char.IsAsciiLetterOrDigit)]),
    };
}
