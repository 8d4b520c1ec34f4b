namespace Beamline.Remote;

/// <summary>Files and folders that only their user may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder with mode 0700, or closes to others one that exists; those above it are made the same way.</summary>
    /// <exception cref="EndpointException">It cannot be made, or it is a link.</exception>
    public static void CreateFolder(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return;
            }

            var folder = Directory.CreateDirectory(path, OfFolder);
            if (folder.LinkTarget is not null)
            {
                throw new EndpointException($"{path} is a symbolic link: a folder of jobs must be a folder. Remove the link, or set BEAMLINE_HOME to the real path.");
            }

            // The mask of the process, or an earlier hand, may have left it open.
            if (folder.UnixFileMode != OfFolder)
            {
                folder.UnixFileMode = OfFolder;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"The folder {path} cannot be used: {e.Message} Set BEAMLINE_HOME to a folder of your own.", e);
        }
    }

    /// <summary>Makes a new file with mode 0600 for writing. There must be none of that name, not even a link.</summary>
    public static FileStream Create(string path, int bufferBytes = 4096)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = bufferBytes,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OfFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes a file as a whole: under another name first, so that nobody sees a part of it. A link of that name is replaced, not followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="isDurable">Whether it must be on the disk before this returns.</param>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, bool isDurable = false)
    {
        var part = TemporaryName(path);
        try
        {
            using (var file = Create(part, 0))
            {
                file.Write(bytes);
                file.Flush(isDurable);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>A name beside a file that no other process uses. It starts with a dot, which no file that jobs may name does.</summary>
    public static string TemporaryName(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
}
