using System.Globalization;
using System.Text;

namespace Beamline.Remote;

/// <summary>
/// Remembers which jobs were seen, until they have expired anyhow: a file that is only appended to, one line for each, and written anew
/// without the expired ones when it is opened. One process uses a book at a time.
/// </summary>
internal sealed class NonceBook : IDisposable
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private FileStream? _file;
    private int _sinceClean;

    private NonceBook(string path, TimeProvider time, FileStream held) => (_path, _time, _lock) = (path, time, held);

    /// <summary>Number of nonces that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _seen.Count;
            }
        }
    }

    /// <summary>Opens a book, or begins one.</summary>
    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <param name="time">The clock; null for the machine's.</param>
    /// <exception cref="EndpointException">Another process uses it, or it cannot be written.</exception>
    public static NonceBook Open(string path, TimeProvider? time = null)
    {
        path = Path.GetFullPath(path);
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        FileStream? held = null;
        try
        {
            held = PrivateLock.Open(path + ".lock");
            var book = new NonceBook(path, time ?? TimeProvider.System, held);
            book.Read();
            book.Rewrite();
            return book;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new EndpointException($"The book of jobs that were seen, {path}, cannot be used: {e.Message} Does another endpoint use the same folder?", e);
        }
    }

    /// <summary>Adds a nonce. It is on the disk before this returns, so that a restart does not forget it.</summary>
    /// <param name="keyId">Whose it is: others may use the same one.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="forget">When it may be forgotten.</param>
    /// <returns>False when it was there.</returns>
    /// <exception cref="EndpointException">It cannot be written; then nothing may be accepted.</exception>
    public bool Add(string keyId, string nonce, DateTimeOffset forget)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_file is null, this);
            var name = $"{keyId}:{nonce}";
            if (_seen.ContainsKey(name))
            {
                return false;
            }

            try
            {
                if (++_sinceClean > 10_000)
                {
                    Rewrite();
                }

                // One second more than asked for: the file has whole seconds.
                var second = forget.ToUnixTimeSeconds() + 1;
                _file.Write(Line(name, second));
                _file.Flush(flushToDisk: true);
                _seen.Add(name, second);
                return true;
            }
            catch (IOException e)
            {
                throw DiskErrors.Of(e, _path, 200);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            _lock.Dispose();
        }
    }

    private static byte[] Line(string name, long second) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{second} {name}\n"));

    private void Read()
    {
        if (!File.Exists(_path))
        {
            return;
        }

        foreach (var line in File.ReadLines(_path))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            // The last line may be half one: its job was not accepted, because the writing did not end.
            if (blank > 0 && long.TryParse(line.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var second))
            {
                _seen[line[(blank + 1)..]] = second;
            }
        }
    }

    private void Rewrite()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var name in _seen.Where(s => s.Value < now).Select(s => s.Key).ToList())
        {
            _seen.Remove(name);
        }

        using var text = new MemoryStream();
        foreach (var (name, second) in _seen)
        {
            text.Write(Line(name, second));
        }

        PrivateFile.Replace(_path, text.GetBuffer().AsSpan(0, (int)text.Length), isDurable: true);
        _file?.Dispose();
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);
        _sinceClean = 0;
    }
}
