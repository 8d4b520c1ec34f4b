using System.Text;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>A place for outputs of code: prints, displays and errors, which each run replaces.</summary>
public sealed class Output : DisplayWidget
{
    private readonly Lock _gate = new();
    private JsonArray _outputs = [];

    /// <summary>An empty place.</summary>
    public Output()
        : base(new WidgetModel("@jupyter-widgets/output", "1.0.0", "OutputModel", "OutputView"))
    {
        Keep("msg_id", JsonValue.Create(""));
        Keep("outputs", new JsonArray());
    }

    /// <summary>Runs something and shows what it prints, displays and throws here, in the place of what was shown before.</summary>
    /// <param name="action">What to run, on the calling thread.</param>
    /// <exception cref="InvalidOperationException">The code runs outside a notebook.</exception>
    public void Capture(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Show([.. Host().Capture(action)]);
    }

    /// <summary>Shows a value below what is here.</summary>
    /// <param name="value">The value; null shows nothing.</param>
    /// <exception cref="InvalidOperationException">The code runs outside a notebook.</exception>
    public void Append(object? value)
    {
        var host = Host();
        foreach (var output in host.Capture(() => host.Show(value)))
        {
            Add(output);
        }
    }

    /// <summary>Writes text below what is here.</summary>
    /// <param name="text">The text, with its line ends.</param>
    public void AppendText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text });
    }

    /// <summary>Removes what is here.</summary>
    public void Clear() => Show([]);

    internal override string StaticHtml()
    {
        var html = new StringBuilder();
        lock (_gate)
        {
            foreach (var output in _outputs.OfType<JsonObject>())
            {
                html.Append(StaticOutput(output));
            }
        }

        return html.ToString();
    }

    internal override string StaticText()
    {
        lock (_gate)
        {
            return string.Join("\n", _outputs.OfType<JsonObject>().Select(PlainText));
        }
    }

    // A front end that fills it by itself, by message, tells us so; nothing here depends on it.
    private protected override Action? Accept(string key, JsonNode? value) => key is "msg_id" or "outputs" ? () => { } : base.Accept(key, value);

    private static INotebookHost Host() => NotebookHost.Current ?? throw new InvalidOperationException(
        "No notebook runs this code: outputs can be shown in code that a cell or an event of a widget started.");

    private static string StaticOutput(JsonObject output)
    {
        if (output["data"] is JsonObject data)
        {
            if (WidgetText.Of(data[MimeTypes.Html]) is { } html)
            {
                return html;
            }

            if (WidgetText.Of(data[MimeTypes.Png]) is { } png)
            {
                return $"<img alt=\"output\" src=\"data:image/png;base64,{png}\">";
            }
        }

        return $"<pre>{Escaped(PlainText(output))}</pre>";
    }

    private static string PlainText(JsonObject output) => (string?)output["output_type"] switch
    {
        "stream" => (string?)output["text"] ?? "",
        "error" => $"{output["ename"]}: {output["evalue"]}",
        _ => WidgetText.Of(output["data"]?[MimeTypes.Text]) ?? "",
    };

    private void Add(JsonObject output)
    {
        lock (_gate)
        {
            _outputs.Add((JsonNode)output);
            Set("outputs", _outputs.DeepClone());
        }
    }

    private void Show(JsonObject[] outputs)
    {
        lock (_gate)
        {
            _outputs = new JsonArray([.. outputs]);
            Set("outputs", _outputs.DeepClone());
        }
    }
}
