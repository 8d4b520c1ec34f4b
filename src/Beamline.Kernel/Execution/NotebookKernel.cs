using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Runs cells one after another: C# in a session, magic lines by their commands.</summary>
internal sealed class NotebookKernel : IDisposable
{
    private readonly SemaphoreSlim _oneCell = new(1, 1);
    private readonly Lock _gate = new();
    private ExecutionThread _thread = new();
    private IReadOnlyList<IMimeFormatter> _formatters;
    private CellStopper? _running;

    public NotebookKernel(IReadOnlyList<INotebookExtension> extensions)
    {
        ConsoleRouter.Install();
        NativeLibraries.Install();
        var registry = new ExtensionRegistry();
        foreach (var command in BuiltInCommands.All.Append(new PackagesCommand()))
        {
            registry.AddCommand(command);
        }

        foreach (var extension in extensions)
        {
            extension.Register(registry);
        }

        Commands = registry.Commands;
        Formatters = new FormatterRegistry(registry.Formatters);
        Session = new CSharpSession(
            [typeof(RunContext).Assembly, .. registry.References],
            ["Beamline.Notebook", .. registry.Usings]);
        _formatters = registry.Formatters;
        Packages = new PackageManager(this);
        Packages.AssembliesLoaded += assemblies => ExtensionLoader.Register(this, assemblies);
    }

    public IReadOnlyList<IMagicCommand> Commands { get; private set; }

    public FormatterRegistry Formatters { get; private set; }

    public CSharpSession Session { get; }

    /// <summary>References of cells: #r, #i and #load.</summary>
    public PackageManager Packages { get; }

    /// <summary>The exception of the cell that failed last.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>How long a cell may take to stop before its thread is left behind.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Characters of stream output kept at the start and at the end of a cell's output.</summary>
    public int KeptOutput { get; init; } = CellOutput.DefaultKept;

    /// <summary>Registers an extension that came while the kernel runs: all of it, or nothing when it throws.</summary>
    /// <returns>The names of its commands.</returns>
    public IReadOnlyList<string> AddExtension(INotebookExtension extension)
    {
        var added = new ExtensionRegistry();
        extension.Register(added);
        if (added.Commands.FirstOrDefault(c => Commands.Any(o => o.Descriptor.Name == c.Descriptor.Name)) is { } taken)
        {
            throw new InvalidOperationException($"there is a command #!{taken.Descriptor.Name} already");
        }

        Commands = [.. Commands, .. added.Commands];
        Formatters = new FormatterRegistry(_formatters = [.. _formatters, .. added.Formatters]);
        Session.AddReferences(added.References, added.References.Select(a => a.Location).Where(path => path.Length > 0));
        Session.AddUsings(added.Usings);
        return [.. added.Commands.Select(c => c.Descriptor.Name)];
    }

    /// <summary>Runs a cell. Errors of the cell are in the outcome and were shown; this throws only for its own.</summary>
    public async Task<CellOutcome> ExecuteAsync(CellRequest request, ICellSink sink, CancellationToken cancellationToken)
    {
        await _oneCell.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            using var cell = new CellRun(this, request, sink);
            var done = new TaskCompletionSource<CellOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            var stopper = new CellStopper(cell, _thread, done, Grace, Abandoned);
            lock (_gate)
            {
                _running = stopper;
            }

            _thread.Post(() => done.TrySetResult(RunOnThread(cell)));
            await using var interrupted = cancellationToken.Register(() => stopper.Stop(StopReason.Interrupt))
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

            return outcome;
        }
        finally
        {
            _oneCell.Release();
        }
    }

    /// <summary>Stops the cell that runs, if any.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _running?.Stop(StopReason.Interrupt);
        }
    }

    public void Dispose()
    {
        Interrupt();
        _thread.Retire();
        _oneCell.Dispose();
        Session.Dispose();
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
            cell.Output.Finish();
        }
        catch (ThreadInterruptedException)
        {
            // It hit between the cell's code and here; stopping is what was asked for.
            outcome = CellStopper.Outcome(cell.Stopped ?? StopReason.Interrupt, cell, abandoned: false);
            cell.Output.Finish();
        }

        return outcome;
    }

    private CellOutcome Guarded(CellRun cell)
    {
        try
        {
            cell.Pump.Run(() => RunBodyAsync(cell), cell.CancellationToken);
            return new CellOutcome(CellStatus.Ok);
        }
        catch (Exception exception) when (cell.Stopped is { } reason && IsStop(exception))
        {
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
        using var context = RunContext.Use(cell.Request.Context with
        {
            CancellationToken = cell.CancellationToken,
            Progress = cell.Progress,
            Warning = cell.Warn,
        });
        try
        {
            var segments = await Packages.PrepareAsync(cell, CellSplitter.Split(cell.Request.Code));
            for (var i = 0; i < segments.Count; i++)
            {
                cell.CancellationToken.ThrowIfCancellationRequested();
                await RunSegmentAsync(cell, segments[i], isLast: i == segments.Count - 1);
            }
        }
        finally
        {
            cell.RunAtEnd();
        }
    }

    private async Task RunSegmentAsync(CellRun cell, CellSegment segment, bool isLast)
    {
        if (segment.IsMagic)
        {
            var command = MagicParser.Find(segment.Text, Commands);
            var arguments = MagicParser.Parse(segment.Text, command.Descriptor);
            if (arguments.WantsHelp)
            {
                cell.Output.Write("stdout", MagicParser.Help(command.Descriptor));
                return;
            }

            await command.InvokeAsync(arguments, new CellContext(cell));
            return;
        }

        var outcome = await Session.RunAsync(
            segment.Text, cell.Request.Label, cell.Request.Code, cell.CancellationToken);
        if (outcome.Errors.Count > 0)
        {
            throw new CellFailedException(CellError.FromDiagnostics(outcome.Errors));
        }

        if (outcome.Exception is { } thrown)
        {
            if (cell.Stopped is not null && IsStop(thrown))
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
            cell.Output.Emit(sink => sink.Result(bundle));
        }
        else
        {
            cell.Display(bundle);
        }
    }

    private static bool IsStop(Exception exception) => exception switch
    {
        OperationCanceledException or ThreadInterruptedException => true,
        CellFailedException { InnerException: { } inner } => IsStop(inner),
        AggregateException many => many.InnerExceptions.Any(IsStop),
        _ => exception.InnerException is { } inner && IsStop(inner),
    };
}
