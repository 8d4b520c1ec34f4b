using System.Text;
using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Appends what a job shows to display.jsonl, and its text to the files stdout and stderr. Any thread may write.</summary>
internal sealed class JobEventLog : IDisposable
{
    /// <summary>Bytes of displays that a process of a job keeps.</summary>
    public const long DefaultLimit = 512L << 20;

    private readonly AppendFile _events;
    private readonly AppendFile _output;
    private readonly AppendFile _error;
    private readonly int _rank;
    private readonly long _limit;
    private long _written;
    private bool _isFull;

    public JobEventLog(JobLayout layout, int rank, long limit = DefaultLimit)
    {
        (_rank, _limit) = (rank, limit);
        var suffix = rank == 0 ? "" : $".{rank}";
        _events = new AppendFile(layout.Events);
        _output = new AppendFile(layout.StandardOutput + suffix);
        _error = new AppendFile(layout.StandardError + suffix);
    }

    public AppendFile Output => _output;

    public AppendFile Error => _error;

    /// <summary>Text of a stream: an event, and a piece of its file.</summary>
    public void Text(string name, string text, int? item)
    {
        (name == "stderr" ? _error : _output).Write(Encoding.UTF8.GetBytes(text));
        Write(new JobEvent("stream") { Name = name, Text = text, Item = item });
    }

    /// <summary>Appends one line.</summary>
    public void Write(JobEvent made)
    {
        if (_isFull && IsLarge(made))
        {
            return;
        }

        using var line = new MemoryStream();
        JsonSerializer.Serialize(line, made with { Time = Now(), Rank = _rank }, JobJson.Options);
        line.WriteByte((byte)'\n');

        // What a cell prints was cut before it came here. Results of items are what the job is for.
        if (IsLarge(made) && Interlocked.Add(ref _written, line.Length) > _limit)
        {
            _isFull = true;
            Text("stderr", $"\n[The cell has shown more than {_limit >> 20} MiB: further displays are left out. Save what is to be kept to files.]\n", null);
            return;
        }

        _events.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
    }

    public void Dispose()
    {
        _events.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private static bool IsLarge(JobEvent made) => made.Kind is "display" or "update" or "progress" or "clear";

    private static double Now() => Math.Round((DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds, 6);
}
