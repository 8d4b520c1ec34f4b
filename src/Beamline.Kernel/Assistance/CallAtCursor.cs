using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>The innermost call whose arguments the cursor is in.</summary>
/// <param name="Candidates">What may be called, the one that the compiler chose first.</param>
/// <param name="Chosen">What the compiler chose, or null.</param>
/// <param name="Index">Number of the argument, from 0.</param>
/// <param name="Name">The argument's name when it is given by name.</param>
/// <param name="Given">Names of the arguments given by name.</param>
internal sealed record CallAtCursor(
    IReadOnlyList<IMethodSymbol> Candidates, IMethodSymbol? Chosen, int Index, string? Name, IReadOnlyList<string> Given)
{
    /// <summary>The type of the parameter at the cursor, when the candidates that fit agree in it.</summary>
    public ITypeSymbol? ExpectedType
    {
        get
        {
            ITypeSymbol[] types = [.. Candidates.Select(ParameterAt).OfType<IParameterSymbol>().Select(p => p.Type)];

            // Overloads disagree as a rule; an enum among them is what is worth offering.
            return types.FirstOrDefault(t => t.TypeKind == TypeKind.Enum) ?? (types.Length == 1 ? types[0] : null);
        }
    }

    public static CallAtCursor? Find(SemanticModel model, SyntaxNode root, int place)
    {
        for (var node = Cursor.TokenLeftOf(root, place).Parent; node is not null; node = node.Parent)
        {
            if (node is StatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax)
            {
                return null;
            }

            var found = node switch
            {
                BaseArgumentListSyntax list when IsInside(list.GetFirstToken(), list.GetLastToken(includeZeroWidth: true), place) =>
                    Of(model, list, place),
                AttributeArgumentListSyntax list when IsInside(list.OpenParenToken, list.CloseParenToken, place) =>
                    OfAttribute(model, list, place),
                _ => null,
            };
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The parameter of a candidate that the cursor's argument goes to.</summary>
    public IParameterSymbol? ParameterAt(IMethodSymbol method)
    {
        if (Name is not null)
        {
            return method.Parameters.FirstOrDefault(p => p.Name == Name);
        }

        return Index < method.Parameters.Length ? method.Parameters[Index]
            : method.Parameters is [.., { IsParams: true } last] ? last
            : null;
    }

    private static bool IsInside(SyntaxToken open, SyntaxToken close, int place) =>
        place > open.SpanStart && (close.IsMissing || close.Span.IsEmpty || place <= close.SpanStart);

    private static CallAtCursor? Of(SemanticModel model, BaseArgumentListSyntax list, int place)
    {
        IEnumerable<ISymbol> group = list.Parent switch
        {
            InvocationExpressionSyntax call => Callable(model, call.Expression),
            BaseObjectCreationExpressionSyntax made =>
                (model.GetTypeInfo(made).Type as INamedTypeSymbol)?.InstanceConstructors ?? [],
            ConstructorInitializerSyntax initializer => initializer.ThisOrBaseKeyword.IsKind(SyntaxKind.BaseKeyword)
                ? Container(model, initializer)?.BaseType?.InstanceConstructors ?? []
                : Container(model, initializer)?.InstanceConstructors ?? [],
            PrimaryConstructorBaseTypeSyntax based => (model.GetTypeInfo(based.Type).Type as INamedTypeSymbol)?.InstanceConstructors ?? [],
            ElementAccessExpressionSyntax element => Indexers(model, element.Expression),
            _ => [],
        };
        var chosen = list.Parent is null ? null : model.GetSymbolInfo(list.Parent).Symbol as IMethodSymbol;
        var separators = list.Arguments.GetSeparators().Count(comma => comma.Span.End <= place);
        var name = separators < list.Arguments.Count ? list.Arguments[separators].NameColon?.Name.Identifier.Text : null;
        string[] given = [.. list.Arguments.Select(a => a.NameColon?.Name.Identifier.Text).OfType<string>()];
        return Make(model, group, chosen, list.SpanStart, separators, name, given);
    }

    private static CallAtCursor? OfAttribute(SemanticModel model, AttributeArgumentListSyntax list, int place)
    {
        var type = list.Parent is AttributeSyntax attribute ? model.GetTypeInfo(attribute).Type as INamedTypeSymbol : null;
        var separators = list.Arguments.GetSeparators().Count(comma => comma.Span.End <= place);
        return Make(model, type?.InstanceConstructors ?? [], null, list.SpanStart, separators, null, []);
    }

    private static CallAtCursor? Make(
        SemanticModel model, IEnumerable<ISymbol> group, IMethodSymbol? chosen, int place, int index, string? name, string[] given)
    {
        IMethodSymbol[] methods = [.. group.OfType<IMethodSymbol>()
            .Where(m => m.MethodKind == MethodKind.LocalFunction || model.IsAccessible(place, m.ReducedFrom ?? m))
            .OrderBy(m => !SymbolEqualityComparer.Default.Equals(m, chosen)).ThenBy(m => m.Parameters.Length)];
        return methods.Length == 0 ? null : new CallAtCursor(methods, chosen, index, name, given);
    }

    private static ImmutableArray<ISymbol> Callable(SemanticModel model, ExpressionSyntax called)
    {
        var group = model.GetMemberGroup(called);
        if (group.Length > 0)
        {
            return group;
        }

        // A variable that holds a delegate is called by its type's Invoke.
        return model.GetTypeInfo(called).Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? [invoke] : [];
    }

    private static IEnumerable<ISymbol> Indexers(SemanticModel model, ExpressionSyntax element) =>
        model.GetTypeInfo(element).Type is { } type
            ? type.GetMembers().OfType<IPropertySymbol>().Where(p => p.IsIndexer).Select(p => p.GetMethod).OfType<ISymbol>()
            : [];

    private static INamedTypeSymbol? Container(SemanticModel model, SyntaxNode node) =>
        node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type ? model.GetDeclaredSymbol(type) : null;
}
