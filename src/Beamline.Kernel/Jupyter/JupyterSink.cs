using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Sends the output of one execute request to the front ends, as its children.</summary>
internal sealed class JupyterSink(
    KernelSockets sockets, JupyterMessage request, BlockingCollection<string> inputs, int count, bool isSilent)
    : ICellSink, ICommSink
{
    // A result that is kept in the history is for a look back, not an archive.
    private const int LongestNoted = 10_000;

    private readonly string _progressId = "progress-" + Guid.NewGuid().ToString("N");
    private readonly ProgressSteps _steps = new();
    private bool _progressShown;

    /// <summary>The text of the cell's result, for the history.</summary>
    public string? ResultText { get; private set; }

    /// <summary>False for a console, which prints a display once and passes over its updates.</summary>
    public bool CanChange { get; } = !ConsoleClient.Sent(request);

    /// <summary>For comm messages of code that belongs to no cell.</summary>
    public static ICommSink WithoutParent(KernelSockets sockets) => new Orphan(sockets);

    public void Comm(string type, JsonObject content, JsonObject? metadata, IReadOnlyList<byte[]> buffers) =>
        sockets.Publish(type, request.HeaderBytes, content, metadata, buffers);

    public void Stream(string name, string text) =>
        Publish("stream", new JsonObject { ["name"] = name, ["text"] = text });

    public void Display(MimeBundle bundle, string displayId) => Publish("display_data", Shown(bundle, displayId));

    public void UpdateDisplay(MimeBundle bundle, string displayId) =>
        Publish("update_display_data", Shown(bundle, displayId));

    public void Result(MimeBundle bundle)
    {
        if (bundle.Parts.GetValueOrDefault(MimeTypes.Text) is string text)
        {
            ResultText = text.Length <= LongestNoted ? text : text[..LongestNoted];
        }

        Publish("execute_result", new JsonObject
        {
            ["execution_count"] = count,
            ["data"] = MimeJson.Data(bundle),
            ["metadata"] = MimeJson.Metadata(bundle),
        });
    }

    public void Error(CellError error) => Publish("error", ErrorContent(error));

    public void Clear(bool wait) => Publish("clear_output", new JsonObject { ["wait"] = wait });

    public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
    {
        if (!CanChange)
        {
            if (!isLast && _steps.Take(report, elapsed))
            {
                Stream("stderr", ProgressText.Line(report, elapsed) + "\n");
            }

            return;
        }

        if (report.Job?.IsFollowed == true)
        {
            // A display of the job's own shows it.
            return;
        }

        var text = ProgressText.Line(report, elapsed);
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
            throw new InvalidOperationException(
                "The cell asks for input, but its front end takes none (allow_stdin is false). " +
                "Give the value as a parameter, or run the cell where somebody can type.");
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

    // A silent cell publishes no output of any kind; only its comms work.
    private void Publish(string type, JsonObject content)
    {
        if (!isSilent)
        {
            sockets.Publish(type, request.HeaderBytes, content);
        }
    }

    private sealed class Orphan(KernelSockets sockets) : ICommSink
    {
        public void Comm(string type, JsonObject content, JsonObject? metadata, IReadOnlyList<byte[]> buffers) =>
            sockets.Publish(type, JupyterMessage.NoParent, content, metadata, buffers);
    }
}
