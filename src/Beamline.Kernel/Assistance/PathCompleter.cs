namespace Beamline.Kernel;

/// <summary>Files and folders for a path that is being typed; relative ones from the working folder.</summary>
internal static class PathCompleter
{
    private const int MostListed = 500;

    /// <summary>What may stand after the last slash of a path.</summary>
    /// <param name="typed">The path as far as it is typed.</param>
    /// <param name="extensions">The kinds of files wanted, with their dots; all when none are given. Folders always are.</param>
    /// <returns>Names; those of folders end with /. Nothing when the folder does not exist or cannot be read.</returns>
    public static IReadOnlyList<(string Name, bool IsFolder, long Size)> Names(string typed, params string[] extensions)
    {
        var start = NameStart(typed);
        var (folder, prefix) = (typed[..start], typed[start..]);
        if (typed.Contains('\0', StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            var directory = new DirectoryInfo(Path.Combine(Directory.GetCurrentDirectory(), folder));
            return [.. directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true })
                .Where(entry => entry.Name.StartsWith(prefix, Comparison))
                .Where(entry => prefix.StartsWith('.') || !entry.Name.StartsWith('.'))
                .Where(entry => entry is DirectoryInfo || extensions.Length == 0 ||
                    extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                .Take(MostListed)
                .Select(entry => entry is FileInfo file ? (file.Name, false, SizeOf(file)) : (entry.Name + "/", true, 0))
                .OrderBy(entry => entry.Item1, StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException or System.Security.SecurityException)
        {
            return [];
        }
    }

    /// <summary>Where the name behind the last slash starts.</summary>
    public static int NameStart(string typed) =>
        (OperatingSystem.IsWindows() ? typed.LastIndexOfAny(['/', '\\']) : typed.LastIndexOf('/')) + 1;

    public static string Describe(bool isFolder, long size) =>
        isFolder ? "folder"
        : size < 10_000 ? $"{size} B"
        : size < 10_000_000 ? $"{size / 1e3:0} kB"
        : size < 10_000_000_000 ? $"{size / 1e6:0} MB"
        : $"{size / 1e9:0} GB";

    private static StringComparison Comparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            // A link to nowhere.
            return 0;
        }
    }
}
