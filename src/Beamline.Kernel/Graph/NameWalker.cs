using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Collects the uses of session names in one submission, or in the parts of it that are visited.</summary>
/// <param name="model">The semantic model.</param>
/// <param name="lineOffset">Added to lines counted from 0.</param>
internal sealed class NameWalker(SemanticModel model, int lineOffset) : CSharpSyntaxWalker
{
    private readonly Dictionary<(string Name, string? Owner), NameUse> _uses = [];

    // The function or type of the session that the walk is in.
    private string? _owner;

    public IReadOnlyList<NameUse> Uses => [.. _uses.Values];

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitMethodDeclaration(node));

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitPropertyDeclaration(node));

    public override void VisitClassDeclaration(ClassDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitClassDeclaration(node));

    public override void VisitStructDeclaration(StructDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitStructDeclaration(node));

    public override void VisitRecordDeclaration(RecordDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitRecordDeclaration(node));

    public override void VisitInterfaceDeclaration(InterfaceDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitInterfaceDeclaration(node));

    public override void VisitEnumDeclaration(EnumDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitEnumDeclaration(node));

    public override void VisitDelegateDeclaration(DelegateDeclarationSyntax node) => InOwner(node, node.Identifier, () => base.VisitDelegateDeclaration(node));

    public override void VisitUsingDirective(UsingDirectiveSyntax node)
    {
        // 'using static Helpers;' of a class of the notebook uses that class; names of namespaces are no session names.
        if (node.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
        {
            base.VisitUsingDirective(node);
        }
    }

    public override void VisitIdentifierName(IdentifierNameSyntax node) => Name(node);

    public override void VisitGenericName(GenericNameSyntax node)
    {
        Name(node);
        base.VisitGenericName(node);
    }

    public override void VisitAttribute(AttributeSyntax node)
    {
        // Names of attributes come without their ending; their arguments are constants.
    }

    private void InOwner(SyntaxNode node, SyntaxToken name, Action visit)
    {
        var before = _owner;
        if (node.Parent is CompilationUnitSyntax)
        {
            _owner = name.ValueText;
        }

        visit();
        _owner = before;
    }

    private void Name(SimpleNameSyntax node)
    {
        if (node.Identifier.IsMissing || node.IsVar || node.Identifier.ValueText is "" or "_" || IsLabelOfValue(node))
        {
            return;
        }

        var info = model.GetSymbolInfo(node);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        if (symbol is null or IErrorTypeSymbol)
        {
            if (IsFree(node))
            {
                Add(node, node.Identifier.ValueText, isKnown: false);
            }

            return;
        }

        if (SessionName(symbol, node) is { } name)
        {
            Add(node, name, isKnown: true);
        }
    }

    private void Add(SimpleNameSyntax node, string name, bool isKnown)
    {
        var access = NameAccesses.Of(node, model);
        var (owner, alsoNow) = _owner is null ? LambdaOwner(node) : (_owner, false);
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + lineOffset;
        Keep(owner);
        if (alsoNow)
        {
            Keep(null);
        }

        void Keep(string? by)
        {
            _uses[(name, by)] = _uses.TryGetValue((name, by), out var old)
                ? old with { Access = old.Access | access, IsKnown = old.IsKnown && isKnown }
                : new NameUse(name, access, line, by, isKnown);
        }
    }

    /// <summary>The name of the session that a symbol goes by; null when it is none of the session's.</summary>
    private static string? SessionName(ISymbol symbol, SimpleNameSyntax node)
    {
        if (symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ITypeParameterSymbol or ILabelSymbol)
        {
            return null;
        }

        var isExtension = symbol is IMethodSymbol { ReducedFrom: not null } or { ContainingType.IsExtension: true };
        if (symbol is IMethodSymbol method)
        {
            symbol = method.ReducedFrom ?? method.OriginalDefinition;
            if (method.MethodKind is MethodKind.LocalFunction)
            {
                return null;
            }

            if (method.MethodKind == MethodKind.Constructor)
            {
                symbol = method.ContainingType;
            }
        }

        // A member of a class of the notebook, reached by 'using static' or as a nested type: the class is what is used.
        // Inside the class itself it is nobody's input.
        while (symbol.ContainingType is { IsScriptClass: false } outer)
        {
            if (!isExtension && node.Parent is MemberAccessExpressionSyntax access && access.Name == node)
            {
                return null;
            }

            symbol = outer;
        }

        return symbol is IFieldSymbol or IPropertySymbol or IMethodSymbol or INamedTypeSymbol &&
            (symbol.ContainingType is { IsScriptClass: true } || IsOfCellLibrary(symbol))
            ? symbol.Name
            : null;
    }

    private static bool IsOfCellLibrary(ISymbol symbol) =>
        symbol.ContainingAssembly?.Name.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal) == true;

    /// <summary>
    /// The variable that keeps a function which the name is used in: <c>Func&lt;int&gt; f = () => x;</c>, or a query that
    /// is evaluated later.
    /// </summary>
    private (string? Owner, bool AlsoNow) LambdaOwner(SyntaxNode node)
    {
        for (var at = node.Parent; at is not null and not StatementSyntax; at = at.Parent)
        {
            if (at is VariableDeclaratorSyntax declarator)
            {
                return model.GetDeclaredSymbol(declarator) is IFieldSymbol { ContainingType.IsScriptClass: true } field
                    ? Kept(field, field.Type, declarator.Initializer?.Value)
                    : (null, true);
            }

            if (at is AssignmentExpressionSyntax assignment && assignment.Right.Contains(node))
            {
                return model.GetSymbolInfo(assignment.Left).Symbol is IFieldSymbol { ContainingType.IsScriptClass: true } field
                    ? Kept(field, field.Type, assignment.Right)
                    : (null, true);
            }
        }

        return (null, true);

        (string? Owner, bool AlsoNow) Kept(IFieldSymbol field, ITypeSymbol type, ExpressionSyntax? value)
        {
            if (value is null || !IsLate(type))
            {
                return (null, true);
            }

            // What is inside of the function is used when it is called; what a query is built from is used now as well.
            var isFunction = value is AnonymousFunctionExpressionSyntax;
            return (field.Name, !isFunction);
        }
    }

    private static bool IsLate(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Delegate ||
        type is { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IOrderedEnumerable" or "IQueryable" or "IAsyncEnumerable" } ||
        type is { Name: "Lazy", ContainingNamespace.Name: "System" };

    /// <summary>Names that label something instead of standing for it: <c>f(x: 1)</c>, <c>new P { X = 1 }</c>, <c>{ X: 1 }</c>.</summary>
    private static bool IsLabelOfValue(SimpleNameSyntax node) => node.Parent switch
    {
        NameColonSyntax or NameEqualsSyntax or GotoStatementSyntax => true,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left == node,
        _ => false,
    };

    /// <summary>Whether an unknown name stands alone, so that a cell could define it.</summary>
    private static bool IsFree(SimpleNameSyntax node) => node.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == node,
        QualifiedNameSyntax name => name.Left == node,
        MemberBindingExpressionSyntax or AliasQualifiedNameSyntax or ExpressionColonSyntax => false,
        _ => node.Identifier.ValueText is not ("nameof" or "value" or "field" or "await" or "dynamic" or "notnull" or "unmanaged"),
    };
}
