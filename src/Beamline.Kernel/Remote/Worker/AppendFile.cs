using Beamline.Remote;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Kernel;

/// <summary>
/// A file of text that several processes append to at the same time: each write goes to its end as a whole. FileMode.Append of .NET
/// only begins at the end, so that two processes write over each other.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private const int UserMay = 0x180; // 0600

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly FileStream? _stream;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public AppendFile(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
            Handle = _stream.SafeFileHandle;
            return;
        }

        Handle = Libc.Open(path, Libc.WriteOnly | Libc.Append | Libc.Create | Libc.NoFollow | Libc.CloseOnExec, UserMay);
        if (Handle.IsInvalid)
        {
            throw Libc.LastError(path);
        }
    }

    /// <summary>The handle, for the standard streams of the process.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">They could not be written, for instance because the disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_stream is not null)
            {
                _stream.Write(bytes);
                return;
            }

            while (!bytes.IsEmpty)
            {
                var written = Libc.Write(Handle, bytes, bytes.Length);
                if (written >= 0)
                {
                    bytes = bytes[(int)written..];
                }
                else if (Libc.LastError(_path) is var error && error.HResult != Libc.Interrupted)
                {
                    throw error;
                }
            }
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        Handle.Dispose();
    }
}
