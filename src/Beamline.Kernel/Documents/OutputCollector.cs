using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The displays of a run by id: a later cell may update an earlier one's.</summary>
internal sealed class DisplayIndex
{
    public Lock Gate { get; } = new();

    public Dictionary<string, JsonObject> ById { get; } = [];

    /// <summary>True when the notebook is being saved: tasks that outlived their cell change nothing any more.</summary>
    public bool IsClosed { get; private set; }

    public void Close()
    {
        lock (Gate)
        {
            IsClosed = true;
        }
    }
}

/// <summary>Collects the output of cells as nbformat outputs: joined streams, replaced displays.</summary>
/// <param name="displays">The displays of all cells.</param>
/// <param name="cell">The cell.</param>
/// <param name="progress">Hears about progress.</param>
internal sealed class OutputCollector(
    DisplayIndex displays, NotebookCell cell, Action<ProgressReport, TimeSpan, bool> progress) : ICellSink
{
    private bool _clearNext;

    public void Stream(string name, string text)
    {
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

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
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

            ClearIfDue();
            var output = new JsonObject
            {
                ["data"] = MimeJson.Data(bundle),
                ["metadata"] = MimeJson.Metadata(bundle),
                ["output_type"] = "display_data",
            };
            displays.ById[displayId] = output;
            cell.Outputs.Add(output);
        }
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

            if (displays.ById.TryGetValue(displayId, out var output))
            {
                output["data"] = MimeJson.Data(bundle);
                output["metadata"] = MimeJson.Metadata(bundle);
            }
        }
    }

    public void Result(MimeBundle bundle)
    {
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

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
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

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
        lock (displays.Gate)
        {
            if (displays.IsClosed)
            {
                return;
            }

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
