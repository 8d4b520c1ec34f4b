using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Beamline.Kernel;

/// <summary>
/// Calls that change what they are given. Beside what is certain (<see cref="Mutators"/>) this counts what is likely: a
/// change by mistake costs bytes on the way back, one that is missed a wrong value.
/// </summary>
/// <param name="modelOf">The semantic model of a tree; null for code that is not of the notebook.</param>
internal sealed class InPlaceChanges(Func<SyntaxTree, SemanticModel?> modelOf)
{
    private static readonly string[] Looks =
        ["Save", "Write", "Print", "Show", "Display", "Dispose", "Close", "Flush", "Export", "CopyTo", "ForEach", "Deconstruct", "Wait", "Assert", "GetObjectData", "On"];

    private static readonly string[] Targets = ["destination", "dest", "dst", "target", "output", "into"];

    private static readonly string[] New = ["To", "Clone", "Copy", "Materialize", "With", "Minus", "Normalize", "Create", "Crop", "Bin", "Resample"];

    private readonly Dictionary<ISymbol, bool> _known = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a name is used so that what it stands for is changed by a call, through what a call gives, or under another name.</summary>
    public bool Changes(SimpleNameSyntax name, SemanticModel model)
    {
        ExpressionSyntax at = name;
        // A value that is no reference is a copy as soon as a member has given it; assigning to a part of it in its place is none.
        bool isCopy = false, isBeyond = false;
        while (true)
        {
            if (!isCopy && IsChangedElsewhere(at, model))
            {
                return true;
            }

            switch (at.Parent)
            {
                case ParenthesizedExpressionSyntax:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    at = (ExpressionSyntax)at.Parent;
                    continue;
                case CastExpressionSyntax:
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression or (int)SyntaxKind.CoalesceExpression }:
                case ConditionalExpressionSyntax choice when choice.Condition != at:
                    (at, isBeyond) = ((ExpressionSyntax)at.Parent, true);
                    continue;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } member when member.Expression == at && call.Expression == member:
                    if (isCopy || model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
                    {
                        return false;
                    }

                    if (ChangesReceiver(method))
                    {
                        return true;
                    }

                    if (!MayGiveParts(method))
                    {
                        return false;
                    }

                    (at, isBeyond) = (call, true);
                    continue;
                case MemberAccessExpressionSyntax member when member.Expression == at:
                    isCopy |= model.GetTypeInfo(member).Type is { IsReferenceType: false } type && !IsView(type);
                    at = member;
                    continue;
                case ElementAccessExpressionSyntax element when element.Expression == at:
                    at = element;
                    continue;
                case ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax } call } some when some.Expression == at:
                    return model.GetSymbolInfo(call).Symbol is IMethodSymbol called && ChangesReceiver(called);
                case ArgumentSyntax argument when !isCopy:
                    return model.GetOperation(argument) is IArgumentOperation { Parameter: { } parameter } && ChangesArgument(parameter);
                // Those that begin with the name itself, the reader of accesses has seen.
                case AssignmentExpressionSyntax set when set.Left == at:
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }:
                case RefExpressionSyntax:
                    return isBeyond;
                case ForEachStatementSyntax { Type: RefTypeSyntax } loop when loop.Expression == at:
                    return true;
                default:
                    return false;
            }
        }
    }

    private bool IsChangedElsewhere(ExpressionSyntax at, SemanticModel model) =>
        OtherNames.Of(at, model).Where(s => TypeOf(s) is { } type && (type.IsReferenceType || IsView(type)) && type.SpecialType != SpecialType.System_String)
            .Any(s => Once(s, () => IsChangedBy(s, model)));

    private bool IsChangedBy(ISymbol variable, SemanticModel model) => OtherNames.Places(variable, model.SyntaxTree.GetRoot(), model)
        .Any(n => !IsWholeAssignment(n) && ((NameAccesses.Of(n, model) & NameAccess.Write) != 0 || Changes(n, model)));

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    /// <summary>Memory of somebody else that can be written.</summary>
    private static bool IsView(ITypeSymbol type) => type is { Name: "Span" or "Memory" or "ArraySegment", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    // Rows, slices, frames, elements: only names that promise something new are believed.
    private static bool MayGiveParts(IMethodSymbol method) =>
        IsView(method.ReturnType) ||
        (method.ReturnType is { IsReferenceType: true, SpecialType: not SpecialType.System_String } &&
            !Array.Exists(New, n => method.Name.StartsWith(n, StringComparison.Ordinal)));

    private bool ChangesReceiver(IMethodSymbol method)
    {
        if (method.ReducedFrom is { } extension)
        {
            return ChangesArgument(extension.Parameters[0]) || method.Name is "AsSpan" or "AsMemory";
        }

        if (method.IsStatic)
        {
            return false;
        }

        if (IsOfNotebook(method))
        {
            return Once(method, () => Bodies(method).Any(b => ChangesOwn(b.Node, b.Model, method.ContainingType)));
        }

        return method.ReturnsVoid && method.ContainingType.SpecialType == SpecialType.None && method.ContainingType.TypeKind != TypeKind.Delegate &&
            !Array.Exists(Looks, l => method.Name.StartsWith(l, StringComparison.Ordinal));
    }

    private bool ChangesArgument(IParameterSymbol parameter)
    {
        if (parameter.RefKind is RefKind.Ref or RefKind.Out)
        {
            return true;
        }

        if (IsView(parameter.Type))
        {
            return true;
        }

        if (parameter.ContainingSymbol is not IMethodSymbol method || parameter.Type.IsValueType || parameter.Type.SpecialType == SpecialType.System_String)
        {
            return false;
        }

        if (IsOfNotebook(method))
        {
            return Once(parameter.OriginalDefinition, () => Bodies(method).Any(b => ChangesParameter(b.Node, b.Model, parameter.OriginalDefinition)));
        }

        return Array.Exists(Targets, t => parameter.Name.StartsWith(t, StringComparison.OrdinalIgnoreCase)) ||
            method is { Name: "CopyTo" or "NextBytes" or "Shuffle", ContainingNamespace.Name: "System" or "Generic" or "Collections" } ||
            (method.Name.StartsWith("Read", StringComparison.Ordinal) && parameter.Name == "buffer") ||
            method.Name.EndsWith("InPlace", StringComparison.Ordinal);
    }

    // A function that calls itself is looked into once.
    private bool Once(ISymbol symbol, Func<bool> look)
    {
        if (!_known.TryGetValue(symbol, out var known))
        {
            _known[symbol] = false;
            _known[symbol] = known = look();
        }

        return known;
    }

    private bool ChangesParameter(SyntaxNode body, SemanticModel model, IParameterSymbol parameter) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == parameter.Name &&
            SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, parameter) &&
            (Changes(name, model) || (NameAccesses.Of(name, model) & NameAccess.Write) != 0) && !IsWholeAssignment(name));

    // 'p = ...' lets the parameter stand for another object.
    private static bool IsWholeAssignment(IdentifierNameSyntax name) => name.Parent is AssignmentExpressionSyntax set && set.Left == name;

    private bool ChangesOwn(SyntaxNode body, SemanticModel model, INamedTypeSymbol type) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            model.GetSymbolInfo(name).Symbol is { IsStatic: false } symbol && SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type) &&
            symbol switch
            {
                IFieldSymbol or IPropertySymbol => Changes(name, model) || (NameAccesses.Of(name, model) & NameAccess.Write) != 0 || IsSetThroughThis(name),
                IMethodSymbol called => ChangesReceiver(called),
                _ => false,
            });

    private static bool IsSetThroughThis(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member &&
        (member.Parent is AssignmentExpressionSyntax set && set.Left == member ||
            member.Parent is PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax ||
            member.Parent is ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax });

    private bool IsOfNotebook(IMethodSymbol method) => method.DeclaringSyntaxReferences is [var place, ..] && modelOf(place.SyntaxTree) is not null;

    private IEnumerable<(SyntaxNode Node, SemanticModel Model)> Bodies(IMethodSymbol method) =>
        method.OriginalDefinition.DeclaringSyntaxReferences.Select(r => r.GetSyntax())
            .Select(node => (node, modelOf(node.SyntaxTree))).Where(b => b.Item2 is not null).Select(b => (b.node, b.Item2!));
}
