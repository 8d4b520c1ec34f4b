namespace Beamline.Compute;

/// <summary>
/// What surrounds a computation: the device, cancellation, progress, and limits. It is ambient: a notebook kernel
/// sets it around each cell, a program with <see cref="Use"/>, and compute calls read <see cref="Current"/>.
/// It flows with async calls, so that two computations can run at once with different contexts.
/// </summary>
public sealed record RunContext
{
    private static readonly AsyncLocal<RunContext?> Ambient = new();

    /// <summary>The context of the code that asks; a default one when none was set.</summary>
    public static RunContext Current => Ambient.Value ?? Default;

    /// <summary>The context when none was set: device auto, all cores, no limit, never cancelled.</summary>
    public static RunContext Default { get; } = new();

    /// <summary>What to compute on.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Asks a computation to stop; checked between slabs and iterations.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Hears about progress; null when nobody listens.</summary>
    public IProgress<ProgressReport>? Progress { get; init; }

    /// <summary>Decides who listens to jobs that start here, for instance the display of a notebook; null when nobody does.</summary>
    public IJobFollower? Jobs { get; init; }

    /// <summary>The job that the code belongs to; null outside of any. Set by <see cref="RunJob.Start"/>.</summary>
    public RunJob? Job { get; init; }

    /// <summary>Hears about what a user should know but what does not stop the work; null when nobody listens.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Number of threads to use, 1 or more.</summary>
    public int MaxThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>
    /// Bytes that the whole process may hold in memory, or null for no limit. Results that do not fit are
    /// written slab by slab to a file in <see cref="ScratchFolder"/> and mapped from there.
    /// </summary>
    public long? MemoryLimitBytes
    {
        get;
        init
        {
            if (value is { } bytes)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Folder for files that hold what does not fit in memory.</summary>
    public string ScratchFolder { get; init; } = Path.GetTempPath();

    /// <summary>
    /// Folder for what is worth remembering from one program to the next, such as how quick this machine is:
    /// $XDG_CACHE_HOME/beamline, or ~/.cache/beamline.
    /// </summary>
    public string CacheFolder { get; init; } = UsersCache();

    /// <summary>
    /// Folder where long computations keep their state when they name none of their own, so that the same code goes on where an
    /// earlier process was stopped; null (the default) keeps none. The worker of remote cells sets it for jobs that may be started again.
    /// </summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>State that was written later than this is of this process: code that does the same twice does it twice.</summary>
    internal DateTime CheckpointsBefore { get; init; } = DateTime.MinValue;

    /// <summary>Sets the context for the calling code and everything that it starts, until the result is disposed.</summary>
    /// <param name="context">The context.</param>
    public static IDisposable Use(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var before = Ambient.Value;
        Ambient.Value = context;
        return new Restore(before);
    }

    /// <summary>Reports progress to whoever listens, and throws when the work was cancelled.</summary>
    /// <param name="activity">What is being done.</param>
    /// <param name="fraction">Done part, 0 to 1.</param>
    /// <param name="detail">What else to show.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Report(string activity, double fraction, string detail = "") => Report(new ProgressReport(activity, fraction, detail));

    /// <summary>Reports progress to whoever listens, and throws when the work was cancelled.</summary>
    /// <param name="report">The report; its job is that of this context.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Report(in ProgressReport report)
    {
        CancellationToken.ThrowIfCancellationRequested();
        Tell(report);
    }

    /// <summary>Reports progress to whoever listens, also when the work was cancelled.</summary>
    internal void Tell(in ProgressReport report)
    {
        Job?.Report(report);
        Progress?.Report(Job is { HasEnded: false } job ? report with { Job = job } : report);
    }

    private static string UsersCache()
    {
        var named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var parent = named is { Length: > 0 } && Path.IsPathFullyQualified(named) ? named
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache");
        return Path.Combine(parent, "beamline");
    }

    private sealed class Restore(RunContext? before) : IDisposable
    {
        private bool _done;

        public void Dispose()
        {
            if (!_done)
            {
                _done = true;
                Ambient.Value = before;
            }
        }
    }
}
