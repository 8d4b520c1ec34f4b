using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Runs the handlers of comm messages one after another on a thread of its own, beside the cells: a slider works while
/// a reconstruction runs. What a handler prints and shows has the comm message as its parent.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The queue lives as long as its thread, which ends with the process")]
internal sealed class CommDispatcher
{
    // An interrupt is meant for the cell; a handler is only stopped when it has run for long.
    private static readonly TimeSpan LongHandler = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<JupyterMessage> _queue = new();
    private readonly Lock _gate = new();
    private readonly NotebookKernel _kernel;
    private readonly Func<JupyterMessage, JupyterSink> _sink;
    private readonly Action<string, JupyterMessage> _status;
    private readonly Action _beforeEach;
    private readonly Thread _thread;
    private CellRun? _running;

    public CommDispatcher(
        NotebookKernel kernel, Func<JupyterMessage, JupyterSink> sink, Action<string, JupyterMessage> status, Action beforeEach)
    {
        (_kernel, _sink, _status, _beforeEach) = (kernel, sink, status, beforeEach);
        _thread = new Thread(Serve) { IsBackground = true, Name = "Beamline comms" };
        _thread.UnsafeStart();
    }

    public static bool IsComm(JupyterMessage message) => message.Type is "comm_open" or "comm_msg" or "comm_close";

    public void Add(JupyterMessage message) => _queue.Add(message);

    public void Interrupt()
    {
        lock (_gate)
        {
            if (_running is not { } cell || cell.Elapsed < LongHandler)
            {
                return;
            }

            if (cell.Stopped is null)
            {
                cell.NoteStop(StopReason.Interrupt);
                cell.IsStopping = true;
                CellGuard.BeginStop();
            }

            // Callbacks of the token are user code and may hang: not on the thread of control.
            _ = Task.Run(cell.Cancel);
            if ((_thread.ThreadState & ThreadState.WaitSleepJoin) != 0)
            {
                _thread.Interrupt();
            }
        }
    }

    private void Serve()
    {
        while (true)
        {
            try
            {
                foreach (var message in _queue.GetConsumingEnumerable())
                {
                    _status("busy", message);
                    _beforeEach();
                    Run(message);
                    _status("idle", message);
                }

                return;
            }
            catch (ThreadInterruptedException)
            {
                // Meant for a handler that had just ended.
            }
        }
    }

    private void Run(JupyterMessage message)
    {
        var sink = _sink(message);
        using var cell = new CellRun(_kernel, new CellRequest("", $"handler of a {message.Type}"), sink);
        CellError? error = null;
        try
        {
            Enter(cell);
            CellScope.Enter(cell);
            using var host = NotebookHost.Use(_kernel.Host);
            using var context = RunContext.Use(RunContext.Default with
            {
                CancellationToken = cell.CancellationToken,
                Progress = cell.Progress,
                Jobs = cell.Progress,
                Warning = cell.Warn,
            });
            _kernel.Comms.Receive(message);
        }
        catch (Exception exception)
        {
            error = cell.Stopped is { } reason
                ? CellStopper.Outcome(reason, cell, abandoned: false).Error
                : RuntimeErrorReport.From(exception, _kernel.Session.SourceOf);
        }
        finally
        {
            Enter(null);
            CellScope.Enter(null);
        }

        cell.RunAtEnd(cell.Stopped is not null ? JobEnding.Cancelled : error is null ? JobEnding.Done : JobEnding.Failed);
        cell.Output.Finish();
        if (error is not null)
        {
            sink.Error(error);
        }
    }

    private void Enter(CellRun? cell)
    {
        lock (_gate)
        {
            if (_running?.Stopped is not null)
            {
                CellGuard.EndStop();
            }

            _running = cell;
        }
    }
}
