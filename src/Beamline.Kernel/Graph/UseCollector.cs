namespace Beamline.Kernel;

/// <summary>Follows one run of a cell through the names of the session: what it used, and what it wrote.</summary>
/// <param name="cell">The cell, with its inputs still those of the run before.</param>
/// <param name="names">The present declaration of each name; the cell's declarations are put in.</param>
/// <param name="isTrial">True to change nothing that is there.</param>
internal sealed class UseCollector(GraphCell cell, Dictionary<string, Slot> names, bool isTrial)
{
    private readonly Dictionary<(string Name, GraphCell Producer), CellInput> _inputs = [];
    private readonly HashSet<Slot> _own = [];
    private readonly HashSet<Slot> _written = [];
    private readonly int _run = cell.Run + 1;

    public IReadOnlyList<CellInput> Inputs => [.. _inputs.Values];

    public IReadOnlyCollection<Slot> Written => _written;

    public void Collect(CellFacts facts)
    {
        foreach (var part in facts.Parts)
        {
            // In one piece of C# a name means its new declaration everywhere; a magic reads before it declares.
            if (!part.IsMagic)
            {
                Declare(part);
            }

            foreach (var use in part.Uses.Where(u => u.Owner is not null))
            {
                Capture(use);
            }

            foreach (var use in part.Uses.Where(u => u.Owner is null))
            {
                if (names.TryGetValue(use.Name, out var slot))
                {
                    Use(slot, use.Access);
                }
            }

            if (part.IsMagic)
            {
                Declare(part);
            }
        }
    }

    private void Declare(CellPart part)
    {
        foreach (var declaration in part.Declares)
        {
            var slot = new Slot(declaration.Name, cell, _run);
            names[declaration.Name] = slot;
            _own.Add(slot);
        }
    }

    private void Capture(NameUse use)
    {
        if (!names.TryGetValue(use.Name, out var slot) || !names.TryGetValue(use.Owner!, out var owner))
        {
            return;
        }

        if (!isTrial || _own.Contains(owner))
        {
            owner.Capture(slot, use.Access);
        }

        if (!_own.Contains(slot))
        {
            // The function is bound to this declaration, whatever its value will be when it is called.
            Add(slot.Name, slot.DeclaredBy, slot.DeclaredInRun);
        }
    }

    private void Use(Slot slot, NameAccess access)
    {
        Touch(slot, access);
        foreach (var (reached, through) in slot.Reached())
        {
            Touch(reached, through);
        }
    }

    private void Touch(Slot slot, NameAccess access)
    {
        if (!_own.Contains(slot))
        {
            if ((access & NameAccess.Read) != 0)
            {
                Add(slot.Name, slot.Writer, slot.WriterRun);
            }
            else
            {
                Add(slot.Name, slot.DeclaredBy, slot.DeclaredInRun);
            }
        }

        if ((access & NameAccess.Write) != 0 && !_own.Contains(slot))
        {
            _written.Add(slot);
        }
    }

    private void Add(string name, GraphCell producer, int run)
    {
        if (!NotebookGraph.DependsOn(producer, cell))
        {
            Keep(new CellInput(name, producer, run));
            return;
        }

        // Made by this cell's own earlier run, or by cells after it: what it had used first still holds.
        foreach (var before in cell.Inputs.Where(i => i.Name == name && !NotebookGraph.DependsOn(i.Producer, cell)))
        {
            Keep(before);
        }
    }

    private void Keep(CellInput input)
    {
        // Two declarations of one name, one of them captured by a function: the older run is the one that shows trouble.
        var key = (input.Name, input.Producer);
        _inputs[key] = _inputs.TryGetValue(key, out var old) && old.Run < input.Run ? old : input;
    }
}
