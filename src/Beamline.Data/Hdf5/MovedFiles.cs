namespace Beamline.Data.Hdf5;

/// <summary>
/// Finds the file of an external link that has moved together with its master: files of facilities link to absolute paths
/// (/dls/i13/data/...) that do not exist elsewhere. Looked for by its name, beside the master and in the folders there.
/// </summary>
internal static class MovedFiles
{
    private const int MostFolders = 100;

    /// <summary>Where the file is now; null when it is not found, or not where it could be meant.</summary>
    internal static string? Find(string masterPath, string linkedPath)
    {
        // Paths of Windows have another separator.
        var name = linkedPath[(linkedPath.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length == 0 || Path.GetDirectoryName(masterPath) is not { } folder || !Directory.Exists(folder))
        {
            return null;
        }

        var below = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Take(MostFolders);
        return below.Prepend(folder).Select(f => Path.Combine(f, name)).FirstOrDefault(f => File.Exists(f) && f != masterPath);
    }
}
