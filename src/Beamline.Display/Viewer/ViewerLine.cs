using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Display.Widgets;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// A way from viewers to the kernel through two stock widgets, for front ends that let no script reach a kernel and take no
/// extension of ours, as VS Code. Classic Notebook, JupyterLab and Notebook 7 need none (docs/viewers.md).
/// </summary>
/// <remarks>Questions and answers are those of <see cref="ViewerComm"/>; only bytes travel as base64, which is a third more.</remarks>
public sealed class ViewerLine
{
    private readonly string _name = "beamline-" + Guid.NewGuid().ToString("N");
    private readonly Text _question = new();
    private readonly Html _answer;

    private ViewerLine()
    {
        _answer = new Html(Span("0", "", ""));
        _question.Placeholder = _name;
        _question.Layout = new WidgetLayout { Display = "none" };
        _answer.Layout = new WidgetLayout { Display = "none" };
        _question.OnChange(Answer);
    }

    /// <summary>Shows the line in the output of this cell. Viewers of the page have exact values from then on, as long as it stays there.</summary>
    /// <returns>The line.</returns>
    /// <exception cref="InvalidOperationException">The code runs outside a notebook, or without a front end.</exception>
    public static ViewerLine Open()
    {
        if (NotebookHost.Current is not { HasFrontEnd: true } host)
        {
            throw new InvalidOperationException("No front end is here that viewers could be in: ViewerLine.Open() works in cells of a notebook.");
        }

        var line = new ViewerLine();
        LiveArrays.IsListening = true;
        host.Show(new HBox(line._question, line._answer, new Label("Viewers of this notebook ask the kernel for exact values.")));
        host.Show(MimeBundle.FromHtml(
            $"<script>{Script()}({JsonSerializer.Serialize(line._name)},{JsonSerializer.Serialize(ViewerComm.Target)})</script>", "viewers are live"));
        return line;
    }

    /// <inheritdoc/>
    public override string ToString() => "viewers are live";

    private static string Script()
    {
        using var stream = typeof(ViewerLine).Assembly.GetManifestResourceStream("viewer-line.js")
            ?? throw new InvalidOperationException("The assembly lacks its file viewer-line.js.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }

    private void Answer(string text)
    {
        JsonObject? question;
        try
        {
            question = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Typed by hand: nobody waits for an answer.
            return;
        }

        if (question?["ask"] is not JsonObject ask || question["n"] is not JsonValue n || !n.TryGetValue<int>(out var number))
        {
            return;
        }

        var id = question["id"] is JsonValue value && value.TryGetValue<string>(out var known) ? known : "";
        var answer = ViewerComm.Answer(id, ask);
        _answer.Value = Span(
            number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            answer.Data.ToJsonString(),
            answer.Buffers.Count > 0 ? Convert.ToBase64String(answer.Buffers[0]) : "");
    }

    private string Span(string number, string reply, string bytes) =>
        $"<span data-beamline-line=\"{_name}\" data-n=\"{number}\" data-reply=\"{WebUtility.HtmlEncode(reply)}\">{bytes}</span>";
}
