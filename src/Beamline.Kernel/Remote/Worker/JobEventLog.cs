using System.Text;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Appends what a job shows to display.jsonl, and its text to the files stdout and stderr. Any thread may write.</summary>
internal sealed class JobEventLog : IDisposable
{
    /// <summary>Bytes of display.jsonl beyond which no more displays are kept.</summary>
    public const long DefaultLimit = 512L << 20;

    private readonly JobEventWriter _events;
    private readonly string _path;
    private readonly int _rank;
    private readonly long _limit;
    private volatile bool _isFull;

    /// <param name="folder">The job.</param>
    /// <param name="rank">Which of its processes this is: all but the first have files stdout and stderr of their own.</param>
    /// <param name="limit">Bytes that displays may fill.</param>
    public JobEventLog(JobFolder folder, int rank, long limit = DefaultLimit)
    {
        (_path, _rank, _limit) = (folder.Layout.Events, rank, limit);
        var suffix = rank == 0 ? "" : $".{rank}";
        _events = folder.OpenEvents();
        Output = new AppendFile(folder.Layout.StandardOutput + suffix);
        Error = new AppendFile(folder.Layout.StandardError + suffix);
    }

    public AppendFile Output { get; }

    public AppendFile Error { get; }

    /// <summary>Text of a stream: an event, and a piece of its file.</summary>
    public void Text(string name, string text, int? item)
    {
        (name == "stderr" ? Error : Output).Write(Encoding.UTF8.GetBytes(text));
        Write(new JobEvent("stream") { Name = name, Text = text, Item = item });
    }

    /// <summary>Appends one line.</summary>
    /// <exception cref="EndpointException">The disk is full.</exception>
    public void Write(JobEvent made)
    {
        // What a cell prints was cut before it came here. Results of items are what the job is for.
        if (made.Kind is "display" or "update" or "progress" or "clear" && IsFull(made.Item))
        {
            return;
        }

        _events.Append(made with { Time = Now(), Rank = _rank });
    }

    public void Dispose()
    {
        _events.Dispose();
        Output.Dispose();
        Error.Dispose();
    }

    private bool IsFull(int? item)
    {
        if (_isFull || new FileInfo(_path).Length < _limit)
        {
            return _isFull;
        }

        _isFull = true;
        Text("stderr", $"\n[The job has shown more than {ByteText.Of(_limit)}: further displays are left out. Save what is to be kept to files.]\n", item);
        return true;
    }

    private static double Now() => Math.Round((DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds, 6);
}
