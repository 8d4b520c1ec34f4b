using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Answers execute requests.</summary>
internal sealed class ExecuteHandler(
    NotebookKernel kernel, KernelSockets sockets, CellHistory history, BlockingCollection<string> inputs)
{
    private int _count;

    /// <summary>Speaks for the running cell when the process ends.</summary>
    public LastWords? LastWords { get; set; }

    /// <summary>Called when a cell failed and the requests that are queued by now are not to be run.</summary>
    /// <remarks>
    /// Before the reply is sent: what a front end sends in answer to it must never be among those.
    /// </remarks>
    public Action? StopQueued { get; set; }

    public void Handle(JupyterMessage message)
    {
        var code = message.Text("code") ?? "";
        var isSilent = message.Flag("silent", false);
        if (!isSilent && message.Flag("store_history", true))
        {
            history.Add(++_count, code);
        }

        if (!isSilent)
        {
            sockets.Publish("execute_input", message.HeaderBytes, new JsonObject
            {
                ["code"] = code, ["execution_count"] = _count,
            });
        }

        var sink = new JupyterSink(sockets, message, inputs, _count, isSilent);
        LastWords?.Begin(message, _count);
        var label = isSilent ? "hidden cell" : $"cell {_count}";
        var outcome = kernel.ExecuteAsync(new CellRequest(code, label) { Ticket = message.Ticket }, sink, CancellationToken.None).GetAwaiter().GetResult();
        LastWords?.End();
        JsonObject reply;
        if (outcome.Error is { } error)
        {
            reply = JupyterSink.ErrorContent(error);
            reply["status"] = "error";
            if (message.Flag("stop_on_error", true))
            {
                StopQueued?.Invoke();
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

        reply["execution_count"] = _count;
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

    private JsonObject Expressions(JupyterMessage message)
    {
        var answers = new JsonObject();
        foreach (var (name, node) in message.Content["user_expressions"] as JsonObject ?? [])
        {
            var sink = new ValueSink();
            var request = new CellRequest((string?)node ?? "", $"expression {name}");
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
