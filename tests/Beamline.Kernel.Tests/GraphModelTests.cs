namespace Beamline.Kernel.Tests;

/// <summary>
/// Random notebooks and random orders of running, against a model that keeps every run for ever and walks all of its
/// ancestors.
/// </summary>
public sealed class GraphModelTests
{
    [Theory, MemberData(nameof(Seeds))]
    public void A_plain_run_from_top_to_bottom_raises_no_alarm(int seed)
    {
        var (_, cells) = Notebook(seed);
        var graph = new NotebookGraph();
        for (var i = 0; i < cells.Length; i++)
        {
            Assert.Empty(Run(graph, cells, i));
            Assert.Empty(graph.AllStale());
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Running_a_cell_again_and_then_what_depends_on_it_in_order_raises_no_alarm(int seed)
    {
        // Each name is made in one cell; functions and lists that others change are in the next test.
        var random = new Random(seed);
        var cells = Enumerable.Range(0, 2 + random.Next(10)).Select(i => Facts(
            [($"n{i}", NameAccess.None)],
            [.. Enumerable.Range(0, i).Where(_ => random.Next(3) == 0).Select(s => ($"n{s}", NameAccess.Read))])).ToArray();
        Again(random, cells, (notes, _) => Assert.Empty(notes), Assert.Empty);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Where_many_cells_change_a_name_an_alarm_is_about_cells_further_below(int seed)
    {
        // Cell 2 reads x, cell 5 changes it: when cell 2 runs again it gets the x of cell 5, and that one may be out of date.
        var (random, cells) = Notebook(seed);
        Again(random, cells, (notes, cell) => Assert.All(notes, n => Assert.True(
            n.Producer.Order > cell.Order || Ancestors(n.Producer).Any(c => c.Inputs.Any(i => i.Producer.Order > c.Order)))), _ => { });
    }

    private static HashSet<GraphCell> Ancestors(GraphCell cell)
    {
        var (seen, open) = (new HashSet<GraphCell> { cell }, new Queue<GraphCell>([cell]));
        while (open.TryDequeue(out var at))
        {
            foreach (var from in at.Inputs.Select(i => i.Producer).Where(seen.Add))
            {
                open.Enqueue(from);
            }
        }

        return seen;
    }

    private static void Again(
        Random random, CellFacts[] cells, Action<StaleInput[], GraphCell> check, Action<IReadOnlyList<StaleCause>> atEnd)
    {
        var graph = new NotebookGraph();
        for (var i = 0; i < cells.Length; i++)
        {
            Run(graph, cells, i);
        }

        for (var turn = 0; turn < 5; turn++)
        {
            var first = graph.Find($"{random.Next(cells.Length)}")!;
            var dependants = NotebookGraph.InDependencyOrder(graph.Cells.Where(c => NotebookGraph.DependsOn(c, first)));
            Assert.Same(first, dependants[0]);
            foreach (var cell in dependants)
            {
                check(Run(graph, cells, int.Parse(cell.Key)), cell);
            }

            atEnd(graph.AllStale());
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Stale_is_what_a_walk_over_all_kept_runs_says(int seed)
    {
        var (random, cells) = Notebook(seed);
        var (graph, model) = (new NotebookGraph(), new KeptRuns());
        for (var step = 0; step < 60; step++)
        {
            var i = random.Next(cells.Length);
            if (random.Next(5) == 0)
            {
                cells[i] = Cell(random, cells.Length);
            }

            Run(graph, cells, i);
            model.Add(graph.Find($"{i}")!);
            Assert.Equal(model.Stale(), graph.AllStale().Select(s => s.Cell.Key).Order(StringComparer.Ordinal));
            AssertAcyclic(graph);
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Stale_cells_and_notes_are_those_whose_values_differ_from_a_run_from_top_to_bottom(int seed)
    {
        // Values are computed here, beside the graph. Each cell makes one variable from some above it, and another value
        // each time it runs, so a cell holds what a run from top to bottom would give, or its value differs.
        var random = new Random(seed);
        var count = 3 + random.Next(8);
        int[][] sources = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, i).Where(_ => random.Next(3) == 0).ToArray())];
        var (graph, runs, now) = (new NotebookGraph(), new int[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            Go(i);
        }

        for (var step = 0; step < 60; step++)
        {
            if (random.Next(6) > 0)
            {
                Go(random.Next(count));
                continue;
            }

            // What '#!rerun stale' does.
            for (var most = count; graph.AllStale() is [var first, ..]; most--)
            {
                Assert.True(most > 0, "It must come to an end.");
                Assert.False(Go(int.Parse(first.Cell.Key)), "In order, no cell finds an input that is out of date.");
            }

            Assert.Equal(TopToBottom(), now);
        }

        bool Go(int i)
        {
            var right = TopToBottom();
            var facts = Facts([($"v{i}", NameAccess.None)], [.. sources[i].Select(s => ($"v{s}", NameAccess.Read))]);
            var notes = StaleInputs.Of(graph, $"{i}", facts).Select(n => n.Producer.Key).Order(StringComparer.Ordinal);
            Assert.Equal(sources[i].Where(s => now[s] != right[s]).Select(s => $"{s}").Order(StringComparer.Ordinal), notes);
            graph.Record($"{i}", $"cell {i}", "", facts, CellStatus.Ok);
            runs[i]++;
            now[i] = Value(i, now);
            right = TopToBottom();
            Assert.Equal(
                Enumerable.Range(0, count).Where(c => runs[c] > 0 && now[c] != right[c]).Select(c => $"{c}").Order(StringComparer.Ordinal),
                graph.AllStale().Select(s => s.Cell.Key).Order(StringComparer.Ordinal));
            return notes.Any();
        }

        long[] TopToBottom()
        {
            var values = new long[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = Value(i, values);
            }

            return values;
        }

        long Value(int i, long[] values) =>
            sources[i].Aggregate(unchecked((runs[i] + 1) * 0x5851F42D4C957F2DL + i), (sum, s) => unchecked(sum * 6364136223846793005L + values[s] + s));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    private static StaleInput[] Run(NotebookGraph graph, CellFacts[] cells, int i)
    {
        StaleInput[] notes = [.. StaleInputs.Of(graph, $"{i}", cells[i])];
        graph.Record($"{i}", $"cell {i}", $"{i}", cells[i], CellStatus.Ok);
        return notes;
    }

    private static (Random Random, CellFacts[] Cells) Notebook(int seed)
    {
        var random = new Random(seed);
        var count = 2 + random.Next(10);
        return (random, [.. Enumerable.Range(0, count).Select(i => Cell(random, count))]);
    }

    private static CellFacts Cell(Random random, int count)
    {
        string Name() => $"n{random.Next(1 + count / 2)}";
        var declares = Enumerable.Range(0, random.Next(3)).Select(_ => Name()).Distinct().ToArray();
        var uses = Enumerable.Range(0, random.Next(3)).Select(_ => Name()).Distinct().Where(n => !declares.Contains(n))
            .Select(n => (n, random.Next(4) == 0 ? random.Next(2) == 0 ? NameAccess.Write : NameAccess.Read | NameAccess.Write : NameAccess.Read));
        return Facts([.. declares.Select(d => (d, NameAccess.None))], [.. uses]);
    }

    private static CellFacts Facts((string Name, NameAccess)[] declares, (string Name, NameAccess Access)[] uses) => new(
    [
        new CellPart(
            [.. declares.Select(d => new CellDeclaration(d.Name, SessionNameKind.Variable, 1))],
            [.. uses.Select(u => new NameUse(u.Name, u.Access, 1, null, true))]),
    ]);

    private static void AssertAcyclic(NotebookGraph graph)
    {
        foreach (var cell in graph.Cells)
        {
            Assert.All(cell.Inputs, i => Assert.False(NotebookGraph.DependsOn(i.Producer, cell)));
        }
    }

    /// <summary>Keeps the inputs of every run. A cell is stale when among all ancestors of its last run is one that ran again.</summary>
    private sealed class KeptRuns
    {
        private readonly Dictionary<(string Cell, int Run), (string Cell, int Run)[]> _runs = [];
        private readonly Dictionary<string, int> _last = [];

        public void Add(GraphCell cell)
        {
            _last[cell.Key] = cell.Run;
            _runs[(cell.Key, cell.Run)] = [.. cell.Inputs.Select(i => (i.Producer.Key, i.Run))];
        }

        public IEnumerable<string> Stale() => _last.Where(l => Ancestors((l.Key, l.Value)).Any(a => _last[a.Cell] != a.Run))
            .Select(l => l.Key).Order(StringComparer.Ordinal);

        private HashSet<(string Cell, int Run)> Ancestors((string, int) run)
        {
            var (seen, open) = (new HashSet<(string, int)>(), new Queue<(string, int)>([run]));
            while (open.TryDequeue(out var at))
            {
                foreach (var from in _runs[at].Where(seen.Add))
                {
                    open.Enqueue(from);
                }
            }

            return seen;
        }
    }
}
