namespace Beamline.Remote;

/// <summary>Files that are held by one process at a time; the system lets go of them when it ends, however that is.</summary>
internal static class PrivateLock
{
    private const int MostWaits = 500;

    /// <summary>Waits for up to ten seconds.</summary>
    /// <exception cref="EndpointException">Another holds it for long, or it cannot be made.</exception>
    public static FileStream Wait(string path)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                return Open(path);
            }
            catch (IOException) when (waited < MostWaits && Directory.Exists(Path.GetDirectoryName(path)))
            {
                Task.Delay(20).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DiskErrors.Of(e, path, 300);
            }
        }
    }

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
