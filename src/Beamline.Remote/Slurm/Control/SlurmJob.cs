using System.Globalization;

namespace Beamline.Remote.Slurm;

/// <summary>What Slurm says of a job, or of one or more tasks of an array.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">As Slurm calls it, without flags: PENDING, RUNNING, COMPLETED, NODE_FAIL and so on.</param>
internal sealed record SlurmJob(long Id, string State)
{
    /// <summary>Number of the array that it belongs to; its own without one.</summary>
    public long ArrayId { get; init; } = Id;

    /// <summary>The tasks of the array that this is about, for instance "3" or "4-9%2"; null without an array.</summary>
    public string? Tasks { get; init; }

    public string Name { get; init; } = "";

    public string User { get; init; } = "";

    /// <summary>Why it waits, or why it ended, in one word of Slurm; empty for none.</summary>
    public string Reason { get; init; } = "";

    public int ExitCode { get; init; }

    /// <summary>Number of the signal that ended it; 0 for none.</summary>
    public int Signal { get; init; }

    /// <summary>How often it has been put back into the queue.</summary>
    public int Restarts { get; init; }

    /// <summary>The nodes, in Slurm's short form; empty before it started.</summary>
    public string Nodes { get; init; } = "";

    public TimeSpan? RunTime { get; init; }

    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Who cancelled it, where the accounting tells.</summary>
    public string? CancelledBy { get; init; }

    public bool IsWaiting => State is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" or "RESV_DEL_HOLD";

    public bool IsRunning => State is "RUNNING" or "COMPLETING" or "SUSPENDED" or "STOPPED" or "CONFIGURING" or "RESIZING" or "SIGNALING" or "STAGE_OUT";

    public bool IsFinal => !IsWaiting && !IsRunning;

    /// <summary>How many tasks of an array this stands for: Slurm keeps those that wait as one.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var part in (Tasks ?? "0").Split('%')[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                // "...": Slurm shortens long lists.
                var (range, step) = part.Split(':') is [var r, var s] ? (r, Number(s) ?? 1) : (part, 1);
                count += range.Split('-') switch
                {
                    [var a, var b] when Number(a) is { } first && Number(b) is { } last && last >= first => ((last - first) / step) + 1,
                    [var a] when Number(a) is not null => 1,
                    _ => 0,
                };
            }

            return Math.Max(1, count);

            static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : text == "0" ? 0 : null;
        }
    }
}

/// <summary>A partition of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">Whether jobs that name none go there.</param>
/// <param name="IsUp">Whether it takes jobs.</param>
/// <param name="LongestTime">Most that a job may ask for; null for no limit.</param>
/// <param name="Nodes">Number of its nodes.</param>
/// <param name="MostNodes">Most nodes of one job; null for no limit.</param>
internal sealed record SlurmPartition(string Name, bool IsDefault, bool IsUp, TimeSpan? LongestTime, int Nodes, int? MostNodes);
