using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A cell to look into.</summary>
/// <param name="Label">What messages call it.</param>
/// <param name="Text">Its text.</param>
internal sealed record LintCell(string Label, string Text);

/// <summary>A problem of one of the given cells, by its place among them.</summary>
internal sealed record LintFinding(int Index, int Line, string Rule, string Message);

/// <summary>
/// Looks at cells as a run from top to bottom after a restart would, without running them.
/// </summary>
internal sealed class Linter
{
    private readonly IReadOnlyList<LintCell> _cells;
    private readonly CellFacts[] _facts;
    private readonly IReadOnlyList<IMagicCommand> _commands;
    private readonly ILookup<string, int> _definers;
    private readonly List<LintFinding> _found = [];

    private Linter(IReadOnlyList<LintCell> cells, CellFacts[] facts, IReadOnlyList<IMagicCommand> commands)
    {
        (_cells, _facts, _commands) = (cells, facts, commands);
        _definers = facts.SelectMany((f, i) => f.Declares.Select(d => (d.Name, i))).Distinct().ToLookup(d => d.Name, d => d.i);
    }

    public static IReadOnlyList<LintFinding> Check(IReadOnlyList<LintCell> cells, NotebookKernel kernel)
    {
        var linter = new Linter(cells, NotebookAnalyzer.Analyze([.. cells.Select(c => c.Text)], kernel.Session, kernel.Commands), kernel.Commands);
        linter.Run();
        return [.. linter._found.OrderBy(f => f.Index).ThenBy(f => f.Line)];
    }

    private void Run()
    {
        var visible = new Dictionary<string, (CellDeclaration Declaration, int Cell)>(StringComparer.Ordinal);
        var isOpen = false;
        for (var i = 0; i < _cells.Count; i++)
        {
            if (_facts[i].SyntaxErrors is [var (line, message), ..])
            {
                Add(i, line, LintRules.Syntax, $"is no C#: {message}");
            }

            foreach (var (at, problem) in MagicLines.Wrong(_cells[i].Text, _commands))
            {
                Add(i, at, LintRules.Magic, problem);
            }

            isOpen |= _facts[i].IsBarrier;
            foreach (var use in _facts[i].Inputs.Where(u => !visible.ContainsKey(u.Name)))
            {
                Missing(i, use, visible.Keys, isOpen);
            }

            foreach (var declaration in _facts[i].Declares)
            {
                Redefined(i, declaration, visible);
                visible[declaration.Name] = (declaration, i);
            }
        }

        Unused();
    }

    private void Missing(int cell, NameUse use, IEnumerable<string> visible, bool isOpen)
    {
        if (_definers[use.Name].FirstOrDefault(j => j > cell, -1) is var below and >= 0)
        {
            var loop = Needs(below, cell) ? $", which in turn needs {_cells[cell].Label}: neither can run first" : "";
            Add(cell, use.Line, LintRules.DefinedBelow,
                $"uses {use.Name}, which is defined only below, in {_cells[below].Label}{loop}. Move one of the cells.");
        }
        else if (!use.IsKnown && !isOpen && _facts[cell].SyntaxErrors.Count == 0)
        {
            Add(cell, use.Line, LintRules.Undefined,
                $"uses {use.Name}, which no cell defines and no open namespace has." + Suggestion.DidYouMean(use.Name, visible));
        }
    }

    /// <summary>Whether a cell uses what another one defines, over any number of cells.</summary>
    private bool Needs(int cell, int other)
    {
        var seen = new HashSet<int> { cell };
        var open = new Stack<int>(seen);
        while (open.TryPop(out var at))
        {
            if (at == other)
            {
                return true;
            }

            foreach (var from in _facts[at].Inputs.SelectMany(u => Definer(u.Name, at)).Where(seen.Add))
            {
                open.Push(from);
            }
        }

        return false;
    }

    private IEnumerable<int> Definer(string name, int user)
    {
        var above = _definers[name].LastOrDefault(j => j < user, -1);
        return above >= 0 ? [above] : _definers[name].Where(j => j > user).Take(1);
    }

    private void Redefined(
        int cell, CellDeclaration now, Dictionary<string, (CellDeclaration Declaration, int Cell)> visible)
    {
        if (now.Hides is { } hidden)
        {
            Add(cell, now.Line, LintRules.HiddenType, $"calls something {now.Name}, which hides the type {hidden} in all cells below. Choose another name.");
        }

        if (!visible.TryGetValue(now.Name, out var before) || before.Cell == cell)
        {
            return;
        }

        var where = _cells[before.Cell].Label;
        if (before.Declaration.Kind == SessionNameKind.Type)
        {
            Add(cell, now.Line, LintRules.HiddenType, now.Kind == SessionNameKind.Type
                ? $"declares the type {now.Name} again: values that cells made of the one in {where} are of another type. Keep one of the two."
                : $"calls something {now.Name}, which hides the type of that name in {where}. Choose another name.");
        }
        else if (now.Kind != before.Declaration.Kind ||
            (now.TypeName is { } type && before.Declaration.TypeName is { } old && type != old))
        {
            Add(cell, now.Line, LintRules.ChangedType,
                $"declares {now.Name} again as {What(now)}; in {where} it is {What(before.Declaration)}. Cells between the two fail when they run after this one.");
        }

        var bound = Enumerable.Range(0, cell).SelectMany(i => _facts[i].Parts.SelectMany(p => p.Uses)
            .Where(u => u.Owner is not null && u.Owner != now.Name && u.Name == now.Name).Select(u => (Cell: i, u.Owner)))
            .FirstOrDefault();
        if (bound.Owner is not null && visible.ContainsKey(bound.Owner) && !_facts[cell].Declares.Any(d => d.Name == bound.Owner))
        {
            Add(cell, now.Line, LintRules.OldBinding,
                $"declares {now.Name} again, but {bound.Owner} of {_cells[bound.Cell].Label} goes on using the {now.Name} of {where}. " +
                $"Assign it ({now.Name} = ...) or declare {bound.Owner} again.");
        }
    }

    private void Unused()
    {
        var lastRead = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _facts.Length; i++)
        {
            foreach (var use in _facts[i].Parts.SelectMany(p => p.Uses).Where(u => (u.Access & NameAccess.Read) != 0))
            {
                lastRead[use.Name] = i;
            }
        }

        for (var i = 0; i < _facts.Length; i++)
        {
            foreach (var made in _facts[i].Declares.Where(d => d.Kind == SessionNameKind.Variable && !d.Name.StartsWith('_')))
            {
                // Read above only: that meant an earlier definition, or the cells are in the wrong order, which is told there.
                if (!lastRead.TryGetValue(made.Name, out var at) || (at < i && _definers[made.Name].Any(j => j <= at)))
                {
                    Add(i, made.Line, LintRules.Unused, $"makes {made.Name}, which no cell uses.");
                }
            }
        }
    }

    private static string What(CellDeclaration declaration) =>
        declaration.Kind == SessionNameKind.Variable ? declaration.TypeName ?? "a variable"
        : declaration.Kind == SessionNameKind.Function ? "a function"
        : "a type";

    private void Add(int cell, int line, string rule, string message) => _found.Add(new LintFinding(cell, line, rule, message));
}
