namespace Beamline.Data.Writing;

/// <summary>What happens when the disk is full or goes away.</summary>
internal static class OutputFailures
{
    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Closes a stream whose work is given up; that its last bytes do not fit on a full disk is no news then.</summary>
    internal static void CloseQuietly(IDisposable stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // The failure that matters was thrown by the write before.
        }
    }

    /// <summary>Names the file and what to do about a write that failed; null when the exception is about something else.</summary>
    internal static DataFormatException? Explain(string path, Exception exception)
    {
        var failure = exception;
        while (failure is not (IOException or UnauthorizedAccessException) && failure.InnerException is { } inner)
        {
            failure = inner;
        }

        if (failure is DataFormatException)
        {
            return null;
        }

        if (failure is UnauthorizedAccessException)
        {
            return new DataFormatException(path, $"no permission to write into {FolderOf(path)}.", null, exception);
        }

        if (failure is not IOException)
        {
            return null;
        }

        var full = failure.HResult is LinuxNoSpace or WindowsDiskFull or WindowsHandleDiskFull ||
            failure.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase) ||
            failure.Message.Contains("disk", StringComparison.OrdinalIgnoreCase) && failure.Message.Contains("full", StringComparison.OrdinalIgnoreCase);
        return new DataFormatException(
            path,
            full
                ? $"the disk of {FolderOf(path)} is full{Free(path)}. Nothing was kept of the unfinished file. Make room or write elsewhere."
                : $"writing failed: {failure.Message} Nothing was kept of the unfinished file.",
            null,
            exception);
    }

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path;

    private static string Free(string path)
    {
        try
        {
            return $" ({new DriveInfo(FolderOf(path)).AvailableFreeSpace / 1e6:N0} MB free)";
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Only decoration of a message.
            return "";
        }
    }
}
