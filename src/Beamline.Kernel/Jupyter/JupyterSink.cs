using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Sends the output of one execute request to the front ends, as its children.</summary>
internal sealed class JupyterSink(
    KernelSockets sockets, JupyterMessage request, BlockingCollection<string> inputs, int count, bool isSilent) : ICellSink
{
    private readonly string _progressId = "progress-" + Guid.NewGuid().ToString("N");
    private bool _progressShown;

    public void Stream(string name, string text) =>
        Publish("stream", new JsonObject { ["name"] = name, ["text"] = text });

    public void Display(MimeBundle bundle, string displayId) => Publish("display_data", Shown(bundle, displayId));

    public void UpdateDisplay(MimeBundle bundle, string displayId) =>
        Publish("update_display_data", Shown(bundle, displayId));

    public void Result(MimeBundle bundle)
    {
        if (!isSilent)
        {
            Publish("execute_result", new JsonObject
            {
                ["execution_count"] = count,
                ["data"] = MimeJson.Data(bundle),
                ["metadata"] = MimeJson.Metadata(bundle),
            });
        }
    }

    public void Error(CellError error) => Publish("error", ErrorContent(error));

    public void Clear(bool wait) => Publish("clear_output", new JsonObject { ["wait"] = wait });

    public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
    {
        var text = CellProgress.Text(report, elapsed);
        var html = $"<div><progress max=\"1\" value=\"{Math.Clamp(report.Fraction, 0, 1):0.###}\"></progress> " +
            $"<code>{WebUtility.HtmlEncode(text)}</code></div>";
        var bundle = MimeBundle.FromHtml(html, text);
        if (_progressShown)
        {
            UpdateDisplay(bundle, _progressId);
        }
        else
        {
            _progressShown = true;
            Display(bundle, _progressId);
        }
    }

    public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        if (!request.Flag("allow_stdin", false))
        {
            throw new InvalidOperationException("The cell asks for input, but its front end cannot answer.");
        }

        // Answers to a question that was interrupted are not answers to this one.
        while (inputs.TryTake(out _))
        {
        }

        sockets.AskInput(request, new JsonObject { ["prompt"] = prompt, ["password"] = isPassword });
        return inputs.Take(cancellationToken);
    }

    public static JsonObject ErrorContent(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
    };

    private static JsonObject Shown(MimeBundle bundle, string displayId) => new()
    {
        ["data"] = MimeJson.Data(bundle),
        ["metadata"] = MimeJson.Metadata(bundle),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private void Publish(string type, JsonObject content) => sockets.Publish(type, request.HeaderBytes, content);
}
