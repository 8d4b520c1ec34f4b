using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!deps</c>: which cells depend on which.</summary>
internal sealed class DepsCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("deps", "Shows which cells use what of which, and what is out of date.",
    [
        new("name", MagicValueKind.Text, "A variable, function or type: what it depends on and who uses it.") { IsPositional = true },
        new("warnings", MagicValueKind.Text, "Notes above cells whose inputs are out of date.") { Allowed = ["on", "off"] },
    ]);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var tracker = ((CellContext)context).Cell.Kernel.Graph;
        if (arguments.Text("warnings") is { } warnings)
        {
            tracker.HasWarnings = warnings == "on";
            context.WriteLine(tracker.HasWarnings
                ? "Cells whose inputs are out of date get a note."
                : "No notes about inputs that are out of date. #!deps still marks the cells.");
            return Task.CompletedTask;
        }

        var name = arguments.Text("name")?.TrimStart('@');
        context.Display(tracker.Read(graph => name is null ? GraphReport.All(graph) : GraphReport.One(graph, name)));
        return Task.CompletedTask;
    }
}
