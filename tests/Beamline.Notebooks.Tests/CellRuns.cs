using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Notebooks.Tests;

/// <summary>A session whose cells are run one after the other.</summary>
internal sealed class CellRuns : IDisposable
{
    private int _count;

    public NotebookKernel Kernel { get; } = new([new BeamlineExtension()]);

    /// <summary>Runs a cell that has to succeed; the cell with its outputs.</summary>
    public async Task<NotebookCell> Run(string code)
    {
        var (cell, outcome) = await Execute(code);
        Assert.True(outcome.Status == CellStatus.Ok, code + "\n" + string.Join('\n', outcome.Error?.Traceback ?? []));
        return cell;
    }

    /// <summary>Runs a cell that has to fail; what it says.</summary>
    public async Task<string> Fails(string code)
    {
        var (_, outcome) = await Execute(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        return outcome.Error!.Message;
    }

    public void Dispose() => Kernel.Dispose();

    private async Task<(NotebookCell Cell, CellOutcome Outcome)> Execute(string code)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code) { ExecutionCount = ++_count };
        var outcome = await Kernel.ExecuteAsync(
            new CellRequest(code, $"cell {_count}"), new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { }), CancellationToken.None);
        return (cell, outcome);
    }
}
