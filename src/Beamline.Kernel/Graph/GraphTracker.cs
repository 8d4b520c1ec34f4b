using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// Keeps the graph of a running kernel: looks into each cell after its answer has been sent, and warns above the output
/// of a cell whose inputs are out of date.
/// </summary>
internal sealed partial class GraphTracker(NotebookKernel kernel) : ICellObserver
{
    private readonly Lock _gate = new();
    private readonly NotebookGraph _graph = new();
    private readonly CellAnalyzer _analyzer = new(kernel.Session, () => kernel.Commands);
    private readonly HashSet<(string Reader, string Producer, int Run, string Root, int RootRun)> _warned = [];
    private Task _pending = Task.CompletedTask;
    private CSharpCompilation? _before;
    private int _unnamed;

    /// <summary>Whether cells with stale inputs get a note above their output.</summary>
    public bool HasWarnings { get; set; } = true;

    /// <summary>True while a magic runs recorded cells again.</summary>
    public bool IsRerunning { get; set; }

    /// <summary>The failure of the analysis itself, for tests: it must never reach the user's cell.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How long the last analysis took.</summary>
    public TimeSpan LastAnalysis { get; private set; }

    public void Starting(CellRun cell)
    {
        if (!cell.Request.IsTracked)
        {
            return;
        }

        Wait();
        Begin();
        if (HasWarnings)
        {
            WarnOfStaleInputs(cell, cell.Request.CellId, cell.Request.Code);
        }
    }

    public void Finished(CellRun cell, CellOutcome outcome)
    {
        if (!cell.Request.IsTracked)
        {
            return;
        }

        var (request, before, ran, generated) = (cell.Request, _before, kernel.Session.LastCompilation, cell.TakeGenerated());
        _before = null;

        // After the cells before it; the next cell waits for it, the answer to this one does not.
        _pending = _pending.ContinueWith(
            _ => Record(request.CellId, request.Label, request.Code, generated, before, ran, outcome.Status),
            CancellationToken.None,
            TaskContinuationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    /// <summary>Waits until all cells that ended are in the graph.</summary>
    public void Wait() => _pending.Wait();

    /// <summary>Reads the graph; nothing changes it meanwhile.</summary>
    public T Read<T>(Func<NotebookGraph, T> read)
    {
        lock (_gate)
        {
            return read(_graph);
        }
    }

    /// <summary>A cell begins, as part of another one when it is run again by a magic.</summary>
    public void Begin() => _before = kernel.Session.LastCompilation;

    /// <summary>A cell that a magic ran again has ended.</summary>
    public void RecordAgain(GraphCell cell, IReadOnlyList<string> generated, CellStatus status) =>
        Record(cell.Key, cell.Label, cell.Text, generated, _before, kernel.Session.LastCompilation, status);

    private void Record(
        string? id,
        string label,
        string text,
        IReadOnlyList<string> generated,
        CSharpCompilation? before,
        CSharpCompilation? ran,
        CellStatus status)
    {
        try
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            if (status != CellStatus.Ok && ran == before)
            {
                // It did not compile, or its magic refused: nothing ran.
                lock (_gate)
                {
                    _graph.RecordEdit(id ?? TextKey(text), text);
                }

                return;
            }

            var facts = _analyzer.Analyze(text, before, generated, ran);
            lock (_gate)
            {
                var key = id ?? TextKey(text);
                if (id is null && _graph.Find(key) is { Writes.Count: > 0 } twin && !twin.Facts.Declares.Any())
                {
                    // Two cells may hold the same 'x++'. Without ids nobody can tell them from one that ran twice.
                    key += $"#{++_unnamed}";
                }

                if (_graph.Find(key) is not null || facts.Parts.Any(p => !p.IsMagic || p.Declares.Count + p.Uses.Count > 0))
                {
                    _graph.Record(key, label, text, facts, status);
                }
            }

            LastAnalysis = watch.Elapsed;
        }
        catch (Exception exception)
        {
            // The graph misses a cell then; the user's work goes on.
            Failure = exception;
        }
    }

    private void WarnOfStaleInputs(CellRun cell, string? id, string code)
    {
        var key = id ?? TextKey(code);
        var doubtful = Read(graph => graph.DoubtfulNames());
        if (doubtful.Count == 0 || !Words().Matches(code).Any(word => doubtful.Contains(word.Value)))
        {
            return;
        }

        try
        {
            var facts = _analyzer.Analyze(code, _before, []);
            foreach (var text in Read(graph => StaleInputs.Of(graph, key, facts)
                .Where(w => _warned.Add((key, w.Producer.Key, w.Producer.Run, w.Root.Key, w.Root.Run)))
                .Select(w => w.Text).ToArray()))
            {
                cell.Warn(text);
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            Failure = exception;
        }
    }

    [GeneratedRegex(@"[\p{L}_][\p{L}\p{Nd}_]*")]
    private static partial Regex Words();

    private static string TextKey(string text) => "text:" + text.Trim();
}
