using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>A job as the service has it in memory.</summary>
internal sealed class JobEntry(JobFolder folder, JobRecord record, JobStatus status)
{
    private volatile TaskCompletionSource _changed = New();
    private volatile JobStatus _status = status;

    public string Id => Folder.Id;

    public JobFolder Folder => folder;

    public JobRecord Record { get; set; } = record;

    /// <summary>What to say of it; every change wakes those who wait.</summary>
    public JobStatus Status
    {
        get => _status;
        set
        {
            _status = value;
            Interlocked.Exchange(ref _changed, New()).TrySetResult();
        }
    }

    /// <summary>Ends at the next change of <see cref="Status"/>.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Null once it has ended: nothing of it is needed then.</summary>
    public JobResources? Resources { get; set; }

    public MapProgress? Map { get; set; }

    public int Throttle { get; set; }

    /// <summary>How a map ends, once the workers that are still at it have stopped; null while it goes on.</summary>
    public JobStatus? MapEnd { get; set; }

    /// <summary>Workers that are at it.</summary>
    public int Parts { get; set; }

    /// <summary>Ends when it is to stop.</summary>
    public TaskCompletionSource StopRequested { get; } = New();

    public JobSummary Summary => new(Id, Record.Label, Record.Created, Status);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
