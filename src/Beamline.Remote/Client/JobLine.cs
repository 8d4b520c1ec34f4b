using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>The line about a job: its number, its endpoint, what it is doing, for how long.</summary>
internal static class JobLine
{
    /// <summary>Color, name for a person, of a state.</summary>
    private static readonly Dictionary<JobState, (string Color, string Words)> States = new()
    {
        [JobState.Queued] = ("#8a6d00", "waits in the queue"),
        [JobState.Running] = ("#0b62b0", "runs"),
        [JobState.Succeeded] = ("#1a7f37", "succeeded"),
        [JobState.Failed] = ("#b42318", "failed"),
        [JobState.Crashed] = ("#b42318", "crashed"),
        [JobState.Cancelled] = ("#6b6b6b", "was cancelled"),
        [JobState.TimedOut] = ("#b42318", "ran out of time"),
        [JobState.OutOfMemory] = ("#b42318", "ran out of memory"),
        [JobState.Lost] = ("#b42318", "was lost"),
        [JobState.Refused] = ("#b42318", "was refused"),
    };

    public static string Words(JobState state) => States[state].Words;

    /// <summary>For instance "job 42 on slurm runs on n1 for 12.0 s; sent 0 bytes of 256 MiB".</summary>
    public static string Text(JobRecord record, JobStatus status, string? note, DateTimeOffset now)
    {
        var text = $"job {record.Number} on {record.Endpoint} {Words(status.State)}";
        text += status.State switch
        {
            JobState.Queued when status.Message is { Length: > 0 } reason => $" ({reason.TrimEnd('.')})",
            _ when status.Host is { } host => $" on {host}",
            _ => "",
        };
        if (status.Attempt > 1)
        {
            text += $", attempt {status.Attempt}";
        }

        var since = status.IsFinal ? status.Since - record.Created : now - record.Created;
        if (since >= TimeSpan.FromMilliseconds(500) || status.IsFinal)
        {
            text += $", {EndpointText.Seconds(since < TimeSpan.Zero ? TimeSpan.Zero : since)}";
        }

        if (record.InputBytes > 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"; sent {ByteText.Of(record.SentBytes)} of {ByteText.Of(record.InputBytes)}");
        }

        return note is null ? text : $"{text} · {note}";
    }

    /// <summary>The line as an output. Marked as one about a job, so that comparing notebooks passes over it: its times differ.</summary>
    public static MimeBundle Bundle(JobRecord record, JobStatus status, string? note, DateTimeOffset now)
    {
        var text = Text(record, status, note, now);
        var html = $"<div style=\"font-size:90%;border-left:4px solid {States[status.State].Color};padding:1px 8px\">{WebUtility.HtmlEncode(text)}</div>";
        return MimeBundle.FromHtml(html, text).WithMetadata("beamline", new JsonObject { ["job"] = true });
    }
}
