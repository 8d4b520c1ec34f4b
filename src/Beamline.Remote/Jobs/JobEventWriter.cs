using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Remote;

/// <summary>
/// Appends lines to display.jsonl. Each line is one write to a file that was opened for appending, so that lines of several processes
/// of a machine never mix. May be used from several threads.
/// </summary>
internal sealed class JobEventWriter : IDisposable
{
    private const int UserMay = 0x180; // 0600

    private readonly string _path;
    private readonly SafeFileHandle? _handle;
    private readonly Lock _gate = new();

    internal JobEventWriter(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _handle = Libc.Open(path, Libc.WriteOnly | Libc.Append | Libc.Create | Libc.NoFollow | Libc.CloseOnExec, UserMay);
        if (_handle.IsInvalid)
        {
            var error = Libc.LastError(path);
            _handle.Dispose();
            throw DiskErrors.Of(error, path, 0);
        }

        EndBrokenLine();
    }

    /// <summary>Appends a line.</summary>
    /// <exception cref="EndpointException">The disk is full.</exception>
    public void Append(JobEvent line)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(line, JobJson.Options);
        Array.Resize(ref json, json.Length + 1);
        json[^1] = (byte)'\n';
        Write(json);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_handle is null)
            {
                using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, 0);
                file.Write(bytes);
                return;
            }

            // A second round happens when a disk fills up in the middle of a line, and then it fails.
            for (var rest = bytes; !rest.IsEmpty;)
            {
                var written = Libc.Write(_handle, rest, rest.Length);
                if (written >= 0)
                {
                    rest = rest[(int)written..];
                    continue;
                }

                var error = Libc.LastError(_path);
                if (error.HResult != Libc.Interrupted)
                {
                    throw DiskErrors.Of(error, _path, bytes.Length);
                }
            }
        }
    }

    /// <summary>A worker that was killed while it wrote left half a line; the next line must not become its other half.</summary>
    private void EndBrokenLine()
    {
        using var reading = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        if (reading.Length > 0)
        {
            reading.Seek(-1, SeekOrigin.End);
            if (reading.ReadByte() != '\n')
            {
                Write("\n"u8);
            }
        }
    }
}
