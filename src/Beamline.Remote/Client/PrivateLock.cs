namespace Beamline.Remote;

/// <summary>Files that are held by one process at a time; the system lets go of them when it ends, however that is.</summary>
internal static class PrivateLock
{
    /// <exception cref="IOException">Another holds it.</exception>
    public static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
