namespace Beamline.Kernel;

/// <summary>One declaration of a name of the session. A cell that runs again declares anew: another slot of the same name.</summary>
internal sealed class Slot
{
    private readonly Dictionary<Slot, NameAccess> _captures = [];

    public Slot(string name, GraphCell declaredBy, int run)
    {
        (Name, DeclaredBy, DeclaredInRun) = (name, declaredBy, run);
        WrittenBy(declaredBy, run);
    }

    public string Name { get; }

    public GraphCell DeclaredBy { get; }

    /// <summary>Which run of the cell declared it.</summary>
    public int DeclaredInRun { get; }

    /// <summary>The cell that assigned or changed it last.</summary>
    public GraphCell Writer { get; private set; }

    /// <summary>Which run of that cell.</summary>
    public int WriterRun { get; private set; }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Writer))]
    public void WrittenBy(GraphCell cell, int inRun) => (Writer, WriterRun) = (cell, inRun);

    /// <summary>Calling or using this uses another one.</summary>
    public void Capture(Slot other, NameAccess access) =>
        _captures[other] = _captures.GetValueOrDefault(other) | access;

    /// <summary>All that calling or using this uses, over any number of functions.</summary>
    public IEnumerable<(Slot Slot, NameAccess Access)> Reached()
    {
        var seen = new Dictionary<Slot, NameAccess>();
        var open = new Stack<Slot>([this]);
        while (open.TryPop(out var from))
        {
            foreach (var (to, access) in from._captures)
            {
                var before = seen.GetValueOrDefault(to);
                if (before == 0)
                {
                    open.Push(to);
                }

                seen[to] = before | access;
            }
        }

        return seen.Select(s => (s.Key, s.Value));
    }
}
