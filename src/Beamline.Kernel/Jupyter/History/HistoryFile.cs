using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>
/// The inputs of all sessions of a user, one line of JSON each: appended only, so that several kernels can share it.
/// What cannot be read or written is left out: a history is a convenience and never ends a kernel.
/// </summary>
internal sealed class HistoryFile(string path, long mostBytes = HistoryFile.DefaultBytes) : IDisposable
{
    public const long DefaultBytes = 8 << 20;

    private const int LongestInput = 100_000;
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _stream;

    /// <summary>
    /// The file of this user, or null when BEAMLINE_HISTORY is "off"; that variable can also name another file.
    /// </summary>
    public static HistoryFile? OfUser()
    {
        var set = Environment.GetEnvironmentVariable("BEAMLINE_HISTORY");
        if (set == "off")
        {
            return null;
        }

        if (set is { Length: > 0 })
        {
            return new HistoryFile(Path.GetFullPath(set));
        }

        // LocalApplicationData is XDG_DATA_HOME or ~/.local/share on Linux.
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : new HistoryFile(Path.Combine(data, "beamline", "history.jsonl"));
    }

    /// <summary>Reads what there is and begins a session.</summary>
    /// <returns>The number of the new session, and the entries of the ones before.</returns>
    public (int Session, IReadOnlyList<HistoryEntry> Before) Open()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var mine = LockFile();
            var before = Read();
            Shorten(before);
            _stream = OpenStream(path, FileMode.Append);
            var session = before.Select(e => e.Session).DefaultIfEmpty(0).Max() + 1;

            // Takes the number, also before the first cell, from kernels that start now.
            Write(new HistoryEntry(session, 0, "", null));
            return (session, [.. before.Where(e => e.Line > 0)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The history of cells is not kept: {exception.Message}");
            return (1, []);
        }
    }

    public void Append(HistoryEntry entry)
    {
        if (_stream is null || entry.Input.Length > LongestInput)
        {
            return;
        }

        try
        {
            // .NET appends at the end that it knew: without the lock kernels would write over each other's lines.
            using var mine = LockFile();
            _stream.Seek(0, SeekOrigin.End);
            Write(entry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _stream = null;
        }
    }

    private void Write(HistoryEntry entry)
    {
        var json = new JsonObject { ["session"] = entry.Session, ["line"] = entry.Line, ["input"] = entry.Input };
        if (entry.Output is not null)
        {
            json["output"] = entry.Output;
        }

        // One write of a whole line: a process that is killed leaves no half of one.
        _stream!.Write(Encoding.UTF8.GetBytes(json.ToJsonString() + "\n"));
        _stream.Flush();
    }

    public void Dispose() => _stream?.Dispose();

    private List<HistoryEntry> Read()
    {
        var entries = new Dictionary<(int, int), HistoryEntry>();
        if (File.Exists(path))
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (reader.ReadLine() is { } line)
            {
                // The line with the output comes after that of the input and takes its place.
                if (Parse(line) is { } entry)
                {
                    entries[(entry.Session, entry.Line)] = entry;
                }
            }
        }

        return [.. entries.Values];
    }

    private static HistoryEntry? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject json
                ? new HistoryEntry((int)json["session"]!, (int)json["line"]!, (string?)json["input"] ?? "", (string?)json["output"])
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException
            or NullReferenceException or ArgumentException)
        {
            // Half a line of a process that was killed.
            return null;
        }
    }

    // Keeps the newer half when the file has grown too long.
    private void Shorten(List<HistoryEntry> entries)
    {
        if (!File.Exists(path) || new FileInfo(path).Length <= mostBytes)
        {
            return;
        }

        var kept = new List<HistoryEntry>();
        long bytes = 0;
        for (var i = entries.Count - 1; i >= 0 && bytes < mostBytes / 2; i--)
        {
            bytes += 64 + (2 * (entries[i].Input.Length + (entries[i].Output?.Length ?? 0)));
            kept.Insert(0, entries[i]);
        }

        var shorter = path + ".new";
        File.Delete(shorter);
        using (_stream = OpenStream(shorter, FileMode.CreateNew))
        {
            kept.ForEach(Write);
        }

        _stream = null;
        File.Move(shorter, path, overwrite: true);
        entries.Clear();
        entries.AddRange(kept);
    }

    private FileStream LockFile()
    {
        // A lock of another process gives no sign when it is freed.
        using var pause = new ManualResetEventSlim();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return OpenStream(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (tries < 100)
            {
                // Another kernel starts in this moment.
                pause.Wait(20);
            }
        }
    }

    private static FileStream OpenStream(string file, FileMode mode, FileShare share = FileShare.ReadWrite | FileShare.Delete)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OnlyUser;
        }

        var stream = new FileStream(file, options);
        if (!OperatingSystem.IsWindows())
        {
            // An older file may have been made by hand, readable for all.
            File.SetUnixFileMode(stream.SafeFileHandle, OnlyUser);
        }

        return stream;
    }
}
