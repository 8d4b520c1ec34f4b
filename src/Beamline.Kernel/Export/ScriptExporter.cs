using System.Text;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Writes a notebook as a C# script in the percent form that editors know: cells begin with <c>// %%</c>, text is in
/// comments, and so are magic lines, which are no C#. Outputs are left out.
/// </summary>
public static class ScriptExporter
{
    /// <summary>Writes a notebook as a script.</summary>
    /// <param name="document">The notebook.</param>
    /// <returns>The text of the .cs file.</returns>
    public static string Export(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var script = new StringBuilder();
        foreach (var cell in document.Cells)
        {
            script.Append(script.Length > 0 ? "\n" : "").Append(cell.Kind switch
            {
                NotebookCellKind.Markdown => "// %% [markdown]\n",
                NotebookCellKind.Raw => "// %% [raw]\n",
                _ when cell.Tags.Count > 0 => $"// %% tags=[{string.Join(", ", cell.Tags.Select(t => $"\"{t.ReplaceLineEndings(" ")}\""))}]\n",
                _ => "// %%\n",
            });
            var isCode = cell.Kind == NotebookCellKind.Code;
            var magics = isCode ? CellSplitter.Split(cell.Source).Where(s => s.IsMagic).Select(s => s.Line).ToHashSet() : [];
            var lines = cell.Source.ReplaceLineEndings("\n").Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                script.Append(isCode && !magics.Contains(i + 1) ? lines[i] : $"// {lines[i]}".TrimEnd()).Append('\n');
            }
        }

        return script.ToString();
    }

    /// <summary>Writes a notebook as a script to a file, whole or not at all.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The .cs file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(NotebookDocument document, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, Export(document));
    }
}
