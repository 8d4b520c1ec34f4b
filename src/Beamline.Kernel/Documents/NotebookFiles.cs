namespace Beamline.Kernel;

/// <summary>Reads and writes notebooks by the kind of their file.</summary>
internal static class NotebookFiles
{
    /// <summary>Extensions of the files that can be read as a notebook.</summary>
    public static string[] Readable { get; } = [".ipynb", ".dib", ".cs", ".csx"];

    /// <exception cref="NotebookFormatException">The file is of another kind, or not what its name says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NotebookDocument Load(string path)
    {
        var text = File.ReadAllText(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".dib" => DibFormat.Read(text, path),
            ".cs" => CSharpFileReader.Read(text, isScript: false),
            ".csx" => CSharpFileReader.Read(text, isScript: true),
            _ => NotebookReader.Read(text, path),
        };
    }
}
