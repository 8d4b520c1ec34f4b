using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Finds signs in a saved notebook that its results are not those of one run from top to bottom.</summary>
internal static class OrderCheck
{
    private const string Mark = "beamline";
    private const string Source = "source";

    /// <summary>Remembers in a cell which text gave its outputs, so that a later change shows.</summary>
    public static void Stamp(NotebookCell cell)
    {
        if (cell.Metadata[Mark] is not JsonObject ours)
        {
            cell.Metadata[Mark] = ours = [];
        }

        ours[Source] = $"{cell.ExecutionCount}:{Hash(cell.Source)}";
    }

    public static IEnumerable<NotebookProblem> Check(NotebookDocument document)
    {
        var cells = document.Cells.Select((cell, i) => (Cell: cell, Number: i + 1))
            .Where(c => c.Cell.Kind == NotebookCellKind.Code && !string.IsNullOrWhiteSpace(c.Cell.Source) && !c.Cell.HasTag("skip-execution"))
            .ToArray();
        if (cells.All(c => c.Cell.ExecutionCount is null && c.Cell.Outputs.Count == 0))
        {
            // Saved without results: there is nothing that could be wrong.
            yield break;
        }

        var (last, lastNumber, lastTime) = (0, 0, DateTimeOffset.MinValue);
        foreach (var (cell, number) in cells)
        {
            if (cell.ExecutionCount is not { } count)
            {
                yield return new NotebookProblem(number, 0, LintRules.NotRun, cell.Outputs.Count > 0
                    ? "has outputs but no execution count: they are of an unknown run. Run the notebook from top to bottom."
                    : "was not run, while others were. Run the notebook from top to bottom.");
                continue;
            }

            if (count != last + 1)
            {
                yield return new NotebookProblem(number, 0, LintRules.RunOrder, OutOfOrder(count, last, lastNumber));
            }

            var time = Began(cell);
            if (count > last && time < lastTime)
            {
                yield return new NotebookProblem(number, 0, LintRules.RunOrder,
                    $"ran at {time:yyyy-MM-dd HH:mm:ss} UTC, before cell {lastNumber} above it. Run the notebook from top to bottom.");
            }

            if (cell.Metadata[Mark] is JsonObject ours && ours[Source] is JsonValue value &&
                value.TryGetValue<string>(out var mark) && mark.Split(':') is [var markCount, var hash] &&
                markCount == count.ToString(CultureInfo.InvariantCulture) && hash != Hash(cell.Source))
            {
                yield return new NotebookProblem(number, 0, LintRules.ChangedText,
                    "was changed after it ran: its outputs are those of another text. Run the notebook again.");
            }

            (last, lastNumber, lastTime) = (count, number, time ?? lastTime);
        }
    }

    private static string OutOfOrder(int count, int last, int lastNumber) => lastNumber == 0
        ? $"is the first, but ran as [{count}]: others ran before it. Restart, and run the notebook from top to bottom."
        : count <= last
            ? $"ran as [{count}], before cell {lastNumber} above it, which ran as [{last}]. Run the notebook from top to bottom."
            : $"ran as [{count}] after [{last}] in cell {lastNumber}: something else ran between them. Run the notebook from top to bottom.";

    private static DateTimeOffset? Began(NotebookCell cell) =>
        cell.Metadata["execution"] is JsonObject execution && execution["iopub.execute_input"] is JsonValue value &&
        value.TryGetValue<string>(out var text) &&
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    private static string Hash(string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.ReplaceLineEndings("\n"))))[..16];
}
