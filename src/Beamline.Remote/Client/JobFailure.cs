namespace Beamline.Remote;

/// <summary>What a user is told when a job did not succeed.</summary>
internal static class JobFailure
{
    /// <summary>The error that a cell ends with.</summary>
    public static JobError Of(JobRecord record)
    {
        var status = record.Status;
        if (status is { State: JobState.Failed, Error: { } error })
        {
            return error;
        }

        var message = Message(record);
        return new JobError("RemoteJobError", message, message.Split('\n') is [var first, .. var rest] ? [$"\u001b[31mRemoteJobError\u001b[0m: {first}", .. rest] : [message]);
    }

    public static string Message(JobRecord record)
    {
        var status = record.Status;
        var text = $"Job {record.Number} on {record.Endpoint} {JobLine.Words(status.State)}";
        text += status switch
        {
            { Signal: { } signal } => $" (ended by {signal})",
            { State: JobState.Crashed, ExitCode: { } code } => $" with exit code {code}",
            _ => "",
        };
        if (status.Host is { } host && status.State != JobState.Refused)
        {
            text += $" on {host}";
        }

        return $"{text}{(status.Message is { Length: > 0 } said ? ": " + said : ".")}{Advice(record)}";
    }

    private static string Advice(JobRecord record) => record.Status.State switch
    {
        JobState.TimedOut => "\nGive it more --time, or let the solver write checkpoints and go on from the last.",
        JobState.OutOfMemory => "\nGive it more --memory, or fewer bytes at once.",
        JobState.Lost => "\nIt may have run in part: nothing was started again. Send the cell again if that does no harm, or with --requeue beforehand.",
        JobState.Crashed => $"\nRemoteJobs.Find({record.Number}).Output has what it printed.",
        _ => "",
    };
}
