namespace Beamline.Remote;

/// <summary>The folder of one job: what its sender, its service and its worker read and write there. Several processes may use it at the same time.</summary>
internal sealed class JobFolder
{
    private const long LargestStatus = 4 << 20;

    private JobFolder(string folder) => Layout = new JobLayout(folder);

    public JobLayout Layout { get; }

    /// <summary>The job's identifier, which is the name of the folder.</summary>
    public string Id => Path.GetFileName(Layout.Folder);

    /// <summary>Makes the folder of a job (0700) with job.json and job.sig.</summary>
    /// <param name="jobs">The folder of all jobs.</param>
    /// <param name="id">The job.</param>
    /// <param name="job">What was sent.</param>
    /// <exception cref="EndpointException">The identifier is none, there is such a job, or the folder cannot be written.</exception>
    public static JobFolder Create(string jobs, string id, SignedJob job)
    {
        PrivateFile.CreateFolder(jobs);
        var folder = Path.Combine(Path.GetFullPath(jobs), JobNames.Id(id));
        if (Path.Exists(folder))
        {
            throw new EndpointException($"There is a job {id} already.");
        }

        // Under another name first: a folder of a job is whole, or it is not there.
        var part = Path.Combine(Path.GetFullPath(jobs), $".{id}.{Guid.NewGuid():N}.part");
        try
        {
            PrivateFile.CreateFolder(part);
            PrivateFile.CreateFolder(Path.Combine(part, "out"));
            var made = new JobLayout(part);
            PrivateFile.Replace(made.Job, job.Json, isDurable: true);
            PrivateFile.Replace(made.Signature, JobJson.Write(job.Signature), isDurable: true);
            Directory.Move(part, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Path.Exists(folder) ? new EndpointException($"There is a job {id} already.", e) : DiskErrors.Of(e, folder, job.Json.Length);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }
        }

        return new JobFolder(folder);
    }

    /// <summary>The folder of a job that is there.</summary>
    /// <param name="jobs">The folder of all jobs.</param>
    /// <param name="id">The job.</param>
    /// <exception cref="EndpointException">The identifier is none, or there is no such job.</exception>
    public static JobFolder Open(string jobs, string id) => Find(jobs, id) ?? throw new EndpointException($"There is no job {id} here. #!jobs lists those that are known.");

    /// <summary>The folder of a job, or null when there is none.</summary>
    /// <inheritdoc cref="Open(string, string)"/>
    public static JobFolder? Find(string jobs, string id)
    {
        var folder = new DirectoryInfo(Path.Combine(Path.GetFullPath(jobs), JobNames.Id(id)));
        return folder.Exists && folder.LinkTarget is null ? new JobFolder(folder.FullName) : null;
    }

    /// <summary>The folder of a job by its path, as a worker gets it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="EndpointException">There is no job in it.</exception>
    public static JobFolder At(string folder)
    {
        var made = new JobFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return File.Exists(made.Layout.Job) ? made : throw new EndpointException($"{folder} is no folder of a job: it has no job.json.");
    }

