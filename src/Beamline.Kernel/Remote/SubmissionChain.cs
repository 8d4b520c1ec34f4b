using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Where a member of the session was declared.</summary>
/// <param name="Submission">Place of the submission, oldest first.</param>
/// <param name="Tree">Place of the tree in it: loaded files come before the cell.</param>
/// <param name="Bound">The declaration as it was compiled.</param>
/// <param name="Written">The declaration as the user wrote it.</param>
internal sealed record DeclaredPiece(int Submission, int Tree, SyntaxNode Bound, SyntaxNode Written);

/// <summary>The submissions of a session as the compiler's symbols name them.</summary>
internal sealed class SubmissionChain
{
    private readonly List<SessionState> _states = [];
    private readonly Dictionary<ISymbol, int> _places = new(SymbolEqualityComparer.Default);

    public SubmissionChain(SessionState? newest)
    {
        for (var state = newest; state is not null; state = state.Before)
        {
            _states.Add(state);
        }

        _states.Reverse();
        for (var i = 0; i < _states.Count; i++)
        {
            _places[_states[i].Compilation.Assembly] = i;
        }
    }

    public IReadOnlyList<SessionState> States => _states;

    /// <summary>The newest submission's compilation; null when there is none.</summary>
    public CSharpCompilation? Last => _states.Count > 0 ? _states[^1].Compilation : null;

    /// <summary>Place of the submission that declares a symbol; -1 for a symbol of anything else.</summary>
    public int PlaceOf(ISymbol symbol) => symbol.ContainingAssembly is { } assembly ? _places.GetValueOrDefault(assembly, -1) : -1;

    /// <summary>Whether a variable is what its name means in the next cell.</summary>
    public bool IsNewest(ISymbol variable)
    {
        for (var i = _states.Count - 1; i >= 0; i--)
        {
            if (_states[i].Compilation.ScriptClass?.GetMembers(variable.Name).Any(m => m is IFieldSymbol or IPropertySymbol) == true)
            {
                return PlaceOf(variable) == i;
            }
        }

        return false;
    }

    /// <summary>The present value of a variable, and whether it can be set.</summary>
    public (object? Value, Type Type, bool IsReadOnly) ValueOf(ISymbol variable)
    {
        var state = _states[PlaceOf(variable)];
        if (Array.Find([.. state.Own], v => v.Name == variable.Name) is { } found)
        {
            return (found.Value, found.Type, found.IsReadOnly);
        }

        var property = state.Holder!.GetType().GetProperty(variable.Name)!;
        return (property.GetValue(state.Holder), property.PropertyType, !property.CanWrite);
    }

    /// <summary>The variables that stand for an object now, without hidden ones.</summary>
    public IEnumerable<string> NamesOf(object value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = _states.Count - 1; i >= 0; i--)
        {
            foreach (var variable in _states[i].Own)
            {
                if (seen.Add(variable.Name) && ReferenceEquals(variable.Value, value))
                {
                    yield return variable.Name;
                }
            }
        }
    }

    /// <summary>The declarations of a member of a submission.</summary>
    public IEnumerable<DeclaredPiece> PiecesOf(ISymbol symbol)
    {
        var place = PlaceOf(symbol);
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            var state = _states[place];
            var tree = state.Compilation.SyntaxTrees.IndexOf(reference.SyntaxTree);
            var node = reference.GetSyntax();
            while (node.Parent is not (null or CompilationUnitSyntax))
            {
                node = node.Parent;
            }

            if (tree >= 0)
            {
                yield return new DeclaredPiece(place, tree, node, Written(state, tree, node));
            }
        }
    }

    /// <summary>The symbol of a type that a submission declares; null for other types.</summary>
    public INamedTypeSymbol? SymbolOf(Type type)
    {
        var name = type.Assembly.GetName().Name;
        return type.FullName is { } full && _states.FindLast(s => s.Compilation.AssemblyName == name) is { } state
            ? state.Compilation.GetTypeByMetadataName(full.Split('[')[0])
            : null;
    }

    // Checks are written into functions and loops; they neither add nor remove a declaration.
    private static SyntaxNode Written(SessionState state, int tree, SyntaxNode node)
    {
        if (state.Sources.Length <= tree || state.Sources[tree] == node.SyntaxTree)
        {
            return node;
        }

        var (bound, written) = (Members(node.SyntaxTree), Members(state.Sources[tree]));
        var i = bound.IndexOf((MemberDeclarationSyntax)node);
        return i >= 0 && bound.Count == written.Count ? written[i] : node;
    }

    private static List<MemberDeclarationSyntax> Members(SyntaxTree tree) =>
        [.. tree.GetCompilationUnitRoot().Members.Where(m => m is not GlobalStatementSyntax)];
}
