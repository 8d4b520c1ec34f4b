namespace Beamline.Compute;

/// <summary>Files that are either written whole or not at all.</summary>
internal static class AtomicFile
{
    public static void WriteText(string path, string text) =>
        WriteBytes(path, new System.Text.UTF8Encoding(false).GetBytes(text));

    public static void WriteBytes(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes sure that files can be made in a folder.</summary>
    /// <exception cref="IOException">They cannot, or the folder does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not.</exception>
    public static void EnsureWritable(string folder)
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }
}
