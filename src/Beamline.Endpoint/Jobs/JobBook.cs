using System.Collections.Concurrent;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>All jobs of the service: in memory, and as files that a later service reads.</summary>
internal sealed class JobBook
{
    /// <summary>Ends the name of a folder that is being removed.</summary>
    private const string Away = ".pruned";

    private readonly ConcurrentDictionary<string, JobEntry> _jobs = new();
    private readonly ConcurrentDictionary<string, JobEntry> _unsaved = new();
    private readonly string _records;
    private readonly string _folder;

    public JobBook(ServiceFolder folder)
    {
        _folder = folder.Jobs;
        _records = Path.Combine(folder.Path, "records");
        PrivateFile.CreateFolder(_folder);
        PrivateFile.CreateFolder(_records);
    }

    public IEnumerable<JobEntry> All => _jobs.Values;

    public JobEntry? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Keeps a new job: its record first, so that a job never lies there without its owner.</summary>
    /// <exception cref="EndpointException">The disk is full.</exception>
    public JobEntry Create(string id, SignedJob signed, JobRecord record)
    {
        SaveRecord(id, record);
        JobFolder? folder = null;
        try
        {
            folder = JobFolder.Create(_folder, id, signed);
            var entry = new JobEntry(folder, record, new JobStatus(JobState.Queued) { Message = record.Note });
            folder.WriteStatus(entry.Status);
            _jobs[id] = entry;
            return entry;
        }
        catch
        {
            // Its sender is told that it was not taken: no later service may find and run it.
            folder?.Delete();
            File.Delete(PathOf(id));
            throw;
        }
    }

    /// <summary>
    /// Forgets a job that has ended, and removes its files: first out of the way at once, because a folder that has lost its state and not
    /// its job would be run again by a service that starts after a crash.
    /// </summary>
    public void Remove(JobEntry job)
    {
        _jobs.TryRemove(job.Id, out _);
        _unsaved.TryRemove(job.Id, out _);
        var away = Path.Combine(_folder, $".{job.Id}{Away}");
        if (Directory.Exists(job.Folder.Layout.Folder))
        {
            Directory.Move(job.Folder.Layout.Folder, away);
        }

        File.Delete(PathOf(job.Id));
        if (Directory.Exists(away))
        {
            Directory.Delete(away, recursive: true);
        }
    }

    /// <summary>Removes folders without a record and records without a folder, which no service would take up: something broke off there.</summary>
    /// <param name="age">How long nobody has touched them.</param>
    public void RemoveStrays(TimeSpan age)
    {
        var before = DateTime.UtcNow - age;
        foreach (var away in Directory.EnumerateDirectories(_folder, $".*{Away}"))
        {
            Directory.Delete(away, recursive: true);
        }

        foreach (var id in JobFolder.List(_folder).Where(id => !_jobs.ContainsKey(id) && !File.Exists(PathOf(id))))
        {
            if (JobFolder.Find(_folder, id) is { } folder && Directory.GetLastWriteTimeUtc(folder.Layout.Folder) < before)
            {
                folder.Delete();
            }
        }

        foreach (var record in new DirectoryInfo(_records).EnumerateFiles("*.json").Where(f => f.LastWriteTimeUtc < before))
        {
            var id = Path.GetFileNameWithoutExtension(record.Name);
            if (JobNames.IsHex(id, 32) && !Directory.Exists(Path.Combine(_folder, id)))
            {
                record.Delete();
            }
        }
    }

    public void Save(JobEntry job) => SaveRecord(job.Id, job.Record);

    /// <summary>Says how a job is, in memory and on the disk. A full disk makes it late there, not wrong.</summary>
    public void Say(JobEntry job, JobStatus status)
    {
        job.Status = status;
        Persist(job);
    }

    /// <summary>Whether a full disk kept something from being written.</summary>
    public bool HasLate => !_unsaved.IsEmpty;

    /// <summary>Writes what a full disk kept from being written.</summary>
    public void SaveLate()
    {
        foreach (var (id, job) in _unsaved)
        {
            _unsaved.TryRemove(id, out _);
            Persist(job);
        }
    }

    /// <summary>Reads the jobs of earlier services.</summary>
    /// <returns>Those that have not ended.</returns>
    public IReadOnlyList<JobEntry> Load()
    {
        var open = new List<JobEntry>();
        foreach (var id in JobFolder.List(_folder))
        {
            try
            {
                if (JobFolder.Find(_folder, id) is not { } folder || ReadRecord(id) is not { } record)
                {
                    continue;
                }

                var written = folder.ReadStatus() ?? new JobStatus(JobState.Queued);
                var status = record.Items is null ? written : record.End ?? new JobStatus(JobState.Queued) { Since = written.Since };
                var entry = new JobEntry(folder, record, WithRecord(status, record));
                _jobs[id] = entry;
                if (!status.IsFinal)
                {
                    open.Add(entry);
                }
            }
            catch (Exception e) when (e is EndpointException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"job {id}: {e.Message}");
            }
        }

        return [.. open.OrderBy(j => j.Record.Created).ThenBy(j => j.Id, StringComparer.Ordinal)];
    }

    /// <summary>What the worker wrote, with what only the service knows.</summary>
    public static JobStatus WithRecord(JobStatus status, JobRecord record) => status with
    {
        Attempt = Math.Max(record.Attempt, status.Attempt),
        Message = status.Message is null || record.Note is null || status.Message.Contains(record.Note, StringComparison.Ordinal)
            ? status.Message ?? record.Note
            : $"{status.Message} {record.Note}",
    };

    private void Persist(JobEntry job)
    {
        try
        {
            job.Folder.WriteStatus(job.Status);
        }
        catch (EndpointException e)
        {
            Console.Error.WriteLine($"job {job.Id}: {e.Message}");
            _unsaved[job.Id] = job;
        }
    }

    private JobRecord? ReadRecord(string id)
    {
        var path = PathOf(id);
        return File.Exists(path) ? JobJson.Read<JobRecord>(File.ReadAllBytes(path), path) : null;
    }

    private void SaveRecord(string id, JobRecord record)
    {
        try
        {
            PrivateFile.Replace(PathOf(id), JobJson.Write(record));
        }
        catch (IOException e)
        {
            throw DiskErrors.Of(e, PathOf(id), 1000);
        }
    }

    private string PathOf(string id) => Path.Combine(_records, JobNames.Id(id) + ".json");
}
