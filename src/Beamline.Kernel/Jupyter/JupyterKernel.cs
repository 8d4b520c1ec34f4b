using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Answers the requests of front ends, each kind where it does not wait for what it need not wait for: cells in turn,
/// questions and comm messages beside them, control on the thread that receives it. See docs/adr/0017.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private static readonly TimeSpan WarmUpAtLatest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstCellChance = TimeSpan.FromMilliseconds(100);

    // Sockets that find nobody try again after 100 ms, each for itself.
    private static readonly TimeSpan ListenerPatience = TimeSpan.FromMilliseconds(200);

    private readonly KernelSockets _sockets;
    private readonly NotebookKernel _kernel;
    private readonly ExecuteHandler _execute;
    private readonly RequestAnswers _answers;
    private readonly CellHistory _history;
    private readonly ShellQueue _shell;
    private readonly Subshells _subshells;
    private readonly CommDispatcher _comms;
    private readonly BlockingCollection<JupyterMessage> _questions = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastWords _lastWords;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasCells;
    private bool _isAsked;

    public JupyterKernel(
        ConnectionInfo connection,
        IReadOnlyList<INotebookExtension> extensions,
        Func<NotebookKernel, ICodeAssistant>? assistant = null,
        CellHistory? history = null,
        RunContext? context = null,
        TimeSpan? patience = null,
        string? connectionFile = null)
    {
        _sockets = new KernelSockets(connection);
        _history = history ?? new CellHistory(null);
        var inputs = new BlockingCollection<string>();
        try
        {
            _kernel = new NotebookKernel(extensions);
        }
        catch
        {
            _sockets.Dispose();
            throw;
        }

        var made = new Lazy<ICodeAssistant>(() => assistant?.Invoke(_kernel) ?? CodeAssistants.Create(_kernel));
        _answers = new RequestAnswers(() => made.Value, _history, _kernel.Comms.Info);
        _execute = new ExecuteHandler(_kernel, _sockets, _history, inputs, context ?? RunContext.Default)
        {
            CrashNote = new CrashNote(connectionFile),
        };
        _lastWords = _execute.LastWords = new LastWords(_sockets);
        _shell = new ShellQueue("Beamline shell", (message, isAborted) => HandleShell(message, _shell!, isAborted), patience ?? ShellQueue.UsualPatience);
        _subshells = new Subshells(MakeSubshell);
        _comms = new CommDispatcher(
            _kernel, message => new JupyterSink(_sockets, message, inputs, 0, isSilent: false), Status, _shell.WaitForFreshCell);
        var diagnostics = new DiagnosticsComm(new DiagnosticsService(_kernel));
        _kernel.Comms.AddTarget(DiagnosticsComm.Target, (comm, _) => comm.Received = asked => comm.Send(diagnostics.Answer(asked.Data)));
        _kernel.Extensions.Listen(_kernel.Comms);
        _kernel.Comms.Unparented = JupyterSink.WithoutParent(_sockets);
        _sockets.ShellReceived = Dispatch;
        _sockets.ControlReceived = HandleControl;
        _sockets.StdinReceived = message => inputs.Add(message.Text("value") ?? "");
    }

    /// <summary>Completes when a front end asked to shut down.</summary>
    public Task Ended => _ended.Task;

    public int DroppedMessages => _sockets.Dropped;

    /// <summary>The connection with the ports that are really used.</summary>
    public ConnectionInfo Connection => _sockets.Connection;

    public NotebookKernel Notebook => _kernel;

    public void Start()
    {
        _sockets.Publish("status", JupyterMessage.NoParent, new JsonObject { ["execution_state"] = "starting" });
        _sockets.Start();
        new Thread(ServeQuestions) { IsBackground = true, Name = "Beamline questions" }.UnsafeStart();
        _ = Task.Run(WarmUpAsync);
    }

    public void Interrupt()
    {
        _kernel.Interrupt();
        _comms.Interrupt();
    }

    public void Dispose()
    {
        _lastWords.Dispose();
        _execute.CrashNote.Dispose();
        _kernel.Dispose();
        _sockets.Flush();
        _sockets.Dispose();
        _history.Dispose();
        _questions.CompleteAdding();
    }

    // Not before a front end has its first answer: both would want the same cores. And not beside a cell that came at once:
    // it warms the compiler itself, and would only share it.
    private async Task WarmUpAsync()
    {
        await Task.WhenAny(_ready.Task, Task.Delay(WarmUpAtLatest)).ConfigureAwait(false);
        await Task.Delay(FirstCellChance).ConfigureAwait(false);
        try
        {
            if (!_hasCells)
            {
                await _kernel.Session.WarmUpAsync(CancellationToken.None).ConfigureAwait(false);
                RestoreCache.WarmUp(DirectiveScanner.Scan("#r \"nuget: Warm.Up, 1.0.0\"\n1").Directives[0]);
            }

            _history.Open();
        }
        catch (Exception exception)
        {
            // The first cell will meet the same trouble and report it; the kernel itself goes on.
            await Console.Error.WriteLineAsync($"warm-up failed: {exception.Message}").ConfigureAwait(false);
        }
    }

    private ShellQueue MakeSubshell(string id)
    {
        ShellQueue? made = null;
        made = new ShellQueue($"Beamline subshell {id}", (message, isAborted) => HandleShell(message, made!, isAborted), ShellQueue.UsualPatience);
        return made;
    }

    // On the thread of the shell socket: sorts, and nothing else.
    private void Dispatch(JupyterMessage message)
    {
        // From here on an interrupt knows of the cell, though others may be before it.
        message.Ticket = message.Type == "execute_request" ? _kernel.Queue.Add() : null;
        _hasCells |= message.Type == "execute_request";
        if (CommDispatcher.IsComm(message))
        {
            _comms.Add(message);
        }
        else if (message.Subshell is { } id)
        {
            if (_subshells.Find(id)?.TryAdd(message) != true)
            {
                Status("busy", message);
                ReplyError(message, onControl: false, "SubshellError", Subshells.Unknown(id));
                message.Ticket?.Drop();
                Status("idle", message);
            }
        }
        else if (RequestAnswers.IsBeside(message) || message.Type is "shutdown_request" or "interrupt_request")
        {
            _questions.Add(message);
        }
        else
        {
            _shell.TryAdd(message);
        }
    }

    private void ServeQuestions()
    {
        foreach (var message in _questions.GetConsumingEnumerable())
        {
            Guarded(message, onControl: false, () =>
            {
                if (RequestAnswers.IsBeside(message))
                {
                    _shell.WaitForFreshCell();
                }

                Answer(message, onControl: false);
            });
        }
    }

    private void HandleShell(JupyterMessage message, ShellQueue shell, bool isAborted)
    {
        if (shell == _shell && !_isAsked)
        {
            // A front end that connects before the kernel is there asks as soon as its shell socket gets through. The state
            // that goes with the answer would be lost if its other socket does so a little later.
            _isAsked = true;
            _sockets.WaitForListener(ListenerPatience);
        }

        Guarded(message, onControl: false, () =>
        {
            if (isAborted)
            {
                _execute.Abort(message);
            }
            else if (message.Type == "execute_request")
            {
                // What was sent before the front end could know of an error is not run. What comes later is.
                _execute.Handle(message, isMainShell: shell == _shell, stopQueued: () =>
                {
                    _sockets.ReceivePendingShell();
                    shell.StopQueued();
                });
            }
            else
            {
                Answer(message, onControl: false);
            }
        });
    }

    private void HandleControl(JupyterMessage message)
    {
        // A cell has no business on control: it would keep interrupts from being heard.
        if (message.Type is "execute_request")
        {
            Guarded(message, onControl: true, () => ReplyError(
                message, onControl: true, "ControlError", "Cells are run on the shell channel, not on control."));
            return;
        }

        Guarded(message, onControl: true, () => Answer(message, onControl: true));
    }

    private void Answer(JupyterMessage message, bool onControl)
    {
        var content = message.Type switch
        {
            "interrupt_request" => Interrupted(),
            "shutdown_request" => new JsonObject { ["status"] = "ok", ["restart"] = message.Flag("restart", false) },
            _ => (onControl ? _subshells.Answer(message) : null) ?? _answers.Answer(message),
        };
        if (content is not null)
        {
            _sockets.Reply(message, onControl, message.ReplyType, content);
        }

        if (message.Type == "kernel_info_request")
        {
            _ready.TrySetResult();
        }
    }

    private JsonObject Interrupted()
    {
        Interrupt();
        return new JsonObject { ["status"] = "ok" };
    }

    private void Guarded(JupyterMessage message, bool onControl, Action answer)
    {
        Status("busy", message);
        try
        {
            answer();
        }
        catch (Exception exception)
        {
            // One request that cannot be answered must not end the kernel.
            ReplyError(message, onControl, exception.GetType().Name, exception.Message);
        }

        message.Ticket?.Drop();
        if (message.Type == "shutdown_request")
        {
            // The other front ends learn of it, too.
            _sockets.Publish("shutdown_reply", message.HeaderBytes, new JsonObject
            {
                ["status"] = "ok", ["restart"] = message.Flag("restart", false),
            });
        }

        Status("idle", message);
        if (message.Type == "shutdown_request")
        {
            _ended.TrySetResult();
        }
    }

    private void ReplyError(JupyterMessage message, bool onControl, string name, string text)
    {
        if (message.IsRequest)
        {
            var content = JupyterSink.ErrorContent(CellError.Simple(name, text));
            content["status"] = "error";
            _sockets.Reply(message, onControl, message.ReplyType, content);
        }
    }

    private void Status(string state, JupyterMessage parent) =>
        _sockets.Publish("status", parent.HeaderBytes, new JsonObject { ["execution_state"] = state });
}
