using System.Collections.Concurrent;
using Beamline.Compute;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Runs cells one after another: C# in a session, magic lines by their commands.</summary>
internal sealed class NotebookKernel : IDisposable
{
    private readonly SemaphoreSlim _oneCell = new(1, 1);
    private readonly Lock _gate = new();
    private ExecutionThread _thread = new();
    private CellStopper? _running;

    public NotebookKernel(IReadOnlyList<INotebookExtension> extensions)
    {
        ConsoleRouter.Install();
        ProcessGuard.Install();
        NativeLibraries.Install();
        Extensions = new ExtensionHost(BuiltInCommands.All);
        foreach (var extension in extensions)
        {
            Extensions.Load(extension);
        }

        Session = new CSharpSession(
            [typeof(RunContext).Assembly, typeof(RemoteJob).Assembly, .. Extensions.References],
            ["Beamline.Notebook", typeof(Ranks).Namespace!, typeof(RemoteJob).Namespace!, .. Extensions.Usings]);
        Extensions.Started(Session);
        Graph = new GraphTracker(this);
        Observers = [Graph];
        Packages = new PackageManager(this);
        Host = new CellHost(this);
        Services = [new CellCapture(this), new SentCodecs(this)];
        Packages.AssembliesLoaded += assemblies => ExtensionLoader.Register(Extensions, assemblies);
    }

    /// <summary>Which cells depend on which.</summary>
    public GraphTracker Graph { get; }

    /// <summary>Who hears of cells that run.</summary>
    public IList<ICellObserver> Observers { get; }

    public ExtensionHost Extensions { get; }

    public IReadOnlyList<IMagicCommand> Commands => Extensions.Commands;

    public FormatterRegistry Formatters => Extensions.Formatters;

    /// <summary>What #!value stored.</summary>
    public ConcurrentDictionary<string, string> StoredTexts { get; } = new(StringComparer.Ordinal);

    public CSharpSession Session { get; }

    /// <summary>The cells that were sent and have not begun.</summary>
    public CellQueue Queue { get; } = new();

    /// <summary>The lines between objects here and in a front end.</summary>
    public CommManager Comms { get; } = new();

    /// <summary>The notebook as widgets and live viewers see it.</summary>
    public INotebookHost Host { get; }

    /// <summary>References of cells: #r, #i and #load.</summary>
    public PackageManager Packages { get; }

    /// <summary>What magic commands can ask the kernel for, by its type.</summary>
    public IReadOnlyList<object> Services { get; }

    /// <summary>What extensions or the kernel have of a type; what an extension brings goes before what is the kernel's own.</summary>
    public T? Service<T>()
        where T : class => Extensions.Services<T>() is [var newest, ..] ? newest : Services.OfType<T>().FirstOrDefault();

    /// <summary>The exception of the cell that failed last.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>The exception by which the cell that ran last was stopped; null when it ended by itself.</summary>
    public Exception? StoppedBy { get; private set; }

    /// <summary>Keeps an exception that happened beside the cells as the last one.</summary>
    public void NoteError(Exception exception) => LastError = exception;

    /// <summary>How long a cell may take to stop before its thread is left behind.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a cell that is to stop may go on waiting for other threads, before that is broken off.</summary>
    public TimeSpan WaitsLast { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Characters of stream output kept at the start and at the end of a cell's output.</summary>
    public int KeptOutput { get; init; } = CellOutput.DefaultKept;

    /// <summary>Runs a cell. Errors of the cell are in the outcome and were shown; this throws only for its own.</summary>
    public async Task<CellOutcome> ExecuteAsync(CellRequest request, ICellSink sink, CancellationToken cancellationToken)
    {
        var ticket = request.Ticket ?? Queue.Add();
        await _oneCell.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            using var cell = new CellRun(this, request, sink);
            var done = new TaskCompletionSource<CellOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            var stopper = new CellStopper(cell, _thread, done, Grace, WaitsLast, Abandoned);
            lock (_gate)
            {
                ticket.Drop();
                if (ticket.IsInterrupted || cancellationToken.IsCancellationRequested)
                {
                    var never = CellStopper.NotStarted();
                    sink.Error(never.Error!);
                    return never;
                }

                _running = stopper;
                ProcessGuard.LastCell = cell;
            }

            _thread.Post(() =>
            {
                var outcome = RunOnThread(cell);
                done.TrySetResult(outcome);
                stopper.CodeEnded();
            });
            await using var interrupted = cancellationToken.Register(() => Interrupt(stopper))
                .ConfigureAwait(false);
            using var timeout = new Timer(
                _ => stopper.Stop(StopReason.Timeout), null, request.Timeout, Timeout.InfiniteTimeSpan);
            var outcome = await done.Task.ConfigureAwait(false);
            lock (_gate)
            {
                _running = null;
            }

            if (stopper.WaitForEnd() && !outcome.Abandoned)
            {
                // An interrupt may still be pending on the thread: it would hit the next cell's first wait.
                _thread.Retire();
                _thread = new ExecutionThread();
            }

            if (outcome.Error is { } error)
            {
                sink.Error(error);
            }

            foreach (var observer in Observers)
            {
                observer.Finished(cell, outcome);
            }

            return outcome;
        }
        finally
        {
            _oneCell.Release();
        }
    }

    /// <summary>Stops the cell that runs; when none does, those that were sent and have not begun will not begin.</summary>
    public void Interrupt()
    {
        CellStopper? running;
        lock (_gate)
        {
            running = _running;
            if (running is null)
            {
                Queue.Interrupt();
            }
        }

        Interrupt(running);
    }

