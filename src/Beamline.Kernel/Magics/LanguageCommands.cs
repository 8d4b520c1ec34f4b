using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!csharp</c>: what follows is C# again.</summary>
internal sealed class CSharpCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new(CellLanguages.CSharp, "The lines after this are C# (again).", []);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context) => Task.CompletedTask;
}

/// <summary><c>#!html</c> and its like: the lines after it are shown as what they are.</summary>
internal sealed class TextLanguageCommand(string name, string summary, Func<string, MimeBundle> show) : IMagicCommand
{
    private const string JavaScriptType = "application/javascript";

    public static IReadOnlyList<IMagicCommand> All { get; } =
    [
        new TextLanguageCommand("html", "Shows the lines after this as HTML.", text => MimeBundle.FromHtml(text, text)),
        new TextLanguageCommand("markdown", "Shows the lines after this as Markdown.",
            text => MimeBundle.Empty.With(MimeTypes.Markdown, text).With(MimeTypes.Text, text)),
        new TextLanguageCommand("javascript", "Runs the lines after this as JavaScript in the front end, if it allows that.", JavaScript),
        new TextLanguageCommand("mermaid", "Draws the lines after this as a Mermaid diagram, in front ends that can.",
            text => MimeBundle.Empty.With("text/vnd.mermaid", text).With(MimeTypes.Text, text)),
    ];

    public MagicDescriptor Descriptor { get; } = new(name, summary + " #!csharp switches back.", []);

    public static MimeBundle JavaScript(string script) =>
        MimeBundle.Empty.With(JavaScriptType, script).With(MimeTypes.Text, $"(JavaScript, {script.Split('\n').Length} lines)");

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var text = ((CellContext)context).Body?.Trim('\n') ?? "";
        if (Array.Find(text.Split('\n'), line => line.StartsWith("#!share", StringComparison.Ordinal) || line.StartsWith("#!set ", StringComparison.Ordinal)) is { } shared)
        {
            throw new MagicException(
                $"'{shared.Trim()}' in {Descriptor.Name}: values cannot be handed to other languages here. Write the text in C# with the value " +
                "in it, and show it: HTML($\"...\") or text.DisplayAs(\"text/markdown\").");
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            context.Display(show(text));
        }

        return Task.CompletedTask;
    }
}
