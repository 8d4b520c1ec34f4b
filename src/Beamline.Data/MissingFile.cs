namespace Beamline.Data;

/// <summary>Says that a file is not there, where it was looked for and what is there instead.</summary>
internal static class MissingFile
{
    internal static DataFormatException Error(string path, Exception? inner = null)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full);
        if (folder is null || !Directory.Exists(folder))
        {
            return new DataFormatException(path, $"there is no folder {folder}.", null, inner);
        }

        var names = Directory.EnumerateFileSystemEntries(folder).Take(1000).Select(e => Path.GetFileName(e)!).ToList();
        var hint = Nearest.DidYouMean(Path.GetFileName(full), names);
        return new DataFormatException(path, $"there is no such file in {folder}.{hint}", null, inner);
    }
}
