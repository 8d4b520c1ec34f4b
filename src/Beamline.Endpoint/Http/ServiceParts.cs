using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>What the routes work with.</summary>
internal sealed record ServiceParts(
    ServiceOptions Options, TokenBook Tokens, AuditLog Audit, JobBook Book, ArrayStore Store, Submission Submission, JobScheduler Scheduler, PolicySource Policies, Housekeeper Housekeeper, CancellationToken Stopping)
{
    /// <summary>GPUs of this machine, asked once.</summary>
    public Lazy<Task<IReadOnlyList<string>>> Gpus { get; } = new(() => Options.Gpus.ReadAsync());

    /// <summary>Whether senders are on this machine, so that files need not be copied.</summary>
    public bool IsOnSocket => Options.Listen is null;

    /// <summary>A line of the audit log for something that was done.</summary>
    public void Note(Caller caller, string what, int status, string? job = null, string? reason = null) =>
        Audit.Write(new AuditLine(DateTimeOffset.UtcNow, what, "done") { User = caller.User, Token = caller.TokenId, Job = job, Status = status, Reason = reason });

    /// <summary>A job of the caller.</summary>
    /// <exception cref="RefusedException">There is none, or it is somebody else's: both look the same from outside.</exception>
    public JobEntry JobOf(Caller caller, string id)
    {
        var job = Book.Find(id) ?? throw (Housekeeper.Find(id) is { } gone && gone.User == caller.User ? new RefusedException(410, gone.Message) : RefusedException.NoJob(id));
        return job.Record.User == caller.User ? job : throw RefusedException.NoJob(id, $"The job is {job.Record.User}'s, and {caller.User} asked for it.");
    }
}
