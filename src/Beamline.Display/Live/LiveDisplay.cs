using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// Shows the long jobs of a notebook while they run: one display for each, with progress, residual, the slice that forms and the time left.
/// It needs no call; <see cref="Off"/> and <see cref="Options"/> switch it off.
/// </summary>
public sealed class LiveDisplay : IJobFollower
{
    private static LiveDisplayOptions _options = new();
    private readonly TimeProvider _clock;

    /// <summary>For an extension to register.</summary>
    public LiveDisplay()
        : this(TimeProvider.System)
    {
    }

    internal LiveDisplay(TimeProvider clock) => _clock = clock;

    /// <summary>How jobs are shown that start from now on, in the whole notebook.</summary>
    public static LiveDisplayOptions Options
    {
        get => Volatile.Read(ref _options);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _options, value);
        }
    }

    /// <summary>The last preview that a job gave, at full size and in its own units: after a cancelled run what there is of its result.</summary>
    public static Image? LastPreview => LiveJob.LastPreview;

    /// <summary>Shows no jobs of the calling code, to the end of the cell or until the result is disposed.</summary>
    public static IDisposable Off() => RunContext.Use(RunContext.Current with { Jobs = SilentJobs.Instance });

    /// <inheritdoc/>
    public IJobListener? Follow(RunJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var options = Options;
        if (!options.Enabled)
        {
            return SilentJobs.Instance;
        }

        if (NotebookHost.Current?.OpenOutput() is not { } output)
        {
            return null;
        }

        var live = new LiveJob(job, output, options, _clock);
        output.AtCellEnd(live.CellEnded);
        LiveClock.Add(live);
        return live;
    }
}
