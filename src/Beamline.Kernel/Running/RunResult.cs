namespace Beamline.Kernel;

/// <summary>How a cell of a run ended.</summary>
public enum CellRunStatus
{
    /// <summary>Without an error.</summary>
    Ok,

    /// <summary>With an error.</summary>
    Failed,

    /// <summary>With an error that its tag raises-exception announced, or that was allowed.</summary>
    FailedAsAllowed,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>The run was cancelled.</summary>
    Cancelled,

    /// <summary>Its tag skip-execution says not to run it, or it is empty.</summary>
    Skipped,
}

/// <summary>What became of one code cell.</summary>
/// <param name="Index">Number of the cell in the notebook, from 1, counting all cells.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="Error">Kind and message of its error, or null.</param>
/// <param name="Traceback">Its error with source lines, without colors; empty when there was none.</param>
public sealed record CellRunInfo(
    int Index, CellRunStatus Status, TimeSpan Duration, string? Error, IReadOnlyList<string> Traceback);

/// <summary>What became of a run.</summary>
/// <param name="ExitCode">0 all well, 1 a cell failed or outputs differ, 2 bad input, 124 took too long, 130 cancelled.</param>
/// <param name="Message">One line for the user: what ended the run, or that all is well.</param>
/// <param name="Cells">The code cells that were reached.</param>
/// <param name="OutputPath">Where the executed notebook was saved; null when nothing was run.</param>
/// <param name="Document">The executed notebook; null when nothing was run.</param>
/// <param name="Duration">How long the run took, with reading and saving.</param>
public sealed record RunResult(
    int ExitCode,
    string Message,
    IReadOnlyList<CellRunInfo> Cells,
    string? OutputPath,
    NotebookDocument? Document,
    TimeSpan Duration)
{
    /// <summary>The notebook that was to be run.</summary>
    public string NotebookPath { get; init; } = "";

    /// <summary>When it was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Where new outputs are not the stored ones; empty when nothing was compared.</summary>
    public IReadOnlyList<OutputDifference> Differences { get; init; } = [];
}
