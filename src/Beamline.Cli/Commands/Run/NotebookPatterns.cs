namespace Beamline.Cli.Commands;

/// <summary>Notebooks named by patterns: for shells that do not know them, and for ** in those that do.</summary>
internal static class NotebookPatterns
{
    /// <summary>The notebooks, in order and each once; a pattern that finds none is kept, and is told as a file that is not there.</summary>
    internal static IReadOnlyList<string> Expand(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path => File.Exists(path) || !path.AsSpan().ContainsAny('*', '?') ? [path] : Found(path)).Distinct()];

    private static string[] Found(string pattern)
    {
        var (folder, name) = (Path.GetDirectoryName(pattern) ?? "", Path.GetFileName(pattern));
        var deep = Path.GetFileName(folder) == "**";
        if (deep)
        {
            folder = Path.GetDirectoryName(folder) ?? "";
        }

        var root = folder.Length == 0 ? "." : folder;
        if (name.Length == 0 || !Directory.Exists(root))
        {
            return [pattern];
        }

        // What earlier runs and editors left behind is not meant.
        string[] found =
        [
            .. Directory.EnumerateFiles(root, name, deep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
                .Where(f => !f.EndsWith(".executed.ipynb", StringComparison.Ordinal) && !f.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
                .Select(f => folder.Length == 0 ? Path.GetRelativePath(".", f) : f)
                .Order(StringComparer.Ordinal),
        ];
        return found.Length == 0 ? [pattern] : found;
    }
}
