using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary>What a run writes beside the executed notebook, and where.</summary>
/// <param name="Output">What --output says.</param>
/// <param name="To">What --to says.</param>
/// <param name="HtmlPath">What --html says.</param>
/// <param name="InlineImages">Pictures of Markdown in the text.</param>
/// <param name="FoldCode">Code of pages folded away.</param>
internal sealed record RunExports(string? Output, IReadOnlyList<string> To, string? HtmlPath, bool InlineImages, bool FoldCode)
{
    internal static IReadOnlyList<string> Formats { get; } = ["ipynb", "html", "md", "cs"];

    /// <summary>Where the executed notebook goes; null for its usual place.</summary>
    internal string? NotebookPath(string notebook, bool several)
    {
        if (Output is null)
        {
            return null;
        }

        if (several || Path.EndsInDirectorySeparator(Output))
        {
            return Path.Combine(Output, Path.GetFileNameWithoutExtension(notebook) + ".ipynb");
        }

        // done.html asks for the page; the notebook is saved beside it all the same.
        return OwnFormat is null or "ipynb" ? Output : Path.ChangeExtension(Output, ".ipynb");
    }

    /// <summary>Why these outputs cannot be for several notebooks; null when they can.</summary>
    internal string? ProblemWithSeveral =>
        HtmlPath is not null ? "--html is for one notebook; with several write --to html."
        : Output is not null && (OwnFormat is not null || File.Exists(Output))
            ? $"--output {Output} is for one notebook; with several give a folder."
        : null;

    /// <summary>Writes all formats; returns what could not be written.</summary>
    internal IReadOnlyList<string> Write(NotebookDocument document, string notebook, string executed)
    {
        var problems = new List<string>();
        var formats = OwnFormat is { } own ? To.Append(own) : To;
        foreach (var format in formats.Distinct().Where(f => f != "ipynb"))
        {
            Save(document, notebook, format, Path.ChangeExtension(executed, "." + format), problems);
        }

        if (HtmlPath is not null)
        {
            Save(document, notebook, "html", HtmlPath, problems);
        }

        return problems;
    }

    private string? OwnFormat =>
        Output is null ? null : Formats.FirstOrDefault(f => Output.EndsWith("." + f, StringComparison.OrdinalIgnoreCase));

    private void Save(NotebookDocument document, string notebook, string format, string path, List<string> problems)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(notebook));
        try
        {
            switch (format)
            {
                case "html":
                    HtmlExporter.Save(document, path, new HtmlExportOptions { FoldCode = FoldCode, Folder = folder });
                    break;
                case "md":
                    MarkdownExporter.Save(document, path, new MarkdownExportOptions { InlineImages = InlineImages, Folder = folder });
                    break;
                default:
                    ScriptExporter.Save(document, path);
                    break;
            }

            Console.Error.WriteLine($"wrote {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(format == "html" ? $"the page could not be written: {e.Message}" : $"{path} could not be written: {e.Message}");
        }
    }
}
