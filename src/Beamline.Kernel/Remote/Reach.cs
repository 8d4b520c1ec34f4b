using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>All of a session that a cell needs: what it uses, and what that uses.</summary>
internal sealed class Reach(SubmissionChain chain)
{
    private readonly Dictionary<ISymbol, ReachedVariable> _variables = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _members = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ITypeSymbol> _types = new(SymbolEqualityComparer.Default);
    private readonly HashSet<DeclaredPiece> _pieces = [];
    private readonly HashSet<IAssemblySymbol> _assemblies = new(SymbolEqualityComparer.Default);
    private readonly Queue<DeclaredPiece> _open = new();
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly List<(string What, int Line)> _questions = [];

    public IReadOnlyCollection<ReachedVariable> Variables => _variables.Values;

    /// <summary>Functions, types and constants of earlier cells.</summary>
    public IReadOnlyCollection<DeclaredPiece> Pieces => _pieces;

    /// <summary>Members of earlier submissions that travel as text.</summary>
    public IReadOnlyCollection<ISymbol> Members => _members;

    /// <summary>Libraries that are used.</summary>
    public IReadOnlyCollection<IAssemblySymbol> Assemblies => _assemblies;

    /// <summary>Calls that ask the user for something, with their lines in the cell, 0 for those in functions of other cells.</summary>
    public IReadOnlyList<(string What, int Line)> Questions => _questions;

    /// <summary>Adds what the cell uses.</summary>
    public void AddCell(SyntaxNode root, SemanticModel model)
    {
        _models[root.SyntaxTree] = model;
        Read(root, model, isCell: true);
        Follow();
    }

    /// <summary>Adds a type that something declared needs, and the types in it.</summary>
    public void AddType(ITypeSymbol type)
    {
        Type(type);
        Follow();
    }

    /// <summary>The semantic model of a tree of the session or of the cell; null for other trees.</summary>
    public SemanticModel? ModelOf(SyntaxTree tree)
    {
        if (_models.TryGetValue(tree, out var known))
        {
            return known;
        }

        return chain.States.FirstOrDefault(s => s.Compilation.SyntaxTrees.Contains(tree)) is { } state
            ? _models[tree] = state.Compilation.GetSemanticModel(tree)
            : null;
    }

    private void Follow()
    {
        while (_open.TryDequeue(out var piece))
        {
            Read(piece.Bound, ModelOf(piece.Bound.SyntaxTree)!, isCell: false);
        }
    }

    private void Read(SyntaxNode root, SemanticModel model, bool isCell)
    {
        var changes = new InPlaceChanges(ModelOf);
        new NameReader(model, (symbol, access, node) => Found(symbol, access, node, model, changes, isCell)).Visit(root);
    }

    private void Found(ISymbol symbol, NameAccess access, SyntaxNode node, SemanticModel model, InPlaceChanges changes, bool isCell)
    {
        if (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction })
        {
            return;
        }

        if (UserInput.NameOf(symbol) is { } question)
        {
            _questions.Add((question, isCell ? node.GetLocation().GetLineSpan().StartLinePosition.Line + 1 : 0));
        }

        if (symbol is ITypeSymbol type)
        {
            Type(type);
            return;
        }

        if (symbol is IMethodSymbol { TypeArguments: { IsEmpty: false } given })
        {
            foreach (var argument in given)
            {
                Type(argument);
            }
        }

        symbol = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol.OriginalDefinition;
        if (symbol.ContainingType is { IsScriptClass: true })
        {
            Member(symbol, access, node, model, changes, isCell);
        }
        else if (symbol.ContainingType is { } owner)
        {
            Type(owner);
        }
    }

    private void Member(ISymbol symbol, NameAccess access, SyntaxNode node, SemanticModel model, InPlaceChanges changes, bool isCell)
    {
        if (chain.PlaceOf(symbol) < 0)
        {
            // The cell's own.
            return;
        }

        if (!IsVariable(symbol))
        {
            Piece(symbol);
            return;
        }

        if (!_variables.TryGetValue(symbol, out var variable))
        {
            _variables[symbol] = variable = new ReachedVariable(symbol);
            Type(variable.Type);
        }

        if (access == NameAccess.Read && node is SimpleNameSyntax name && changes.Changes(name, model))
        {
            access |= NameAccess.Write;
        }

        variable.Add(access, node, isCell);
    }

    private void Piece(ISymbol symbol)
    {
        if (!_members.Add(symbol))
        {
            return;
        }

        foreach (var piece in chain.PiecesOf(symbol))
        {
            if (_pieces.Add(piece))
            {
                _open.Enqueue(piece);
            }
        }
    }

    private void Type(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Type(array.ElementType);
                break;
            case IPointerTypeSymbol pointer:
                Type(pointer.PointedAtType);
                break;
            case INamedTypeSymbol named when _types.Add(named):
                foreach (var argument in named.TypeArguments.Where(a => a.TypeKind != TypeKind.TypeParameter))
                {
                    Type(argument);
                }

                Named(named.OriginalDefinition);
                break;
        }
    }

    private void Named(INamedTypeSymbol type)
    {
        while (type.ContainingType is { IsScriptClass: false } outer)
        {
            type = outer;
        }

        if (type.ContainingType is { IsScriptClass: true })
        {
            if (chain.PlaceOf(type) >= 0)
            {
                Piece(type);
            }
        }
        else if (type.ContainingAssembly is { } assembly and not ISourceAssemblySymbol)
        {
            _assemblies.Add(assembly);
        }
    }

    // A constant travels as text: it may stand where only constants may. So does a property that computes, but not one that stands for
    // a result of another job: its value travels.
    private static bool IsVariable(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => !field.IsConst,
        IPropertySymbol result when result.GetAttributes().Any(a => a.AttributeClass?.Name == nameof(RemoteResultAttribute)) => true,
        IPropertySymbol { DeclaringSyntaxReferences: [var place, ..] } => place.GetSyntax() is PropertyDeclarationSyntax
        {
            ExpressionBody: null, AccessorList: { } list,
        } && list.Accessors.All(a => a.Body is null && a.ExpressionBody is null),
        _ => false,
    };
}
