using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Answers execute requests.</summary>
internal sealed class ExecuteHandler(
    NotebookKernel kernel, KernelSockets sockets, CellHistory history, BlockingCollection<string> inputs, RunContext context)
    : IDisposable
{
    // A cell of a subshell is run between the cells of the main one, and does not wait long for that.
    private static readonly TimeSpan SubshellPatience = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _oneCell = new(1, 1);
    private int _count;
    private string _running = "";

    /// <summary>Speaks for the running cell when the process ends.</summary>
    public LastWords? LastWords { get; set; }

    /// <summary>Speaks for the running cell after the process has ended.</summary>
    public CrashNote CrashNote { get; init; } = new(null);

    /// <param name="message">The request.</param>
    /// <param name="isMainShell">False for a subshell: its cell is refused while another one runs.</param>
    /// <param name="stopQueued">
    /// Called when the cell failed and the requests that are queued by now are not to be run. Before the reply is sent:
    /// what a front end sends in answer to it must never be among those.
    /// </param>
    public void Handle(JupyterMessage message, bool isMainShell, Action stopQueued)
    {
        if (!_oneCell.Wait(isMainShell ? Timeout.InfiniteTimeSpan : SubshellPatience))
        {
            Refuse(message);
            return;
        }

        try
        {
            Run(message, stopQueued);
        }
        finally
        {
            _oneCell.Release();
        }
    }

    public void Dispose()
    {
        CrashNote.Dispose();
        _oneCell.Dispose();
    }

    private void Run(JupyterMessage message, Action stopQueued)
    {
        var code = message.Text("code") ?? "";
        var isSilent = message.Flag("silent", false);
        var isNoted = !isSilent && message.Flag("store_history", true);
        var count = isNoted ? ++_count : _count;
        if (!isSilent)
        {
            sockets.Publish("execute_input", message.HeaderBytes, new JsonObject
            {
                ["code"] = code, ["execution_count"] = count,
            });
        }

        // Before it runs: a cell that ends the process is in the history, too.
        if (isNoted)
        {
            history.Add(count, code);
        }

        var sink = new JupyterSink(sockets, message, inputs, count, isSilent);
        _running = isNoted ? $"cell {count}" : "hidden cell";
        var request = new CellRequest(code, _running)
        {
            Context = context, Ticket = message.Ticket, CellId = CellIdOf(message), IsTracked = !isSilent,
        };
        LastWords?.Begin(message, count);
        // A silent cell is the front end's own and could show nothing.
        if (!isSilent && CrashNote.Begin(_running, code) is { } crashed)
        {
            sink.Stream("stderr", $"{Ansi.Yellow}{crashed}{Ansi.Reset}\n");
        }

        var outcome = kernel.ExecuteAsync(request, sink, CancellationToken.None).GetAwaiter().GetResult();
        LastWords?.End();
        CrashNote.End();
        if (isNoted && sink.ResultText is { } result)
        {
            history.AddOutput(count, result);
        }

        JsonObject reply;
        if (outcome.Error is { } error)
        {
            reply = JupyterSink.ErrorContent(error);
            reply["status"] = "error";
            if (message.Flag("stop_on_error", true))
            {
                stopQueued();
            }
        }
        else
        {
            reply = new JsonObject
            {
                ["status"] = "ok",
                ["payload"] = new JsonArray(),
                ["user_expressions"] = Expressions(message),
            };
        }

        reply["execution_count"] = count;
        sockets.Reply(message, onControl: false, "execute_reply", reply);
    }

    private void Refuse(JupyterMessage message)
    {
        var error = CellError.Simple(
            "SubshellBusy",
            $"{_running} is running, and C# cells run one at a time because they share their variables. Completion, inspection " +
            "and widgets work meanwhile; run this again when that cell has ended, or interrupt it.");
        var reply = JupyterSink.ErrorContent(error);
        reply["status"] = "error";
        reply["execution_count"] = _count;
        if (!message.Flag("silent", false))
        {
            sockets.Publish("error", message.HeaderBytes, JupyterSink.ErrorContent(error));
        }

        sockets.Reply(message, onControl: false, "execute_reply", reply);
    }

    /// <summary>Answers a request that is not run because of an error before it.</summary>
    public void Abort(JupyterMessage message)
    {
        message.Ticket?.Drop();
        sockets.Reply(message, onControl: false, "execute_reply", new JsonObject
        {
            ["status"] = "aborted", ["execution_count"] = _count,
        });
    }

    // JupyterLab and VS Code name the cell; classic Notebook and nbclient do not.
    private static string? CellIdOf(JupyterMessage message) =>
        message.Metadata["cellId"] is JsonValue value && value.TryGetValue<string>(out var id) && id.Length is > 0 and <= 256 ? id : null;

    private JsonObject Expressions(JupyterMessage message)
    {
        var answers = new JsonObject();
        foreach (var (name, node) in message.Content["user_expressions"] as JsonObject ?? [])
        {
            var sink = new ValueSink();
            var code = node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
            var request = new CellRequest(code, $"expression {name}") { Context = context, IsTracked = false };
            var outcome = kernel.ExecuteAsync(request, sink, CancellationToken.None).GetAwaiter().GetResult();
            if (outcome.Error is { } error)
            {
                var content = JupyterSink.ErrorContent(error);
                content["status"] = "error";
                answers[name] = content;
                continue;
            }

            var bundle = sink.Value ?? MimeBundle.FromText("null");
            answers[name] = new JsonObject
            {
                ["status"] = "ok", ["data"] = MimeJson.Data(bundle), ["metadata"] = MimeJson.Metadata(bundle),
            };
        }

        return answers;
    }

    /// <summary>Keeps the value of an expression and nothing else.</summary>
    private sealed class ValueSink : ICellSink
    {
        public MimeBundle? Value { get; private set; }

        public void Stream(string name, string text)
        {
        }

        public void Display(MimeBundle bundle, string displayId)
        {
        }

        public void UpdateDisplay(MimeBundle bundle, string displayId)
        {
        }

        public void Result(MimeBundle bundle) => Value = bundle;

        public void Error(CellError error)
        {
        }

        public void Clear(bool wait)
        {
        }

        public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("An expression cannot ask for input.");
    }
}
