using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Kernel;

/// <summary>
/// A file that several processes append to at the same time: each write goes to its end as a whole. FileMode.Append of .NET only
/// begins at the end, so that two processes write over each other.
/// </summary>
internal sealed partial class AppendFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _handle;
    private readonly FileStream? _stream;

    public AppendFile(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
            _handle = _stream.SafeFileHandle;
            return;
        }

        // O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
        var flags = OperatingSystem.IsMacOS() ? 0x1 | 0x200 | 0x8 | 0x1000000 : 0x1 | 0x40 | 0x400 | 0x80000;
        var descriptor = Open(path, flags, 0b110_000_000);
        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be written: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The handle, for the standard streams of the process.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Appends bytes in one piece.</summary>
    /// <exception cref="IOException">They could not be written, for instance because the disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_stream is not null)
            {
                _stream.Write(bytes);
                _stream.Flush();
                return;
            }

            while (!bytes.IsEmpty)
            {
                var written = Write(_handle, bytes, bytes.Length);
                if (written < 0)
                {
                    const int Interrupted = 4;
                    if (Marshal.GetLastPInvokeError() == Interrupted)
                    {
                        continue;
                    }

                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                }

                bytes = bytes[(int)written..];
            }
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _handle.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);
}
