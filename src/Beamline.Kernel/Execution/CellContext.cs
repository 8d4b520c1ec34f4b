using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The notebook as a magic command sees it.</summary>
internal sealed class CellContext(CellRun cell) : INotebookContext
{
    public CellRun Cell => cell;

    /// <summary>The lines below the magic line that are in its language; null when it has none.</summary>
    public string? Body { get; init; }

    /// <summary>The text that the magic line is a part of; null for code that no magic line runs.</summary>
    public string? Text { get; init; }

    /// <summary>Number of the magic line in it, from 1.</summary>
    public int Line { get; init; }

    public CancellationToken CancellationToken => cell.CancellationToken;

    public string WorkingFolder => Directory.GetCurrentDirectory();

    public IReadOnlyList<MagicDescriptor> Commands => [.. cell.Kernel.Commands.Select(c => c.Descriptor)];

    public IReadOnlyList<NotebookVariable> Variables => cell.Kernel.Session.Variables();

    public NotebookVariable? FindVariable(string name) => cell.Kernel.Session.FindVariable(name);

    public Task<object?> RunCodeAsync(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return cell.Pump.InvokeAsync(() => RunOnPumpAsync(code));
    }

    public (string Code, int LinesBefore)? TakeRest()
    {
        if (Text is null)
        {
            return null;
        }

        cell.SkipRest = true;
        return (string.Join('\n', Text.ReplaceLineEndings("\n").Split('\n').Skip(Line)), Line);
    }

    public T? Service<T>()
        where T : class => typeof(T) == typeof(ICellStage) ? new CellStage(cell) as T : cell.Kernel.Service<T>();

    public IDisplayHandle Display(object? value) => cell.Display(value);

    public void KeepQuiet(object value) => cell.NoteShown(value);

    public void WriteLine(string line) => cell.Output.Write("stdout", line + "\n");

    /// <summary>What errors call code that a magic command of a cell runs.</summary>
    internal static string LabelOf(CellRun cell) => $"code of a magic in {cell.Request.Label}";

    private async Task<object?> RunOnPumpAsync(string code)
    {
        cell.AddGenerated(code);
        var label = LabelOf(cell);
        var outcome = await cell.Kernel.Session.RunAsync(code, label, code, cell.CancellationToken);
        if (outcome.Errors.Count > 0)
        {
            throw new CellFailedException(CellError.FromDiagnostics(outcome.Errors));
        }

        return outcome.Exception is null
            ? outcome.Value
            : throw new CellFailedException(
                RuntimeErrorReport.From(outcome.Exception, cell.Kernel.Session.SourceOf), outcome.Exception);
    }
}

/// <summary>Carries the report of a failure to the end of the cell.</summary>
internal sealed class CellFailedException(CellError error, Exception? cause = null) : Exception(error.Message, cause)
{
    public CellError Error => error;
}
