using System.Diagnostics;

namespace Beamline.Compute;

/// <summary>
/// One long computation that somebody may watch: it has a name, reports, and an end. What it calls reports under it and makes
/// no job of its own, so that a notebook shows one display for each job.
/// </summary>
/// <example><code>
/// using var job = RunJob.Start("training");
/// job.Expect(TimeSpan.FromMinutes(3));
/// for (var epoch = 1; epoch &lt;= epochs; epoch++)
/// {
///     ...
///     RunContext.Current.Report(new("training", (double)epoch / epochs) { Iteration = epoch, Residual = loss });
/// }
/// job.Complete(new JobResult(model));
/// </code></example>
public sealed class RunJob : IDisposable
{
    private static long _made;

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly RunJob? _outer;
    private readonly CancellationToken _token;
    private readonly IJobListener? _listener;
    private readonly IDisposable? _scope;
    private int _ended;

    private RunJob(string name, RunJob outer, CancellationToken token) =>
        (Name, Number, _outer, _token) = (name, outer.Number, outer, token);

    private RunJob(string name, RunContext context, bool isAmbient)
    {
        (Name, Number, _token) = (name, Interlocked.Increment(ref _made), context.CancellationToken);
        IsDetached = !isAmbient;
        _listener = context.Jobs?.Follow(this);
        _scope = isAmbient ? RunContext.Use(context with { Job = this }) : null;
    }

    /// <summary>What is done, for instance "SIRT". Reports of another activity count as its parts.</summary>
    public string Name { get; }

    /// <summary>Tells the jobs of a process apart; from 1.</summary>
    public long Number { get; }

    /// <summary>Time since it started.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>How long it was expected to take; null when that is not known.</summary>
    public TimeSpan? Expected { get; private set; }

    /// <summary>Rows and columns of the previews that it gives; null when it gives none or does not know yet.</summary>
    public (int Rows, int Columns)? PreviewShape { get; private set; }

    /// <summary>Whether it came from <see cref="Detached"/>: it is then called what its last report calls it.</summary>
    public bool IsDetached { get; }

    /// <summary>What its numbers are called; set it before the first report.</summary>
    public JobWords Words { get; set; } = JobWords.Default;

    /// <summary>What to tell when the job was stopped or failed, for instance how to go on from there; may be empty.</summary>
    public string StopNote { get; set; } = "";

    /// <summary>Whether somebody listens to it.</summary>
    public bool IsFollowed => _outer?.IsFollowed ?? _listener is not null;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Whether somebody would look at a preview in the next report. Cheap to ask.</summary>
    public bool WantsPreview => (_outer ?? this)._listener?.WantsPreview == true;

    /// <summary>
    /// Starts a job for the calling code until it is disposed. Code that runs in a job already is a part of that one, and gets a job that
    /// nobody sees.
    /// </summary>
    /// <param name="name">What is done.</param>
    public static RunJob Start(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var context = RunContext.Current;
        return context.Job is { HasEnded: false } outer
            ? new RunJob(name, outer, context.CancellationToken)
            : new RunJob(name, context, isAmbient: true);
    }

    /// <summary>A job that runs elsewhere, for instance on another machine: whoever hears of it calls <see cref="Report"/>.</summary>
    /// <param name="name">What is done.</param>
    public static RunJob Detached(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new RunJob(name, RunContext.Current, isAmbient: false);
    }

    /// <summary>Says what is known before the work begins.</summary>
    /// <param name="time">How long it will take; null when that is not known.</param>
    /// <param name="previewRows">Rows of its previews; 0 for none.</param>
    /// <param name="previewColumns">Columns of its previews; 0 for none.</param>
    public void Expect(TimeSpan? time, int previewRows = 0, int previewColumns = 0)
    {
        if (_outer is null)
        {
            Expected = time > TimeSpan.Zero ? time : null;
            PreviewShape = previewRows > 0 && previewColumns > 0 ? (previewRows, previewColumns) : null;
        }
    }

    /// <summary>Tells who listens how far it is. Code in the job calls <see cref="RunContext.Report(in ProgressReport)"/> instead, which calls this.</summary>
    /// <param name="report">The report.</param>
    public void Report(in ProgressReport report)
    {
        if (!HasEnded)
        {
            (_outer ?? this)._listener?.Report(report);
        }
    }

    /// <summary>The work is done. A job that is disposed without this has failed, or was cancelled.</summary>
    /// <param name="result">What it made; null for nothing to look at.</param>
    public void Complete(JobResult? result = null) => End(JobEnding.Done, result ?? new JobResult(null));

    /// <summary>Ends a job in another way than by success.</summary>
    /// <param name="ending">How.</param>
    public void End(JobEnding ending) => End(ending, ending == JobEnding.Done ? new JobResult(null) : null);

    /// <summary>Ends the job: done when <see cref="Complete"/> was called before, else failed or cancelled.</summary>
    public void Dispose()
    {
        _scope?.Dispose();
        End(_token.IsCancellationRequested ? JobEnding.Cancelled : JobEnding.Failed, null);
    }

    private void End(JobEnding ending, JobResult? result)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _listener?.Ended(ending, result);
        }
    }
}
