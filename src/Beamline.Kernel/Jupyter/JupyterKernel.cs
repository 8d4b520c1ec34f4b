using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// Answers the requests of front ends. Shell requests wait for each other on one thread; control requests are
/// answered on the thread that receives them, also while a cell runs.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private readonly KernelSockets _sockets;
    private readonly NotebookKernel _kernel;
    private readonly ICodeAssistant _assistant;
    private readonly ExecuteHandler _execute;
    private readonly LastWords _lastWords;
    private readonly CellHistory _history = new();
    private readonly BlockingCollection<JupyterMessage> _queue = new();
    private readonly List<JupyterMessage> _stopped = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JupyterKernel(
        ConnectionInfo connection,
        IReadOnlyList<INotebookExtension> extensions,
        Func<NotebookKernel, ICodeAssistant>? assistant = null)
    {
        _sockets = new KernelSockets(connection);
        var inputs = new BlockingCollection<string>();
        _sockets.ShellReceived = message =>
        {
            // From here on an interrupt knows of the cell, though others may be before it.
            message.Ticket = message.Type == "execute_request" ? _kernel!.Queue.Add() : null;
            _queue.Add(message);
        };
        _sockets.ControlReceived = message => Handle(message, onControl: true);
        _sockets.StdinReceived = message => inputs.Add(message.Text("value") ?? "");
        try
        {
            _kernel = new NotebookKernel(extensions);
        }
        catch
        {
            _sockets.Dispose();
            throw;
        }

        _assistant = assistant?.Invoke(_kernel) ?? new LightAssistant(_kernel);
        _execute = new ExecuteHandler(_kernel, _sockets, _history, inputs) { StopQueued = StopQueued };
        _lastWords = _execute.LastWords = new LastWords(_sockets);
    }

    /// <summary>Completes when a front end asked to shut down.</summary>
    public Task Ended => _ended.Task;

    public int DroppedMessages => _sockets.Dropped;

    public void Start()
    {
        _sockets.Publish("status", JupyterMessage.NoParent, new JsonObject { ["execution_state"] = "starting" });
        _sockets.Start();
        new Thread(ServeShell) { IsBackground = true, Name = "Beamline shell" }.UnsafeStart();
        _ = Task.Run(async () =>
        {
            try
            {
                await _kernel.Session.WarmUpAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The first cell will meet the same trouble and report it; the kernel itself goes on.
                await Console.Error.WriteLineAsync($"warm-up failed: {exception.Message}").ConfigureAwait(false);
            }
        });
    }

    public void Interrupt() => _kernel.Interrupt();

    public void Dispose()
    {
        _lastWords.Dispose();
        _kernel.Dispose();
        _sockets.Flush();
        _sockets.Dispose();
    }

    private void ServeShell()
    {
        foreach (var message in _queue.GetConsumingEnumerable())
        {
            Handle(message, onControl: false);
            foreach (var next in _stopped)
            {
                Handle(next, onControl: false, isAborted: next.Type == "execute_request");
            }

            _stopped.Clear();
        }
    }

    // What was sent before the front end could know of the error is not run. What comes later is.
    private void StopQueued()
    {
        _sockets.ReceivePendingShell();
        while (_queue.TryTake(out var next))
        {
            _stopped.Add(next);
        }
    }

    private void Handle(JupyterMessage message, bool onControl, bool isAborted = false)
    {
        Status("busy", message);
        try
        {
            if (isAborted)
            {
                _execute.Abort(message);
            }
            else if (message.Type == "execute_request")
            {
                _execute.Handle(message);
            }
            else if (Answer(message) is { } content)
            {
                _sockets.Reply(message, onControl, message.Type.Replace("_request", "_reply", StringComparison.Ordinal), content);
            }
        }
        catch (Exception exception)
        {
            // One request that cannot be answered must not end the kernel.
            var content = JupyterSink.ErrorContent(CellError.Simple(exception.GetType().Name, exception.Message));
            content["status"] = "error";
            _sockets.Reply(message, onControl, message.Type.Replace("_request", "_reply", StringComparison.Ordinal), content);
        }

        Status("idle", message);
        if (message.Type == "shutdown_request")
        {
            _ended.TrySetResult();
        }
    }

    private JsonObject? Answer(JupyterMessage message)
    {
        var code = message.Text("code") ?? "";
        var place = CodePoints.ToUtf16(code, message.Number("cursor_pos", 0));
        switch (message.Type)
        {
            case "kernel_info_request":
                return KernelInfo();
            case "interrupt_request":
                _kernel.Interrupt();
                return new JsonObject { ["status"] = "ok" };
            case "shutdown_request":
                return new JsonObject { ["status"] = "ok", ["restart"] = message.Flag("restart", false) };
            case "is_complete_request":
                return IsComplete(code);
            case "complete_request":
                return Complete(code, place);
            case "inspect_request":
                var text = _assistant.Inspect(code, place);
                return new JsonObject
                {
                    ["status"] = "ok",
                    ["found"] = text is not null,
                    ["data"] = text is null ? new JsonObject() : new JsonObject { [MimeTypes.Text] = text },
                    ["metadata"] = new JsonObject(),
                };
            case "history_request":
                return new JsonObject { ["status"] = "ok", ["history"] = _history.Answer(message) };
            case "comm_info_request":
                return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // Nothing here knows any target yet; without this answer the front end would wait for one.
                _sockets.Publish("comm_close", message.HeaderBytes, new JsonObject
                {
                    ["comm_id"] = message.Text("comm_id"), ["data"] = new JsonObject(),
                });
                return null;
            default:
                return null;
        }
    }

    private JsonObject Complete(string code, int place)
    {
        var found = _assistant.Complete(code, place);
        var (start, end) = (CodePoints.FromUtf16(code, found.Start), CodePoints.FromUtf16(code, found.End));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Items.Select(i => JsonValue.Create(i.Text))]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Items.Select(i => (JsonNode)new JsonObject
                {
                    ["text"] = i.Text, ["type"] = i.Kind, ["start"] = start, ["end"] = end,
                })]),
            },
        };
    }

    private static JsonObject IsComplete(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(CellSplitter.WithoutMagics(code), CSharpSession.ParseOptions);
        var status = !SyntaxFactory.IsCompleteSubmission(tree) ? "incomplete"
            : tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error) ? "invalid"
            : "complete";
        var answer = new JsonObject { ["status"] = status };
        if (status == "incomplete")
        {
            answer["indent"] = "    ";
        }

        return answer;
    }

    private static JsonObject KernelInfo() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = WireFormat.ProtocolVersion,
        ["implementation"] = KernelMetadata.KernelName,
        ["implementation_version"] = typeof(JupyterKernel).Assembly.GetName().Version?.ToString(3) ?? "0",
        ["language_info"] = KernelMetadata.LanguageInfo(),
        ["banner"] = "Beamline: C# for X-ray imaging. #!lsmagic lists the commands.",
        ["help_links"] = new JsonArray(),
        ["supported_features"] = new JsonArray(),
    };

    private void Status(string state, JupyterMessage parent) =>
        _sockets.Publish("status", parent.HeaderBytes, new JsonObject { ["execution_state"] = state });
}
