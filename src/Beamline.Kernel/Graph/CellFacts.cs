namespace Beamline.Kernel;

/// <summary>What a name of the session stands for.</summary>
internal enum SessionNameKind
{
    Variable,
    Function,
    Type,
}

/// <summary>A name that a cell adds to the session.</summary>
/// <param name="Name">The name, without @.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Line">Its line in the cell, from 1.</param>
/// <param name="TypeName">Type of a variable as C# writes it; null when it is not known.</param>
/// <param name="Hides">Full name of a type of the open namespaces that the name hides; null for none.</param>
internal sealed record CellDeclaration(string Name, SessionNameKind Kind, int Line, string? TypeName = null, string? Hides = null);

/// <summary>What a cell does with a name.</summary>
[Flags]
internal enum NameAccess
{
    None = 0,

    /// <summary>Looks at the value, calls the function, uses the type.</summary>
    Read = 1,

    /// <summary>Assigns, or changes the value in place.</summary>
    Write = 2,
}

/// <summary>A name that a cell uses.</summary>
/// <param name="Name">The name, without @.</param>
/// <param name="Access">What is done with it.</param>
/// <param name="Line">Line of the use in the cell, from 1.</param>
/// <param name="Owner">
/// The function, type or delegate variable whose code uses it: the use happens when that is called, not when the cell
/// runs. Null when the cell itself uses it.
/// </param>
/// <param name="IsKnown">True when the compiler found what the name stands for.</param>
internal sealed record NameUse(string Name, NameAccess Access, int Line, string? Owner, bool IsKnown);

/// <summary>A part of a cell: one piece of C# or one magic line.</summary>
/// <param name="Declares">Names that it adds to the session.</param>
/// <param name="Uses">Names that it uses, its own included.</param>
internal sealed record CellPart(IReadOnlyList<CellDeclaration> Declares, IReadOnlyList<NameUse> Uses)
{
    /// <summary>True for a magic: what it reads is read before what it makes exists.</summary>
    public bool IsMagic { get; init; }
}

/// <summary>What a cell declares, reads and writes.</summary>
/// <param name="Parts">Its parts in order.</param>
internal sealed record CellFacts(IReadOnlyList<CellPart> Parts)
{
    public static CellFacts Empty { get; } = new([]);

    /// <summary>True when it brings in names that cannot be seen in its text: #r, #load, #!import, or too long a text.</summary>
    public bool IsBarrier { get; init; }

    /// <summary>Where and why it is no C#; empty when it is.</summary>
    public IReadOnlyList<(int Line, string Message)> SyntaxErrors { get; init; } = [];

    public IEnumerable<CellDeclaration> Declares => Parts.SelectMany(p => p.Declares);

    /// <summary>Uses of names that come from outside of the cell.</summary>
    public IEnumerable<NameUse> Inputs
    {
        get
        {
            var own = new HashSet<string>(StringComparer.Ordinal);
            foreach (var part in Parts)
            {
                if (!part.IsMagic)
                {
                    own.UnionWith(part.Declares.Select(d => d.Name));
                }

                foreach (var use in part.Uses.Where(u => !own.Contains(u.Name)))
                {
                    yield return use;
                }

                own.UnionWith(part.Declares.Select(d => d.Name));
            }
        }
    }
}
