using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!whos</c>: the variables with their types and values.</summary>
internal sealed class WhosCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("whos", "Lists the variables of the session with their types and values.",
        [new("name", MagicValueKind.Text, "Part of the names to list.") { IsPositional = true }]);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var part = arguments.Text("name") ?? "";
        VariableTable.Show(context, [.. context.Variables.Where(v => v.Name.Contains(part, StringComparison.OrdinalIgnoreCase))],
            ["Name", "Type", "Value"], v => [v.Name, TypeNames.Of(v.Type), BuiltInFormatter.OneLine(v.Value, 80)]);
        return Task.CompletedTask;
    }
}

/// <summary>Variables as a table, for #!who and #!whos.</summary>
internal static class VariableTable
{
    public static void Show(
        INotebookContext context, IReadOnlyList<NotebookVariable> variables, string[] headings, Func<NotebookVariable, string[]> row)
    {
        if (variables.Count == 0)
        {
            context.WriteLine(context.Variables.Count == 0 ? "There are no variables yet." : "No variable has such a name.");
            return;
        }

        string[][] rows = [.. variables.Select(row)];
        var widths = headings.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        var text = string.Join('\n', rows.Select(r => string.Join("  ", r.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()));
        context.Display(MimeBundle.FromHtml(HtmlTable.Of(headings, rows), text));
    }
}