    /// <summary>True when the kernel ends: a cell that is stopped then is stopped because of that.</summary>
    public bool IsEnding { get; private set; }

    public void Dispose()
    {
        IsEnding = true;
        Interrupt();
        Extensions.Lifecycle.ShuttingDown();
        (Host as IDisposable)?.Dispose();
        _thread.Retire();
        _oneCell.Dispose();
    }

    private void Interrupt(CellStopper? running)
    {
        if (running is not null)
        {
            running.Stop(StopReason.Interrupt);
            Extensions.Lifecycle.Interrupting();
        }
    }

    private void Abandoned()
    {
        Session.Abandon();
        _thread.Abandon();
        _thread = new ExecutionThread();
    }

    private CellOutcome RunOnThread(CellRun cell)
    {
        CellOutcome outcome;
        try
        {
            outcome = Guarded(cell);
            if (cell.Stopped is not null)
            {
                // Code that waited was left where it is, and its finally blocks with it.
                cell.RunAtEnd(JobEnding.Cancelled);
            }

            Extensions.Lifecycle.AfterCell(cell, outcome);
            cell.Output.Finish();
        }
        catch (ThreadInterruptedException)
        {
            // It hit between the cell's code and here; stopping is what was asked for.
            outcome = CellStopper.Outcome(cell.Stopped ?? StopReason.Interrupt, cell, abandoned: false);
            cell.Output.Finish();
        }

        if (cell.Stopped is not null)
        {
            // What still waits in the cell must not bring its state back when it goes on one day.
            Session.Abandon();
        }

        return outcome;
    }

    private CellOutcome Guarded(CellRun cell)
    {
        StoppedBy = null;
        try
        {
            cell.Pump.Run(() => RunBodyAsync(cell), cell.CancellationToken);
            return new CellOutcome(CellStatus.Ok);
        }
        catch (Exception exception) when (cell.Stopped is { } reason && StopErrors.IsStop(exception))
        {
            // In a notebook it would hold what a cancelled computation had, gigabytes that nobody asks for.
            StoppedBy = cell.Request.Job is null ? null : exception;
            return CellStopper.Outcome(reason, cell, abandoned: false);
        }
        catch (CellFailedException exception)
        {
            LastError = exception.InnerException ?? LastError;
            return new CellOutcome(CellStatus.Failed, exception.Error);
        }
        catch (MagicException exception)
        {
            LastError = exception;
            return new CellOutcome(CellStatus.Failed, CellError.Simple("MagicError", exception.Message));
        }
        catch (Exception exception)
        {
            LastError = exception;
            return new CellOutcome(CellStatus.Failed, RuntimeErrorReport.From(exception, Session.SourceOf));
        }
    }

    private async Task RunBodyAsync(CellRun cell)
    {
        CellScope.Enter(cell);
        using var host = NotebookHost.Use(Host);
        using var context = RunContext.Use(cell.Request.Context with
        {
            CancellationToken = cell.CancellationToken,
            Progress = cell.Progress,
            Jobs = cell.Progress,
            Warning = cell.Warn,
        });
        var ending = JobEnding.Failed;
        try
        {
            foreach (var observer in Observers)
            {
                observer.Starting(cell);
            }

            Extensions.Lifecycle.BeforeCell(cell);
            await RunTextAsync(cell, cell.Request.Code, cell.Request.Label, showsResult: true);
            ending = JobEnding.Done;
        }
        finally
        {
            cell.RunAtEnd(cell.Stopped is null ? ending : JobEnding.Cancelled);
        }
    }

    /// <summary>Runs a text with magic lines within a cell.</summary>
    /// <param name="cell">The cell that gets its output.</param>
    /// <param name="text">The text.</param>
    /// <param name="label">What errors call it.</param>
    /// <param name="showsResult">Whether its last value is the cell's result.</param>
    public async Task RunTextAsync(CellRun cell, string text, string label, bool showsResult)
    {
        if (NestingLimit.DeepBracket(text) is { } place)
        {
            throw new CellFailedException(CellError.FromDiagnostics([CellDiagnostic.TooComplex(place, text)]));
        }

        var segments = await Packages.PrepareAsync(cell, CellSplitter.Split(text));
        for (var i = 0; i < segments.Count && !cell.SkipRest; i++)
        {
            cell.CancellationToken.ThrowIfCancellationRequested();
            await Extensions.OpenAsync(Session, cell.CancellationToken);
            if (segments[i].IsMagic)
            {
                await MagicRunner.RunAsync(cell, segments[i], text);
            }
            else
            {
                await RunSegmentAsync(cell, segments[i], text, label, showsResult && i == segments.Count - 1);
            }
        }
    }

    private async Task RunSegmentAsync(CellRun cell, CellSegment segment, string text, string label, bool isLast)
    {
        var outcome = await Session.RunAsync(
            ForeignUsings.Without(segment.Text, Session, cell), label, text, cell.CancellationToken, cell.Warn);
        if (outcome.Errors.Count > 0)
        {
            throw new CellFailedException(CellError.FromDiagnostics(outcome.Errors));
        }

        if (outcome.Exception is { } thrown)
        {
            if (cell.Stopped is not null && StopErrors.IsStop(thrown))
            {
                throw new OperationCanceledException("stopped", thrown);
            }

            throw new CellFailedException(RuntimeErrorReport.From(thrown, Session.SourceOf), thrown);
        }

        if (Formatters.Format(outcome.Value) is not { } bundle)
        {
            return;
        }

        if (isLast)
        {
            cell.NoteShown(outcome.Value);
            cell.Output.Emit(sink => sink.Result(bundle));
        }
        else
        {
            cell.Display(bundle);
        }
    }
}
