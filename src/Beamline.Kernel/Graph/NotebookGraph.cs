namespace Beamline.Kernel;

/// <summary>
/// Which run of which cell used what from which run of which other cell. A cell is out of date when a cell that it used
/// ran again since, or is out of date itself. Knows no compiler: it is fed with facts. Any thread, one at a time.
/// </summary>
/// <remarks>
/// Edges go from a run to the runs that it used, and never close a loop: a cell that runs again reads what cells after
/// it made of its own earlier output, and that counts as what it had used before (docs/adr/0020).
/// </remarks>
internal sealed class NotebookGraph
{
    private readonly Dictionary<string, GraphCell> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slot> _names = new(StringComparer.Ordinal);

    /// <summary>All cells by their first run.</summary>
    public IEnumerable<GraphCell> Cells => _cells.Values.OrderBy(c => c.Order);

    public GraphCell? Find(string key) => _cells.GetValueOrDefault(key);

    /// <summary>The cell that made the present value of a name; null when no cell did.</summary>
    public Slot? SlotOf(string name) => _names.GetValueOrDefault(name);

    /// <summary>Remembers that a cell ran.</summary>
    public GraphCell Record(string key, string label, string text, CellFacts facts, CellStatus status)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new GraphCell(key, _cells.Count);
        }

        var uses = new UseCollector(cell, _names, isTrial: false);
        uses.Collect(facts);
        cell.Run++;
        (cell.Label, cell.Text, cell.Facts, cell.Status, cell.IsEdited) = (label, text, facts, status, false);
        cell.Inputs = uses.Inputs;
        cell.Changes = [.. uses.Written.Where(s => s.DeclaredBy != cell).Select(s => s.Name).Distinct()];
        foreach (var slot in uses.Written)
        {
            slot.WrittenBy(cell, cell.Run);
        }

        cell.Writes = [.. facts.Declares.Select(d => d.Name).Concat(uses.Written.Select(s => s.Name)).Distinct()];
        return cell;
    }

    /// <summary>Remembers that a cell was sent with a text that could not run.</summary>
    public void RecordEdit(string key, string text)
    {
        if (Find(key) is { } cell && cell.Text != text)
        {
            cell.IsEdited = true;
        }
    }

    /// <summary>What a cell would use if it ran now.</summary>
    public IReadOnlyList<CellInput> InputsNow(string key, CellFacts facts)
    {
        var uses = new UseCollector(Find(key) ?? new GraphCell(key, int.MaxValue), new Dictionary<string, Slot>(_names), isTrial: true);
        uses.Collect(facts);
        return uses.Inputs;
    }

    /// <summary>Names whose use may be the use of something out of date; a cell without any of them needs no closer look.</summary>
    public IReadOnlySet<string> DoubtfulNames()
    {
        var known = new Dictionary<GraphCell, StaleCause?>();
        return _names.Values.Where(slot => IsDoubtful(slot) || slot.Reached().Any(r => IsDoubtful(r.Slot)))
            .Concat(_cells.Values.Where(c => Stale(c, known) is not null).SelectMany(c => c.Changes).Select(n => _names.GetValueOrDefault(n)).OfType<Slot>())
            .Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);

        bool IsDoubtful(Slot slot) => slot.WriterRun != slot.Writer.Run || Stale(slot.Writer, known) is not null;
    }

    /// <summary>Why a cell is out of date; null when it is not.</summary>
    public static StaleCause? Stale(GraphCell cell) => Stale(cell, []);

    /// <summary>All cells that are out of date, each after those that it used.</summary>
    public IReadOnlyList<StaleCause> AllStale()
    {
        var known = new Dictionary<GraphCell, StaleCause?>();
        return [.. InDependencyOrder(_cells.Values).Select(c => Stale(c, known)).OfType<StaleCause>()];
    }

    /// <summary>Whether a cell used something of another one, directly or over others.</summary>
    public static bool DependsOn(GraphCell cell, GraphCell other)
    {
        var seen = new HashSet<GraphCell> { cell };
        var open = new Stack<GraphCell>(seen);
        while (open.TryPop(out var at))
        {
            if (at == other)
            {
                return true;
            }

            foreach (var input in at.Inputs.Where(i => seen.Add(i.Producer)))
            {
                open.Push(input.Producer);
            }
        }

        return false;
    }

    /// <summary>Cells in an order in which each comes after those that it used; by first run where that leaves a choice.</summary>
    public static IReadOnlyList<GraphCell> InDependencyOrder(IEnumerable<GraphCell> cells)
    {
        var wanted = cells.ToHashSet();
        var (seen, ordered) = (new HashSet<GraphCell>(), new List<GraphCell>());
        foreach (var cell in wanted.OrderBy(c => c.Order))
        {
            Visit(cell);
        }

        return ordered;

        void Visit(GraphCell start)
        {
            // Not recursive: a chain may be as long as the notebook.
            var open = new Stack<(GraphCell Cell, bool IsDone)>([(start, false)]);
            while (open.TryPop(out var at))
            {
                if (at.IsDone)
                {
                    if (wanted.Contains(at.Cell))
                    {
                        ordered.Add(at.Cell);
                    }
                }
                else if (seen.Add(at.Cell))
                {
                    open.Push((at.Cell, true));
                    foreach (var producer in at.Cell.Inputs.Select(i => i.Producer).Distinct().OrderByDescending(p => p.Order))
                    {
                        open.Push((producer, false));
                    }
                }
            }
        }
    }

    private static StaleCause? Stale(GraphCell cell, Dictionary<GraphCell, StaleCause?> known)
    {
        var open = new Stack<GraphCell>([cell]);
        var entered = new HashSet<GraphCell>();
        while (open.TryPeek(out var at))
        {
            if (known.ContainsKey(at))
            {
                open.Pop();
                continue;
            }

            if (entered.Add(at))
            {
                foreach (var input in at.Inputs.Where(i => !known.ContainsKey(i.Producer) && !entered.Contains(i.Producer)))
                {
                    open.Push(input.Producer);
                }

                continue;
            }

            open.Pop();
            known[at] = CauseOf(at, known);
        }

        return known[cell];
    }

    private static StaleCause? CauseOf(GraphCell cell, Dictionary<GraphCell, StaleCause?> known)
    {
        if (cell.IsEdited)
        {
            return new StaleCause(cell, null, cell, cell);
        }

        StaleCause? upstream = null;
        foreach (var input in cell.Inputs)
        {
            if (input.Producer.Run != input.Run)
            {
                return new StaleCause(cell, input.Name, input.Producer, input.Producer);
            }

            if (upstream is null && known.GetValueOrDefault(input.Producer) is { } cause)
            {
                upstream = new StaleCause(cell, input.Name, input.Producer, cause.Root);
            }
        }

        return upstream;
    }
}
