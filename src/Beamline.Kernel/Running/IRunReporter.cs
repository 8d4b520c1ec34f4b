using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>Hears how a run goes on. Calls may come from any thread, one at a time.</summary>
public interface IRunReporter
{
    /// <summary>A cell starts.</summary>
    /// <param name="index">Number of the cell, from 1, counting all cells.</param>
    /// <param name="total">Number of cells in the notebook.</param>
    /// <param name="firstLine">First line of the cell that is not empty.</param>
    void CellStarted(int index, int total, string firstLine);

    /// <summary>A cell ended or was skipped.</summary>
    /// <param name="cell">What became of it.</param>
    void CellFinished(CellRunInfo cell);

    /// <summary>A computation of the running cell reports; at most 5 times a second, after the first second.</summary>
    /// <param name="report">How far it is.</param>
    /// <param name="elapsed">Time since the cell started.</param>
    void Progress(ProgressReport report, TimeSpan elapsed);
}

/// <summary>
/// Writes a line per cell. Progress is one line that changes in place when the text goes to a terminal, and a few lines otherwise
/// (<see cref="ProgressSteps"/>).
/// </summary>
/// <param name="writer">Where to write, usually standard error.</param>
/// <param name="isTerminal">True when the text goes to a terminal.</param>
public sealed class TextRunReporter(TextWriter writer, bool isTerminal) : IRunReporter
{
    private readonly Lock _gate = new();
    private ProgressSteps _steps = new();
    private int _progressWidth;

    /// <inheritdoc/>
    public void CellStarted(int index, int total, string firstLine)
    {
        ArgumentNullException.ThrowIfNull(firstLine);
        lock (_gate)
        {
            _steps = new ProgressSteps();
            writer.WriteLine($"[{index}/{total}] {(firstLine.Length > 70 ? firstLine[..69] + "…" : firstLine)}");
            writer.Flush();
        }
    }

    /// <inheritdoc/>
    public void CellFinished(CellRunInfo cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        lock (_gate)
        {
            ClearProgress();
            switch (cell.Status)
            {
                case CellRunStatus.Ok:
                    if (cell.Duration.TotalSeconds >= 1)
                    {
                        writer.WriteLine($"    {cell.Duration.TotalSeconds:0.0} s");
                    }

                    break;
                case CellRunStatus.Skipped:
                    break;
                default:
                    writer.WriteLine($"    {cell.Status}: {cell.Error}");
                    foreach (var line in cell.Traceback)
                    {
                        writer.WriteLine("    " + line);
                    }

                    break;
            }

            writer.Flush();
        }
    }

    /// <inheritdoc/>
    public void Progress(ProgressReport report, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var text = ProgressText.Line(report, elapsed);
            if (!isTerminal)
            {
                if (_steps.Take(report, elapsed))
                {
                    writer.WriteLine("    " + text);
                    writer.Flush();
                }

                return;
            }

            text = Fit(text);
            writer.Write("\r" + text.PadRight(_progressWidth));
            writer.Flush();
            _progressWidth = text.Length;
        }
    }

    /// <summary>A line that the terminal would wrap cannot be written over.</summary>
    private static string Fit(string text)
    {
        var room = Console.IsErrorRedirected ? 0 : Console.BufferWidth - 1;
        return room > 20 && text.Length > room ? text[..(room - 1)] + "…" : text;
    }

    private void ClearProgress()
    {
        if (_progressWidth > 0)
        {
            writer.Write("\r" + new string(' ', _progressWidth) + "\r");
            _progressWidth = 0;
        }
    }
}
