using System.Diagnostics;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>One execution of one cell.</summary>
internal sealed class CellRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _warned = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Action> _atEnd = [];
    private readonly List<WeakReference<object>> _shown = [];
    private bool _hasEnded;
    private readonly CellOutput _output;
    private static long _made;
    private long _stoppedAt;
    private readonly List<string> _generated = [];

    public CellRun(NotebookKernel kernel, CellRequest request, ICellSink sink)
    {
        (Kernel, Request) = (kernel, request);
        _output = new CellOutput(sink, kernel.KeptOutput);
        Progress = new CellProgress(this);
        Pump = new CellPump();
        CancellationToken = _stop.Token;
    }

    public NotebookKernel Kernel { get; }

    public CellRequest Request { get; }

    /// <summary>Where the calling code's output goes: the cell, or who captures it.</summary>
    public CellOutput Output => OutputCapture.Current ?? _output;

    public CellPump Pump { get; }

    public CellProgress Progress { get; }

    public TimeSpan Elapsed => _watch.Elapsed;

    public CancellationToken CancellationToken { get; }

    /// <summary>Tells the runs of a process apart; from 1.</summary>
    public long Number { get; } = Interlocked.Increment(ref _made);

    /// <summary>Why the cell was stopped; null while it was not.</summary>
    public StopReason? Stopped { get; private set; }

    /// <summary>True when the checks in the cell's code are to end it.</summary>
    public bool IsStopping { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How long ago the cell was stopped.</summary>
    public TimeSpan SinceStop => Stopwatch.GetElapsedTime(_stoppedAt);

    /// <summary>Notes that the cell is to stop, before anything is done about it.</summary>
    public void NoteStop(StopReason reason) => (_stoppedAt, Stopped) = (Stopwatch.GetTimestamp(), reason);

    /// <summary>True when a magic line took the rest of the cell, which then does not run.</summary>
    public bool SkipRest { get; set; }

    /// <summary>Remembers C# that a magic command of the cell runs.</summary>
    public void AddGenerated(string code)
    {
        lock (_generated)
        {
            _generated.Add(code);
        }
    }

    /// <summary>The C# that magic commands ran since this was last asked.</summary>
    public IReadOnlyList<string> TakeGenerated()
    {
        lock (_generated)
        {
            string[] taken = [.. _generated];
            _generated.Clear();
            return taken;
        }
    }

    /// <summary>Signals the cell to stop; its callbacks run on the calling thread.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Does something when the cell's code is through, also when it failed; at once when it is already.</summary>
    public void AtEnd(Action action)
    {
        lock (_atEnd)
        {
            if (!_hasEnded)
            {
                _atEnd.Add(action);
                return;
            }
        }

        action();
    }

    /// <summary>The cell's code is through, or it is given up.</summary>
    public void RunAtEnd(JobEnding ending)
    {
        Progress.EndLooseJob(ending);
        Action[] actions;
        lock (_atEnd)
        {
            _hasEnded = true;
            actions = [.. _atEnd];
            _atEnd.Clear();
        }

        foreach (var action in actions)
        {
            action();
        }

        Progress.Finish();
    }

    /// <summary>Remembers, without keeping it alive, that a value was shown, or is not to be.</summary>
    public void NoteShown(object? value)
    {
        if (value is not (null or string or ValueType))
        {
            lock (_shown)
            {
                _shown.Add(new WeakReference<object>(value));
            }
        }
    }

    /// <summary>Whether a value was shown.</summary>
    public bool HasShown(Predicate<object> isIt)
    {
        lock (_shown)
        {
            return _shown.Exists(s => s.TryGetTarget(out var value) && isIt(value));
        }
    }

    /// <summary>Shows a warning, once per text.</summary>
    public void Warn(string text)
    {
        lock (_warned)
        {
            if (!_warned.Add(text))
            {
                return;
            }
        }

        Output.Write("stderr", $"{Ansi.Yellow}Warning: {text}{Ansi.Reset}\n");
    }

    /// <summary>Shows what the compiler warned of.</summary>
    public void Warn(IReadOnlyList<CellDiagnostic> warnings)
    {
        const int MostShown = 10;
        foreach (var warning in warnings.Take(MostShown))
        {
            var text = string.Join('\n', warning.Render(Ansi.Yellow));
            Output.Write("stderr", $"{Ansi.Yellow}warning{Ansi.Reset} {text}\n");
        }

        if (warnings.Count > MostShown)
        {
            Output.Write("stderr", $"... and {warnings.Count - MostShown} more warnings\n");
        }
    }

    public IDisplayHandle Display(object? value)
    {
        NoteShown(value);
        var handle = new DisplayHandle(this, Guid.NewGuid().ToString("N"));
        if (Kernel.Formatters.Format(value) is { } bundle)
        {
            Output.Emit(sink => sink.Display(bundle, handle.Id));
        }

        return handle;
    }

    public string? ReadLine(string prompt, bool isPassword)
    {
        string? line = null;
        ICellSink? asked = null;
        Output.Emit(sink => asked = sink);

        // Outside the output's lock: other threads of the cell may print while the user thinks.
        line = asked?.ReadLine(prompt, isPassword, CancellationToken);
        return line;
    }

    // The token source stays undisposed: tasks that outlive the cell may still ask it.
    public void Dispose() => _output.Dispose();

    private sealed class DisplayHandle(CellRun cell, string id) : IDisplayHandle
    {
        public string Id => id;

        public void Update(object? value)
        {
            if (cell.Kernel.Formatters.Format(value) is { } bundle)
            {
                (CellScope.Current ?? cell).Output.Update(bundle, id);
            }
        }
    }
}

/// <summary>Why a cell was stopped from outside.</summary>
internal enum StopReason
{
    Interrupt,
    Timeout,
}
