using Beamline.Compute;

namespace Beamline.Display;

/// <summary>What is shown of a job at one moment.</summary>
internal sealed record LiveState
{
    public required string Name { get; init; }

    public double Fraction { get; init; }

    public string Detail { get; init; } = "";

    public int? Iteration { get; init; }

    public int? IterationLimit { get; init; }

    public IReadOnlyList<double> Residuals { get; init; } = [];

    /// <summary>What <see cref="ProgressReport.Score"/> was, in order.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    public JobWords Words { get; init; } = JobWords.Default;

    /// <summary>How a training went, at its end.</summary>
    public JobCurves? Curves { get; init; }

    public TimeSpan Elapsed { get; init; }

    public TimeSpan? Left { get; init; }

    public TimeSpan? Expected { get; init; }

    public long MemoryBytes { get; init; }

    public LiveFrame? Frame { get; init; }

    /// <summary>Room kept for pictures from the first update on, in CSS pixels; null when none are expected.</summary>
    public (int Width, int Height)? PictureSize { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    public JobEnding? Ending { get; init; }

    public string Remark { get; init; } = "";

    /// <summary>The percent that are done, whole ones.</summary>
    public int Percent => (int)Math.Round(100 * (double.IsFinite(Fraction) ? Math.Clamp(Fraction, 0, 1) : 0));
}
