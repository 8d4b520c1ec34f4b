using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!check</c>: what is wrong in the rest of the cell, which is not run.</summary>
internal sealed class CheckCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } =
        new("check", "Reports errors and warnings of the rest of the cell, and does not run it.", []);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var lines = cell.Request.Code.ReplaceLineEndings("\n").Split('\n');

        // The first one of the cell is this one: behind it nothing runs.
        var line = CellSplitter.Split(cell.Request.Code)
            .First(s => s.IsMagic && MagicParser.NameOf(s.Text) == Descriptor.Name).Line;
        var rest = new string('\n', line) + string.Join('\n', lines[line..]);
        cell.SkipRest = true;
        var problems = new DiagnosticsService(cell.Kernel).Find(rest);
        foreach (var p in problems)
        {
            var color = p.IsError ? Ansi.Red : Ansi.Yellow;
            context.WriteLine($"{color}{(p.IsError ? "error" : "warning")} {p.Code}{Ansi.Reset} (line {p.Line}, column {p.Column}): {p.Message}");
            context.WriteLine($"{p.Line,5} | {lines[p.Line - 1]}");
        }

        var (errors, warnings) = (problems.Count(p => p.IsError), problems.Count(p => !p.IsError));
        context.WriteLine($"{Count(errors, "error")}, {Count(warnings, "warning")}. Nothing below #!check was run.");
        return Task.CompletedTask;
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
