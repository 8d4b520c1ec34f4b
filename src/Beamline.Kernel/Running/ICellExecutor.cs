using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>Runs the cells of a notebook and puts their outputs into it: in this process, or in another kernel.</summary>
internal interface ICellExecutor
{
    /// <summary>Runs one cell. Errors of the cell are in the outcome and among its outputs.</summary>
    /// <exception cref="KernelDiedException">The kernel is gone; no further cell can run.</exception>
    Task<CellOutcome> RunAsync(NotebookCell cell, CellRequest request, CancellationToken cancellationToken);
}

/// <summary>Runs cells in this process.</summary>
internal sealed class InProcessExecutor(NotebookKernel kernel, DisplayIndex displays, IRunReporter reporter) : ICellExecutor
{
    public Task<CellOutcome> RunAsync(NotebookCell cell, CellRequest request, CancellationToken cancellationToken) =>
        kernel.ExecuteAsync(request with { Code = CellLanguages.SourceOf(cell) }, new OutputCollector(displays, cell, Progress), cancellationToken);

    private void Progress(ProgressReport report, TimeSpan elapsed, bool isLast) => reporter.Progress(report, elapsed);
}
