using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>A cell to run.</summary>
/// <param name="Code">Its text.</param>
/// <param name="Label">What errors call it, for instance "cell 3".</param>
internal sealed record CellRequest(string Code, string Label)
{
    /// <summary>Identifies the cell over several runs, when the front end says; null when it does not.</summary>
    public string? CellId { get; init; }

    /// <summary>False for what is no cell of the notebook: silent requests and expressions of front ends.</summary>
    public bool IsTracked { get; init; } = true;

    /// <summary>Limits and device; token, progress and warnings are set by the kernel.</summary>
    public RunContext Context { get; init; } = RunContext.Default;

    /// <summary>After this the cell is stopped; infinite for never.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The job that it is a part of, in a worker; null in a notebook.</summary>
    public JobData? Job { get; init; }

    /// <summary>Its place in the queue, when it was announced before; see <see cref="NotebookKernel.Queue"/>.</summary>
    public CellTicket? Ticket { get; init; }
}

/// <summary>How a cell ended.</summary>
internal enum CellStatus
{
    Ok,
    Failed,
    Interrupted,
    TimedOut,
}

/// <summary>What became of a cell.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Error">Why it did not end well, or null.</param>
/// <param name="Abandoned">True when its thread would not stop and was left behind.</param>
internal sealed record CellOutcome(CellStatus Status, CellError? Error = null, bool Abandoned = false);
