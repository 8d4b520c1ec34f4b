using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What may follow a dot: members of a value, a type or a namespace, extension methods included.</summary>
internal static class MemberCompleter
{
    public static void Add(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (LeftOf(cursor.Before) is not { } left)
        {
            return;
        }

        var place = left.SpanStart;
        if (left is BaseExpressionSyntax)
        {
            Offer(model.LookupBaseMembers(place).Where(s => !s.IsStatic), offers);
            return;
        }

        var symbol = model.GetSymbolInfo(left).Symbol;
        symbol = symbol is IAliasSymbol alias ? alias.Target : symbol;
        var type = symbol is INamespaceOrTypeSymbol ? null : model.GetTypeInfo(left).Type;
        if (symbol is null && type is null or IErrorTypeSymbol)
        {
            // The next line was taken for a part of this one, so a value stands where a type is expected.
            var alone = SyntaxFactory.ParseExpression(left.ToString());
            symbol = model.GetSpeculativeSymbolInfo(place, alone, SpeculativeBindingOption.BindAsExpression).Symbol;
            type = model.GetSpeculativeTypeInfo(place, alone, SpeculativeBindingOption.BindAsExpression).Type;
        }

        if (symbol is INamespaceOrTypeSymbol container)
        {
            var onlyNames = cursor.Ancestor<UsingDirectiveSyntax>() is { } open;
            Offer(
                model.LookupSymbols(place, container).Where(s =>
                    (s.IsStatic && !onlyNames) || s is INamespaceSymbol || (s is INamedTypeSymbol && IsTypeWanted(cursor))),
                offers);
            return;
        }

        if (type is null or IErrorTypeSymbol)
        {
            return;
        }

        if (cursor.Before.Parent is MemberBindingExpressionSyntax && IsNullable(type, out var inside))
        {
            type = inside;
        }
        else if (type is IPointerTypeSymbol pointer && cursor.Before.IsKind(SyntaxKind.MinusGreaterThanToken))
        {
            type = pointer.PointedAtType;
        }

        Offer(
            model.LookupSymbols(place, type, includeReducedExtensionMethods: true)
                .Where(s => (!s.IsStatic && s is not INamespaceOrTypeSymbol) || s is IMethodSymbol { ReducedFrom: not null }),
            offers);

        // 'Color Color' in C#: the name means the property as well as its type.
        if (symbol is IPropertySymbol or IFieldSymbol or ILocalSymbol or IParameterSymbol && symbol.Name == type.Name)
        {
            Offer(model.LookupSymbols(place, type).Where(s => s.IsStatic), offers);
        }
    }

    /// <summary>Offers members, each name once with its overloads: own ones first, then extensions, then what everything has.</summary>
    public static void Offer(IEnumerable<ISymbol> members, CompletionBuilder offers)
    {
        var matching = members.Where(s => s.CanBeReferencedByName && NameMatcher.Rank(s.Name, offers.Typed) != NameMatcher.NoMatch);
        foreach (var group in matching.GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            ISymbol[] overloads = [.. group.Where(s => !SymbolFacts.IsHidden(s))];
            if (overloads.Length == 0)
            {
                continue;
            }

            var first = overloads[0];
            offers.Add(
                first.Name,
                SymbolText.Kind(first),
                overloads.All(SymbolFacts.IsOfEveryObject) || SymbolFacts.IsObsolete(first) ? OfferTier.Last
                    : first is IMethodSymbol { ReducedFrom: not null } ? OfferTier.Function : OfferTier.Member,
                () => SymbolText.Signature(overloads),
                SymbolText.Escaped(first.Name));
        }
    }

    public static bool IsNullable(ITypeSymbol type, out ITypeSymbol inside)
    {
        var isNullable = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        inside = isNullable ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        return isNullable;
    }

    private static bool IsTypeWanted(Cursor cursor) =>
        cursor.Ancestor<UsingDirectiveSyntax>() is not { } open || open.StaticKeyword.RawKind != 0 || open.Alias is not null;

    private static SyntaxNode? LeftOf(SyntaxToken dot)
    {
        switch (dot.Parent)
        {
            case MemberAccessExpressionSyntax access:
                return access.Expression;
            case QualifiedNameSyntax name:
                return name.Left;
            case AliasQualifiedNameSyntax name:
                return name.Alias;
            case MemberBindingExpressionSyntax binding:
                // The binding belongs to the nearest '?' that it stands behind.
                foreach (var access in binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>())
                {
                    if (access.WhenNotNull.FullSpan.Contains(binding.SpanStart))
                    {
                        return access.Expression;
                    }
                }

                return null;
            default:
                return null;
        }
    }
}
