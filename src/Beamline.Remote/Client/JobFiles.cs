using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Beamline.Remote;

/// <summary>The files of one job at its sender: jobs/N.</summary>
internal sealed class JobFiles(string folder)
{
    private readonly Lock _gate = new();

    public string Folder => folder;

    /// <summary>Results that were fetched.</summary>
    public string Results => Path.Combine(folder, "out");

    private string RecordPath => Path.Combine(folder, "job-record.json");

    private string EventsPath => Path.Combine(folder, "events.jsonl");

    private string OutputsPath => Path.Combine(folder, "outputs.json");

    private string FollowerPath => Path.Combine(folder, "follower");

    private string LockPath => Path.Combine(folder, "follow.lock");

    /// <summary>The record; null when there is none, as for a job that is just being removed.</summary>
    public JobRecord? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<JobRecord>(File.ReadAllBytes(RecordPath), JobJson.Options);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public void Write(JobRecord record)
    {
        lock (_gate)
        {
            PrivateFile.Replace(RecordPath, JsonSerializer.SerializeToUtf8Bytes(record, JobJson.Options));
        }
    }

    /// <summary>Keeps what was sent, word for word.</summary>
    public void Write(SignedJob job)
    {
        PrivateFile.Replace(Path.Combine(folder, "job.json"), job.Json);
        PrivateFile.Replace(Path.Combine(folder, "job.sig"), JsonSerializer.SerializeToUtf8Bytes(job.Signature, JobJson.Options));
    }

    /// <summary>Becomes the one that follows the job and keeps its output; null when another does. The lock goes away with its process.</summary>
    public FileStream? TryFollow()
    {
        try
        {
            var held = PrivateLock.Open(LockPath);
            PrivateFile.Replace(FollowerPath, Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return held;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The process that follows the job, or did last; null when it is not known.</summary>
    public int? Follower() =>
        File.Exists(FollowerPath) && int.TryParse(File.ReadAllText(FollowerPath), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The results as the endpoint listed them; null when it was not asked yet.</summary>
    public IReadOnlyList<JobValue>? Outputs()
    {
        try
        {
            return File.Exists(OutputsPath) ? JsonSerializer.Deserialize<JobValue[]>(File.ReadAllBytes(OutputsPath), JobJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(IReadOnlyList<JobValue> outputs) => PrivateFile.Replace(OutputsPath, JsonSerializer.SerializeToUtf8Bytes(outputs, JobJson.Options));

    /// <summary>Adds output to what is kept. One line for each batch, with the offset of what comes next.</summary>
    public void Keep(JobEvents events)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new KeptEvents(events.Events, events.Next), JobJson.Options);
        if (!File.Exists(EventsPath))
        {
            PrivateFile.Create(EventsPath).Dispose();
        }

        using var stream = new FileStream(EventsPath, FileMode.Append, FileAccess.Write, FileShare.Read);
        stream.Write([.. line, (byte)'\n']);
    }

    /// <summary>The output that was kept, and the offset behind it. A line that was cut off when its process died is dropped.</summary>
    public (IReadOnlyList<JobEvent> Events, long Next) Kept()
    {
        if (!File.Exists(EventsPath))
        {
            return ([], 0);
        }

        var events = new List<JobEvent>();
        var next = 0L;
        using var stream = new FileStream(EventsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            try
            {
                if (JsonSerializer.Deserialize<KeptEvents>(line, JobJson.Options) is { } kept && kept.Next >= next)
                {
                    events.AddRange(kept.Events ?? []);
                    next = kept.Next;
                }
            }
            catch (JsonException)
            {
                break;
            }
        }

        return (events, next);
    }

    /// <summary>Drops a line that was cut off, so that new ones can follow. Only for who has <see cref="TryFollow"/>.</summary>
    public void Mend()
    {
        if (!File.Exists(EventsPath))
        {
            return;
        }

        using var stream = new FileStream(EventsPath, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var end = stream.Length;
        var block = new byte[4096];
        while (end > 0)
        {
            var from = Math.Max(0, end - block.Length);
            stream.Position = from;
            stream.ReadExactly(block, 0, (int)(end - from));
            var at = block.AsSpan(0, (int)(end - from)).LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                stream.SetLength(from + at + 1);
                return;
            }

            end = from;
        }

        stream.SetLength(0);
    }

    private sealed record KeptEvents(IReadOnlyList<JobEvent> Events, long Next);
}
