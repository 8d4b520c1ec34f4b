using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>One line of display.jsonl: all that a cell shows, in order. stdout and stderr are files of their own as well.</summary>
/// <param name="Kind">stream, display, update, result, clear, progress, warning, or item (of a map).</param>
internal sealed record JobEvent(string Kind)
{
    /// <summary>Seconds since 1970 at the worker.</summary>
    public double Time { get; init; }

    /// <summary>Rank of the process that says it; 0 without MPI.</summary>
    public int Rank { get; init; }

    /// <summary>stdout or stderr for a stream; what a progress calls the work.</summary>
    public string? Name { get; init; }

    /// <summary>Text of a stream or a warning.</summary>
    public string? Text { get; init; }

    /// <summary>MIME bundle of a display, update or result, as nbformat 4 writes it.</summary>
    public JsonObject? Data { get; init; }

    public JsonObject? Metadata { get; init; }

    public string? DisplayId { get; init; }

    /// <summary>For a clear: wait until something new comes.</summary>
    public bool Wait { get; init; }

    /// <summary>Part that is done, from 0 to 1; null when it is not known.</summary>
    public double? Fraction { get; init; }

    /// <summary>An item of a map: its place, from 0.</summary>
    public int? Item { get; init; }

    /// <summary>The result of an item; null when it failed, and then <see cref="Error"/> says why.</summary>
    public JobValue? Value { get; init; }

    public JobError? Error { get; init; }

    /// <summary>An item's attempt that this is about, from 1.</summary>
    public int Attempt { get; init; }
}

/// <summary>Some lines of display.jsonl.</summary>
/// <param name="Events">The lines.</param>
/// <param name="Next">Offset in bytes of what comes next.</param>
/// <param name="Status">The state of the job when they were read. When it is final and no events came, there are no more.</param>
internal sealed record JobEvents(IReadOnlyList<JobEvent> Events, long Next, JobStatus Status);
