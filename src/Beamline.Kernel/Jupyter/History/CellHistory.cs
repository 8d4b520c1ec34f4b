using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The inputs of this session and, when there is a file, of those before it.</summary>
internal sealed class CellHistory(HistoryFile? file) : IDisposable
{
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly List<HistoryEntry> _entries = [];
    private bool _opened;
    private int _session = 1;

    /// <summary>Reads the file; otherwise the first call that needs it does.</summary>
    public void Open()
    {
        lock (_gate)
        {
            OpenInside();
        }
    }

    public void Add(int line, string input)
    {
        lock (_gate)
        {
            OpenInside();
            if (_entries.Count == Most)
            {
                _entries.RemoveRange(0, Most / 10);
            }

            _entries.Add(new HistoryEntry(_session, line, input, null));
            file?.Append(_entries[^1]);
        }
    }

    /// <summary>Adds the text of its result to a cell that was added.</summary>
    public void AddOutput(int line, string output)
    {
        lock (_gate)
        {
            var place = _entries.FindLastIndex(e => e.Session == _session && e.Line == line);
            if (place >= 0)
            {
                _entries[place] = _entries[place] with { Output = output };
                file?.Append(_entries[place]);
            }
        }
    }

    /// <summary>The list that answers a history_request.</summary>
    public JsonArray Answer(JupyterMessage request)
    {
        HistoryEntry[] all;
        lock (_gate)
        {
            OpenInside();
            all = [.. _entries];
        }

        var count = Math.Max(0, request.Number("n", 1000));
        var found = request.Text("hist_access_type") switch
        {
            "range" => Range(all, request),
            "search" => Search(all, request).TakeLast(count),
            _ => all.TakeLast(count),
        };
        var withOutput = request.Flag("output", false);
        return new JsonArray([.. found.Select(e => (JsonNode)new JsonArray(
            e.Session, e.Line, withOutput ? new JsonArray(e.Input, e.Output) : JsonValue.Create(e.Input)))]);
    }

    public void Dispose() => file?.Dispose();

    // Session 0 is this one, -1 the one before it, and so on.
    private IEnumerable<HistoryEntry> Range(HistoryEntry[] all, JupyterMessage request)
    {
        var asked = request.Number("session", 0);
        var session = asked > 0 ? asked : _session + asked;
        var (start, stop) = (request.Number("start", 0), request.Number("stop", int.MaxValue));
        return all.Where(e => e.Session == session && e.Line >= start && e.Line < stop);
    }

    private static IEnumerable<HistoryEntry> Search(HistoryEntry[] all, JupyterMessage request)
    {
        var pattern = request.Text("pattern") ?? "*";
        var found = all.Where(e => FileSystemName.MatchesSimpleExpression(pattern, e.Input, ignoreCase: false));
        return request.Flag("unique", false) ? found.GroupBy(e => e.Input).Select(same => same.Last()) : found;
    }

    private void OpenInside()
    {
        if (!_opened)
        {
            _opened = true;
            if (file is not null)
            {
                (_session, var before) = file.Open();
                _entries.AddRange(before.TakeLast(Most / 2));
            }
        }
    }
}
