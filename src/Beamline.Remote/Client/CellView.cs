using System.Globalization;

namespace Beamline.Remote;

/// <summary>Shows a job in the running cell as if the code ran there, and a line about the job that changes.</summary>
internal sealed class CellView(ICellStage stage, TimeProvider clock) : IJobView
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly string _lineId = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> _shownIds = new(StringComparer.Ordinal);
    private DateTimeOffset _lastLine;
    private string _lastText = "";
    private bool _hasLine;
    private JobRecord? _record;
    private string? _note;
    private string? _progress;
    private int _items;
    private int _failedItems;

    public void Event(JobEvent shown)
    {
        // A stopped cell is told of its end beside whoever follows the job.
        lock (_gate)
        {
            Show(shown);
        }
    }

    public void Status(JobRecord record, string? note)
    {
        lock (_gate)
        {
            var isNew = _record?.Status.State != record.Status.State || _record.Status.Message != record.Status.Message || note != _note;
            (_record, _note) = (record, note);
            Refresh(isNew || !_hasLine);
        }
    }

    private void Show(JobEvent shown)
    {
        switch (shown.Kind)
        {
            case "stream":
                stage.Stream(shown.Name == "stderr" ? "stderr" : "stdout", shown.Text ?? "");
                break;
            case "display":
                var id = shown.DisplayId ?? Guid.NewGuid().ToString("N");
                _shownIds.Add(id);
                stage.Display(MimeBundleReader.Read(shown.Data, shown.Metadata), id);
                break;
            case "update" when shown.DisplayId is { } updated:
                // An update of something that is not here, as after a line that was damaged, is shown for itself.
                if (_shownIds.Add(updated))
                {
                    stage.Display(MimeBundleReader.Read(shown.Data, shown.Metadata), updated);
                }
                else
                {
                    stage.Update(MimeBundleReader.Read(shown.Data, shown.Metadata), updated);
                }

                break;
            case "result":
                stage.Result(MimeBundleReader.Read(shown.Data, shown.Metadata));
                break;
            case "clear":
                Clear(shown.Wait);
                break;
            case "warning":
                stage.Warn(shown.Text ?? "");
                break;
            case "progress":
                // A display of the job shows it as well when it is followed there; the line has it in any case.
                _progress = shown.Text ?? Progress(shown);
                Refresh(isForced: false);
                break;
            case "item":
                (_items, _failedItems) = (_items + 1, _failedItems + (shown.Error is null ? 0 : 1));
                Refresh(isForced: false);
                break;
        }
    }

    private void Clear(bool wait)
    {
        stage.Clear(wait);
        _shownIds.Clear();

        // What tells the number of the job must not go away with the rest: the next status shows it again.
        _hasLine &= !stage.CanChange;
    }

    private void Refresh(bool isForced)
    {
        if (_record is not { } record)
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (!isForced && (!stage.CanChange || now - _lastLine < Pace))
        {
            return;
        }

        var bundle = JobLine.Bundle(record, record.Status, Note(record), now);
        var text = (string)bundle.Parts[Notebook.MimeTypes.Text];
        if (text == _lastText && _hasLine)
        {
            return;
        }

        (_lastLine, _lastText) = (now, text);
        if (!stage.CanChange)
        {
            stage.Stream("stdout", text + "\n");
        }
        else if (_hasLine)
        {
            stage.Update(bundle, _lineId);
        }
        else
        {
            stage.Display(bundle, _lineId);
        }

        _hasLine = true;
    }

    private string? Note(JobRecord record)
    {
        List<string> notes = [];
        if (record.Map is { } map)
        {
            notes.Add(_failedItems > 0 ? $"{_items} of {map.Count} items, {_failedItems} failed" : $"{_items} of {map.Count} items");
        }

        if (_progress is not null && !record.Status.IsFinal)
        {
            notes.Add(_progress);
        }

        if (_note is not null)
        {
            notes.Add(_note);
        }

        return notes.Count == 0 ? null : string.Join(" · ", notes);
    }

    private static string Progress(JobEvent shown) => shown.Fraction is { } part
        ? string.Create(CultureInfo.InvariantCulture, $"{shown.Name} {part * 100:0} %")
        : shown.Name ?? "";
}
