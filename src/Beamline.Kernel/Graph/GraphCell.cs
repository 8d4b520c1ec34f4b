namespace Beamline.Kernel;

/// <summary>A value that a run of a cell used: the name, and which run of which cell had made it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Producer">The cell that had made it.</param>
/// <param name="Run">Which run of that cell.</param>
internal sealed record CellInput(string Name, GraphCell Producer, int Run);

/// <summary>A cell that ran, as the graph remembers it. Texts and names only, no values.</summary>
internal sealed class GraphCell(string key, int order)
{
    /// <summary>Identifies the cell: its Jupyter id, or its text where the front end sends no id.</summary>
    public string Key => key;

    /// <summary>Place among the cells by their first run.</summary>
    public int Order => order;

    /// <summary>What the user calls it, for instance "cell 3" after its last number.</summary>
    public string Label { get; set; } = "";

    /// <summary>The text that ran last.</summary>
    public string Text { get; set; } = "";

    /// <summary>How often it ran.</summary>
    public int Run { get; set; }

    /// <summary>How the last run ended.</summary>
    public CellStatus Status { get; set; }

    /// <summary>True when the cell was sent with another text since, which did not compile.</summary>
    public bool IsEdited { get; set; }

    public CellFacts Facts { get; set; } = CellFacts.Empty;

    /// <summary>What the last run used.</summary>
    public IReadOnlyList<CellInput> Inputs { get; set; } = [];

    /// <summary>Names that the last run declared, assigned or changed.</summary>
    public IReadOnlyList<string> Writes { get; set; } = [];

    /// <summary>Names of other cells' variables that the last run changed in place or assigned.</summary>
    public IReadOnlyList<string> Changes { get; set; } = [];

    public override string ToString() => Label;
}

/// <summary>Why a cell is out of date.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Name">The name that it used; null when the cell itself was edited.</param>
/// <param name="Producer">The cell that made it.</param>
/// <param name="Root">The first cell of the chain: the one that ran again or was edited.</param>
internal sealed record StaleCause(GraphCell Cell, string? Name, GraphCell Producer, GraphCell Root)
{
    /// <summary>The cause as half a sentence.</summary>
    public string Text => Name is null ? $"{Cell.Label} was changed and did not compile"
        : Producer == Root && Root.IsEdited ? $"it used {Name} of {Producer.Label}, which was changed and did not compile"
        : Producer == Root && !Root.Writes.Contains(Name) ? $"it used {Name}, which {Producer.Label} no longer makes"
        : Producer == Root ? $"{Producer.Label} ran again and made {Name} anew"
        : $"it used {Name} of {Producer.Label}, which is out of date itself because of {Root.Label}";
}
