using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>How a notebook is run without a front end.</summary>
public sealed record RunOptions
{
    /// <summary>The notebook to run.</summary>
    public required string NotebookPath { get; init; }

    /// <summary>
    /// Where the executed notebook is saved, also when it fails; null for NAME.executed.ipynb beside the notebook.
    /// May be the notebook itself.
    /// </summary>
    public string? OutputPath { get; init; }

    /// <summary>Where a report of all cells is saved: JUnit when it ends in .xml, else JSON; null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>The installed Jupyter kernel that runs the cells; null for C# in this process.</summary>
    public string? KernelName { get; init; }

    /// <summary>How long another kernel may take until it answers, above 0.</summary>
    public TimeSpan KernelStartTimeout
    {
        get;
        init => field = Positive(value)!.Value;
    } = TimeSpan.FromMinutes(1);

    /// <summary>Environment variables for the cells; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> KernelEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Compare the outputs that the notebook holds with the new ones; null not to.</summary>
    public VerifyOptions? Verify { get; init; }

    /// <summary>Parameters as NAME=VALUE, in order; a later one of the same name wins.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>A YAML or JSON file of parameters; <see cref="Parameters"/> win over it. Null for none.</summary>
    public string? ParametersFile { get; init; }

    /// <summary>Longest time for one cell, above 0; null for no limit.</summary>
    public TimeSpan? CellTimeout
    {
        get;
        init => field = Positive(value);
    }

    /// <summary>Longest time for all cells together, above 0; null for no limit.</summary>
    public TimeSpan? TotalTimeout
    {
        get;
        init => field = Positive(value);
    }

    /// <summary>True to go on after a cell that failed.</summary>
    public bool AllowErrors { get; init; }

    /// <summary>Working folder of the cells; null for the notebook's folder.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>
    /// True to use exactly the packages of the lock in the notebook's metadata: one that is not in it, or whose content
    /// differs, is an error. Otherwise the lock's versions are only preferred, and the run renews it.
    /// </summary>
    public bool Locked { get; init; }

    /// <summary>What to compute on.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Bytes that the process may hold, 1 or more; null for no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    private static TimeSpan? Positive(TimeSpan? value) =>
        value is null || (value > TimeSpan.Zero && value.Value.TotalDays <= 24)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, "A time limit is above 0 and at most 24 days.");
}
