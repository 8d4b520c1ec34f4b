using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Collects the output of cells as nbformat outputs: joined streams, replaced displays.</summary>
/// <param name="displays">Where all cells' displays are found by id: a later cell may update an earlier one's.</param>
/// <param name="cell">The cell.</param>
/// <param name="progress">Hears about progress.</param>
internal sealed class OutputCollector(
    Dictionary<string, JsonObject> displays, NotebookCell cell, Action<ProgressReport, TimeSpan, bool> progress) : ICellSink
{
    private bool _clearNext;

    public void Stream(string name, string text)
    {
        lock (displays)
        {
            ClearIfDue();
            if (cell.Outputs.Count > 0 && cell.Outputs[^1] is JsonObject last &&
                (string?)last["output_type"] == "stream" && (string?)last["name"] == name)
            {
                last["text"] = (string)last["text"]! + text;
                return;
            }

            cell.Outputs.Add(new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = text });
        }
    }

    public void Display(MimeBundle bundle, string displayId)
    {
        lock (displays)
        {
            ClearIfDue();
            var output = new JsonObject
            {
                ["data"] = MimeJson.Data(bundle),
                ["metadata"] = MimeJson.Metadata(bundle),
                ["output_type"] = "display_data",
            };
            displays[displayId] = output;
            cell.Outputs.Add(output);
        }
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        lock (displays)
        {
            if (displays.TryGetValue(displayId, out var output))
            {
                output["data"] = MimeJson.Data(bundle);
                output["metadata"] = MimeJson.Metadata(bundle);
            }
        }
    }

    public void Result(MimeBundle bundle)
    {
        lock (displays)
        {
            ClearIfDue();
            cell.Outputs.Add(new JsonObject
            {
                ["data"] = MimeJson.Data(bundle),
                ["execution_count"] = cell.ExecutionCount,
                ["metadata"] = MimeJson.Metadata(bundle),
                ["output_type"] = "execute_result",
            });
        }
    }

    public void Error(CellError error)
    {
        lock (displays)
        {
            ClearIfDue();
            cell.Outputs.Add(new JsonObject
            {
                ["ename"] = error.Name,
                ["evalue"] = error.Message,
                ["output_type"] = "error",
                ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
            });
        }
    }

    public void Clear(bool wait)
    {
        lock (displays)
        {
            _clearNext = wait;
            if (!wait)
            {
                cell.Outputs.Clear();
            }
        }
    }

    public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast) => progress(report, elapsed, isLast);

    public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) =>
        throw new InvalidOperationException(
            "The cell asks for input, but it runs without a front end where somebody could answer. " +
            "Make the value a parameter of the notebook instead.");

    private void ClearIfDue()
    {
        if (_clearNext)
        {
            _clearNext = false;
            cell.Outputs.Clear();
        }
    }
}
