using System.Text;

namespace Beamline.Kernel;

/// <summary>
/// A file beside the connection file that says which cell runs. A process that dies of a stack overflow or is killed can tell
/// nobody; the front end then starts another kernel with the same connection file, and that one finds the note.
/// </summary>
internal sealed class CrashNote(string? connectionFile) : IDisposable
{
    private const int MostQuoted = 80;

    private readonly string? _path = connectionFile is null ? null : connectionFile + ".running";
    private FileStream? _file;
    private bool _isOpened;

    /// <summary>Notes a cell that begins.</summary>
    /// <returns>What to tell the user of the kernel before this one, once; null when that had ended well.</returns>
    public string? Begin(string cell, string code)
    {
        var before = _isOpened ? null : Open();
        var line = code.AsSpan().TrimStart();
        line = line[..(line.IndexOfAny('\r', '\n') is var end and >= 0 ? end : line.Length)];
        Write($"{cell} ({(line.Length > MostQuoted ? $"{line[..MostQuoted]}..." : line)})");
        return before is null ? null
            : $"The kernel before this one ended without a word while it ran {before}. Such an end comes of a stack overflow or a crash in native " +
            "code, of memory that was used up, or from outside; Jupyter's own log may say more. All variables are gone: run the cells above again.";
    }

    /// <summary>The cell has ended.</summary>
    public void End() => Write("");

    /// <summary>The kernel ends as it should.</summary>
    public void Dispose()
    {
        if (_file is { } file)
        {
            _file = null;
            file.Dispose();
            try
            {
                File.Delete(_path!);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Empty already: it says nothing.
            }
        }
    }

    private string? Open()
    {
        _isOpened = true;
        try
        {
            if (_path is null)
            {
                return null;
            }

            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                // It quotes code.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(_path, options);
            var text = new byte[Math.Min(_file.Length, 4 * MostQuoted)];
            _file.ReadExactly(text);
            return text.Length == 0 ? null : Encoding.UTF8.GetString(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without the note the next kernel says nothing, which is no reason to fail.
            return null;
        }
    }

    private void Write(string text)
    {
        try
        {
            // No flush to the disk: what is written outlives the process, and the machine is not in question.
            _file?.SetLength(0);
            if (text.Length > 0)
            {
                _file?.Seek(0, SeekOrigin.Begin);
                _file?.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A full disk must not fail a cell, and neither must a kernel that is being shut down.
        }
    }
}
