namespace Beamline.Data.Writing;

/// <summary>
/// A file or folder that appears under its name only when it is complete. Until <see cref="Commit"/> it has a temporary name
/// in the same folder; disposing without it removes what was written.
/// </summary>
internal sealed class AtomicPath : IDisposable
{
    private readonly bool _isFolder;
    private bool _committed;

    internal AtomicPath(string path, bool isFolder = false)
    {
        _isFolder = isFolder;
        FinalPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(FinalPath) ?? throw new DataFormatException(path, "this is no name for a file.");
        if (!Directory.Exists(parent))
        {
            throw new DataFormatException(path, $"there is no folder {parent} to write into. Make it first: Directory.CreateDirectory(...).");
        }

        if (!isFolder && Directory.Exists(FinalPath))
        {
            throw new DataFormatException(path, $"{FinalPath} is a folder. Give a file name, or end the path with / to write one TIFF a slice.");
        }

        // The extension stays last: libraries choose by it.
        var mark = $".{Environment.ProcessId:x}-{Guid.NewGuid():N}"[..16];
        TemporaryPath = Path.Combine(parent, "." + Path.GetFileNameWithoutExtension(FinalPath) + mark + ".part" + Path.GetExtension(FinalPath));
    }

    internal string FinalPath { get; }

    internal string TemporaryPath { get; }

    /// <summary>Makes sure the bytes are on the disk and gives them their name.</summary>
    internal void Commit()
    {
        if (_isFolder)
        {
            Directory.Move(TemporaryPath, FinalPath);
        }
        else
        {
            using (var file = new FileStream(TemporaryPath, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(TemporaryPath, FinalPath, overwrite: true);
        }

        _committed = true;
    }

    public void Dispose()
    {
        if (_committed)
        {
            return;
        }

        if (_isFolder && Directory.Exists(TemporaryPath))
        {
            Directory.Delete(TemporaryPath, recursive: true);
        }
        else if (!_isFolder)
        {
            File.Delete(TemporaryPath);
        }
    }
}
