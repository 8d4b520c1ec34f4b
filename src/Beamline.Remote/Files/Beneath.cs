using Microsoft.Win32.SafeHandles;

namespace Beamline.Remote;

/// <summary>
/// Opens files in a folder that a job's code can write to. Every step of the path is opened by itself without following links: whoever
/// changes a folder into a link at the right moment gains nothing.
/// </summary>
internal static class Beneath
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="folder">A folder that is trusted, by its path.</param>
    /// <param name="names">Names on the way down, the file's last; each is checked.</param>
    /// <exception cref="EndpointException">A name leaves the folder, or a link or something that is no file is on the way.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileStream OpenRead(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            JobNames.File(name);
        }

        var path = Path.Combine([folder, .. names]);
        var stream = OperatingSystem.IsWindows() ? OpenOnWindows(folder, names) : new FileStream(OpenHandle(folder, path, names), FileAccess.Read, 0);
        if (stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        throw new EndpointException($"{path} is no file but a pipe or a device: a job has no business making one there.");
    }

    /// <summary>All of a small file.</summary>
    /// <param name="limit">Most bytes that it may have.</param>
    /// <param name="folder">A folder that is trusted.</param>
    /// <param name="names">Names on the way down.</param>
    public static byte[] ReadAll(long limit, string folder, params ReadOnlySpan<string> names)
    {
        using var stream = OpenRead(folder, names);
        if (stream.Length > limit)
        {
            throw new EndpointException(
                $"{Path.Combine([folder, .. names])} has {ByteText.Of(stream.Length)}; more than {ByteText.Of(limit)} are not read.");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static SafeFileHandle OpenHandle(string folder, string path, ReadOnlySpan<string> names)
    {
        var common = Libc.CloseOnExec | Libc.NonBlocking;
        var handle = Checked(Libc.Open(folder, common | Libc.Folder, 0), folder);
        for (var i = 0; i < names.Length; i++)
        {
            var isLast = i == names.Length - 1;
            using var above = handle;
            handle = Checked(Libc.OpenAt(above, names[i], common | Libc.NoFollow | (isLast ? 0 : Libc.Folder), 0), path);
        }

        return handle;
    }

    private static SafeFileHandle Checked(SafeFileHandle handle, string path)
    {
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Libc.LastError(path);
        handle.Dispose();
        // ELOOP for a link in the last place, ENOTDIR for one on the way; ENXIO for a socket.
        throw error.HResult is 40 or 62 or 20 or 6
            ? new EndpointException($"{path} is a symbolic link, or leads over one. Files of jobs are not read through links.", error)
            : error;
    }

    private static FileStream OpenOnWindows(string folder, ReadOnlySpan<string> names)
    {
        var path = folder;
        foreach (var name in names)
        {
            path = Path.Combine(path, name);
            if (Path.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
            {
                throw new EndpointException($"{path} is a symbolic link. Files of jobs are not read through links.");
            }
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
    }
}