    /// <summary>Identifiers of the jobs in a folder.</summary>
    /// <param name="jobs">The folder of all jobs; need not exist.</param>
    public static IReadOnlyList<string> List(string jobs) => Directory.Exists(jobs)
        ? [.. Directory.EnumerateDirectories(jobs).Select(f => Path.GetFileName(f)).Where(name => JobNames.IsHex(name, 32)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>What was sent. Nothing of it is verified: <see cref="JobVerifier"/> does that.</summary>
    public SignedJob ReadSigned()
    {
        var json = Beneath.ReadAll(JobDescriptionFile.MaxBytes, Layout.Folder, "job.json");
        var signature = JobJson.Read<JobSignature>(Beneath.ReadAll(LargestStatus, Layout.Folder, "job.sig"), "job.sig", JobJson.Strict);
        return new SignedJob(json, signature);
    }

    /// <summary>The job.</summary>
    public JobDescription ReadJob() => JobDescriptionFile.Read(Beneath.ReadAll(JobDescriptionFile.MaxBytes, Layout.Folder, "job.json"));

    /// <summary>Writes the state. A reader sees the old one or the new one.</summary>
    /// <exception cref="EndpointException">The disk is full, or the folder is gone.</exception>
    public void WriteStatus(JobStatus status) => Write(Layout.Status, JobJson.Write(status), status.IsFinal);

    /// <summary>The state; null before the first one was written.</summary>
    public JobStatus? ReadStatus()
    {
        try
        {
            return JobJson.Read<JobStatus>(Beneath.ReadAll(LargestStatus, Layout.Folder, "status.json"), "status.json");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes lines of display.jsonl.</summary>
    public JobEventWriter OpenEvents() => new(Layout.Events);

    /// <summary>Reads what was shown since an offset: whole lines only.</summary>
    /// <param name="offset">0, or <see cref="JobEvents.Next"/> of the call before.</param>
    /// <param name="mostBytes">About how many bytes to read; one line is always read.</param>
    public JobEvents ReadEvents(long offset, int mostBytes = 1 << 20)
    {
        // The state first: what was shown before it became final is then in the file.
        var status = ReadStatus() ?? new JobStatus(JobState.Queued) { Since = DateTimeOffset.UnixEpoch };
        var (events, next) = JobEventReader.Read(Layout.Folder, offset, mostBytes);
        return new JobEvents(events, next, status);
    }

    /// <summary>Where results go: their arrays as files of out/, written and hashed in one pass.</summary>
    /// <param name="store">The store of the endpoint, where they can be inputs of another job; null for none.</param>
    public IArraySink OutputSink(ArrayStore? store = null) => new OutputFolderSink(Layout.OutputFolder, store);

    /// <summary>Writes the list of results, the last thing that a worker does.</summary>
    public void WriteOutputs(IReadOnlyList<JobValue> outputs)
    {
        PrivateFile.CreateFolder(Layout.OutputFolder);
        Write(Layout.Outputs, JobJson.Write(outputs), isDurable: true);
    }

    /// <summary>The results; null when the job has not written them.</summary>
    /// <exception cref="EndpointException">The list is damaged.</exception>
    public IReadOnlyList<JobValue>? ReadOutputs()
    {
        try
        {
            var outputs = JobJson.Read<List<JobValue>>(Beneath.ReadAll(JobDescriptionFile.MaxBytes, Layout.Folder, "out", "outputs.json"), "outputs.json");
            for (var i = 0; i < outputs.Count; i++)
            {
                JobChecks.Check(outputs[i], "outputs.json", $"[{i}]");
            }

            return outputs;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Path of an array of the results.</summary>
    public string OutputPath(JobArray array) => Path.Combine(Layout.OutputFolder, OutputFolderSink.NameOf(array));

    /// <summary>Opens an array of the results, whoever may have changed the folder meanwhile.</summary>
    /// <exception cref="EndpointException">It is not there, or a link, or of another length.</exception>
    public FileStream OpenOutput(JobArray array)
    {
        FileStream stream;
        try
        {
            stream = Beneath.OpenRead(Layout.Folder, "out", OutputFolderSink.NameOf(array));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EndpointException($"Job {Id} has no result with the hash {JobNames.Shown(array.Sha256)}.", e);
        }

        if (stream.Length == array.Bytes)
        {
            return stream;
        }

        var length = stream.Length;
        stream.Dispose();
        throw new EndpointException($"A result of job {Id} should have {array.Bytes} bytes and has {length}: it was changed after the job wrote it.");
    }

    /// <summary>Asks the worker to stop.</summary>
    public void RequestCancel() => Write(Layout.CancelMark, [], isDurable: false);

    /// <summary>Whether somebody asked the worker to stop.</summary>
    public bool IsCancelRequested => File.Exists(Layout.CancelMark);

    /// <summary>Bytes of all files in the folder; links count as nothing and are not followed.</summary>
    public long SizeBytes()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(Layout.Folder).EnumerateFiles("*", options).Sum(f => f.Length);
    }

    /// <summary>Removes the folder; links in it are removed, not followed.</summary>
    public void Delete() => Directory.Delete(Layout.Folder, recursive: true);

    private static void Write(string path, ReadOnlySpan<byte> bytes, bool isDurable)
    {
        try
        {
            PrivateFile.Replace(path, bytes, isDurable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Of(e, path, bytes.Length);
        }
    }
}
