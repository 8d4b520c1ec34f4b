using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>Why a run ended.</summary>
internal sealed record RunEnd(int ExitCode, string Message);

/// <summary>Runs the code cells of a document in order and fills in their outputs.</summary>
internal sealed partial class NotebookRun(
    NotebookDocument document, ICellExecutor executor, RunOptions options, IRunReporter reporter)
{
    private readonly List<CellRunInfo> _finished = [];

    /// <summary>Called before a cell starts, with its number from 1.</summary>
    public Action<int>? BeforeCell { get; init; }

    public IReadOnlyList<CellRunInfo> Finished => _finished;

    public async Task<RunEnd> RunAsync(CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var cell in document.Cells.Where(c => c.Kind == NotebookCellKind.Code))
        {
            // Outputs of an earlier run must not pass for this one's.
            (cell.ExecutionCount, _) = (null, cell.Metadata.Remove("execution"));
            cell.Outputs.Clear();
        }

        var context = new RunContext { Device = options.Device, MemoryLimitBytes = options.MemoryLimitBytes };
        var (count, allowed) = (0, 0);
        for (var i = 0; i < document.Cells.Count; i++)
        {
            var cell = document.Cells[i];
            if (cell.Kind != NotebookCellKind.Code)
            {
                continue;
            }

            if (cell.HasTag("skip-execution") || string.IsNullOrWhiteSpace(cell.Source))
            {
                Finish(new CellRunInfo(i + 1, CellRunStatus.Skipped, TimeSpan.Zero, null, []));
                continue;
            }

            var left = options.TotalTimeout - started.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                return new RunEnd(124, $"The run took longer than {Seconds(options.TotalTimeout!.Value)}; cell {i + 1} was not started.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return new RunEnd(130, $"The run was cancelled before cell {i + 1}.");
            }

            var isTotal = left is not null && (options.CellTimeout is null || left < options.CellTimeout);
            var limit = isTotal ? left : options.CellTimeout;
            cell.ExecutionCount = ++count;
            var status = await RunCellAsync(cell, i, context, limit, cancellationToken).ConfigureAwait(false);
            switch (status)
            {
                case CellRunStatus.Failed:
                    return new RunEnd(1, $"Cell {i + 1} failed: {_finished[^1].Error}");
                case CellRunStatus.TimedOut:
                    return new RunEnd(124, isTotal
                        ? $"The run took longer than {Seconds(options.TotalTimeout!.Value)}; cell {i + 1} was stopped."
                        : $"Cell {i + 1} ran longer than {Seconds(options.CellTimeout!.Value)} and was stopped.");
                case CellRunStatus.Cancelled:
                    return new RunEnd(130, $"The run was cancelled in cell {i + 1}.");
                case CellRunStatus.FailedAsAllowed:
                    allowed++;
                    break;
            }
        }

        return new RunEnd(0, $"{count} cells ran" + (allowed > 0 ? $", {allowed} of them with an error that was allowed." : "."));
    }

    private async Task<CellRunStatus> RunCellAsync(
        NotebookCell cell, int index, RunContext context, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var first = cell.Source.Split('\n').First(line => !string.IsNullOrWhiteSpace(line)).Trim();
        reporter.CellStarted(index + 1, document.Cells.Count, first);
        BeforeCell?.Invoke(index + 1);
        var request = new CellRequest(cell.Source, $"cell {cell.ExecutionCount}")
        {
            Context = context,
            CellId = $"{index + 1}:{cell.Id}",
            Timeout = limit ?? Timeout.InfiniteTimeSpan,
        };
        var begin = DateTimeOffset.UtcNow;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        CellOutcome outcome;
        string? died = null;
        try
        {
            outcome = await executor.RunAsync(cell, request, cancellationToken).ConfigureAwait(false);
        }
        catch (KernelDiedException exception)
        {
            died = exception.Message;
            outcome = new CellOutcome(CellStatus.Failed, exception.Show(cell));
        }

        watch.Stop();
        Stamp(cell, begin, begin + watch.Elapsed);
        OrderCheck.Stamp(cell);
        var status = outcome.Status switch
        {
            CellStatus.Ok => CellRunStatus.Ok,
            CellStatus.TimedOut => CellRunStatus.TimedOut,
            CellStatus.Interrupted => CellRunStatus.Cancelled,
            _ => died is null && (options.AllowErrors || cell.HasTag("raises-exception")) ? CellRunStatus.FailedAsAllowed : CellRunStatus.Failed,
        };
        Finish(new CellRunInfo(
            index + 1,
            status,
            watch.Elapsed,
            outcome.Error is { } error ? $"{error.Name}: {error.Message}" : null,
            [.. (outcome.Error?.Traceback ?? []).Select(line => Escape().Replace(line, ""))]));
        return status;
    }

    private void Finish(CellRunInfo info)
    {
        _finished.Add(info);
        reporter.CellFinished(info);
    }

    private static void Stamp(NotebookCell cell, DateTimeOffset begin, DateTimeOffset end) =>
        cell.Metadata["execution"] = new JsonObject
        {
            ["iopub.status.busy"] = Iso(begin),
            ["iopub.execute_input"] = Iso(begin),
            ["shell.execute_reply"] = Iso(end),
            ["iopub.status.idle"] = Iso(end),
        };

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.###} s";

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
