using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Turns notebooks of one kind of file into another.</summary>
public static class NotebookConverter
{
    /// <summary>Converts a file; the kinds are told by the names: .ipynb, .dib, .cs and (to read) .csx.</summary>
    /// <param name="from">The file to read.</param>
    /// <param name="to">The file to write.</param>
    /// <param name="extensions">What cells can use beside C#; their magic commands become the C# that they stand for.</param>
    /// <returns>What could not be carried over, one line each.</returns>
    /// <exception cref="NotebookFormatException">A file is of a kind that cannot be read or written, or not what its name says.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<string> Convert(string from, string to, IReadOnlyList<INotebookExtension> extensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentNullException.ThrowIfNull(extensions);
        Check(from, NotebookFiles.Readable, "read");
        Check(to, [".ipynb", ".dib", ".cs"], "written");
        if (!File.Exists(from))
        {
            throw new FileNotFoundException($"There is no file {from}.{NearFile.Suggest(from, Directory.GetCurrentDirectory(), NotebookFiles.Readable)}");
        }

        var document = NotebookDocument.Load(from);
        switch (Path.GetExtension(to).ToLowerInvariant())
        {
            case ".ipynb":
                KernelMetadata.Complete(document);
                document.Save(to);
                return [];
            case ".dib":
                AtomicFile.WriteText(to, DibFormat.Write(document));
                return Lost(document);
            default:
                document.EnsureCSharpKernel(Path.GetFileName(from));
                using (var kernel = new NotebookKernel(extensions))
                {
                    var program = new CSharpFileWriter(document, kernel).Write();
                    AtomicFile.WriteText(to, program.Text);
                    return program.Warnings;
                }
        }
    }

    private static void Check(string path, string[] kinds, string verb)
    {
        if (!kinds.Contains(Path.GetExtension(path).ToLowerInvariant()))
        {
            throw new NotebookFormatException($"{path} cannot be {verb}: it must end in {string.Join(", ", kinds[..^1])} or {kinds[^1]}.");
        }
    }

    private static string[] Lost(NotebookDocument document)
    {
        var outputs = document.Cells.Count(c => c.Outputs.Count > 0);
        var tags = document.Cells.Count(c => c.Tags.Count > 0);
        return (outputs, tags) is (0, 0) ? [] : [$".dib keeps no outputs and no tags: those of {outputs} and {tags} cells were left out."];
    }
}
