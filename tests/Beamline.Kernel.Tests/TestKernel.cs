using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>A kernel whose output is collected in a notebook cell.</summary>
internal sealed class TestKernel : IDisposable
{
    private readonly DisplayIndex _displays = new();
    private int _count;

    public TestKernel(params INotebookExtension[] extensions) => Kernel = new NotebookKernel(extensions);

    public NotebookKernel Kernel { get; init; }

    public List<(ProgressReport Report, TimeSpan Elapsed, bool IsLast)> Reports { get; } = [];

    public async Task<(CellOutcome Outcome, NotebookCell Cell)> RunAsync(
        string code, TimeSpan? timeout = null, CancellationToken token = default)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code) { ExecutionCount = ++_count };
        var sink = new OutputCollector(_displays, cell, (report, elapsed, isLast) => Reports.Add((report, elapsed, isLast)));
        var request = new CellRequest(code, $"cell {_count}") { Timeout = timeout ?? Timeout.InfiniteTimeSpan };
        return (await Kernel.ExecuteAsync(request, sink, token), cell);
    }

    /// <summary>Runs a cell that must succeed; its result or last display as text.</summary>
    public async Task<string?> TextAsync(string code)
    {
        var (outcome, cell) = await RunAsync(code);
        Assert.True(outcome.Status == CellStatus.Ok, string.Join('\n', outcome.Error?.Traceback ?? []));
        return cell.Outputs.LastOrDefault(o => o!["data"] is not null)?["data"]!["text/plain"]!.ToString();
    }

    public void Dispose() => Kernel.Dispose();

    public static string Streams(NotebookCell cell, string name = "stdout") => string.Concat(cell.Outputs
        .Where(o => (string?)o!["output_type"] == "stream" && (string?)o["name"] == name).Select(o => (string?)o!["text"]));
}
