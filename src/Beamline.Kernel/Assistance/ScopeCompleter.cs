using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What a name that stands alone may mean: variables, functions, types, namespaces, keywords.</summary>
internal static class ScopeCompleter
{
    public static void Add(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (cursor.Before.IsKind(SyntaxKind.UsingKeyword) || cursor.Ancestor<UsingDirectiveSyntax>() is not null)
        {
            AddUsing(model, cursor, offers);
            return;
        }

        if (IsTypePlace(cursor))
        {
            AddTypes(model, cursor, offers);
            return;
        }

        var inClass = cursor.Ancestor<TypeDeclarationSyntax>() is not null;
        foreach (var group in model.LookupSymbols(cursor.WordStart)
            .Where(s => NameMatcher.Rank(s.Name, offers.Typed) != NameMatcher.NoMatch && s.CanBeReferencedByName)
            .Where(s => IsWanted(s, cursor, inClass))
            .GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            ISymbol[] overloads = [.. group.Where(s => !SymbolFacts.IsHidden(s))];
            if (overloads.Length > 0)
            {
                offers.Add(
                    overloads[0].Name,
                    SymbolText.Kind(overloads[0]),
                    TierOf(overloads[0]),
                    () => SymbolText.Signature(overloads),
                    SymbolText.Escaped(overloads[0].Name));
            }
        }

        foreach (var keyword in offers.Typed.Length > 0 ? KeywordTable.Statement : [])
        {
            // The humps of a keyword are none: only its start counts.
            if (keyword.StartsWith(offers.Typed, StringComparison.Ordinal))
            {
                offers.Add(keyword, "keyword", OfferTier.Keyword);
            }
        }
    }

    private static bool IsWanted(ISymbol symbol, Cursor cursor, bool inClass)
    {
        if (symbol is INamespaceOrTypeSymbol and not ITypeParameterSymbol && cursor.Typed.Length == 0 && !SymbolFacts.IsOfSession(symbol))
        {
            // With nothing typed, thousands of types of the framework hide what the notebook holds.
            return false;
        }

        if (!inClass && SymbolFacts.IsOfEveryObject(symbol) && symbol is not ITypeSymbol)
        {
            return false;
        }

        return symbol is not (ILocalSymbol or IFieldSymbol) || symbol.DeclaringSyntaxReferences is not [{ } declared, ..] ||
            declared.SyntaxTree != cursor.Root.SyntaxTree || declared.Span.End < cursor.WordStart;

    }

    private static OfferTier TierOf(ISymbol symbol) => symbol switch
    {
        _ when SymbolFacts.IsOfEveryObject(symbol) || SymbolFacts.IsObsolete(symbol) => OfferTier.Last,
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => OfferTier.Local,
        _ when SymbolFacts.IsOfSession(symbol) => OfferTier.Member,
        IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => OfferTier.Function,
        INamespaceSymbol => OfferTier.Namespace,
        _ => OfferTier.Type,
    };

    private static void AddUsing(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        var directive = cursor.Ancestor<UsingDirectiveSyntax>();
        var withTypes = directive is { } open && (open.StaticKeyword.RawKind != 0 || open.Alias is not null);
        foreach (var symbol in model.LookupNamespacesAndTypes(cursor.WordStart)
            .Where(s => s is INamespaceSymbol || (withTypes && s is INamedTypeSymbol)))
        {
            offers.Add(symbol.Name, SymbolText.Kind(symbol), OfferTier.Namespace, () => SymbolText.Signature([symbol]));
        }

        if (!withTypes && offers.Typed.Length > 0)
        {
            offers.Add("static", "keyword", OfferTier.Keyword);
            offers.Add("var", "keyword", OfferTier.Keyword);
        }
    }

    private static void AddTypes(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        var isNew = cursor.Before.IsKind(SyntaxKind.NewKeyword);
        var isAttribute = cursor.Word.Parent?.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute &&
            attribute.Name.Span.Contains(cursor.WordStart);
        if (isNew && ExpectedType.At(model, cursor) is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } expected &&
            expected.SpecialType == SpecialType.None)
        {
            offers.Add(
                expected.Name, "class", OfferTier.Expected, () => SymbolText.Signature([expected]),
                expected.ToMinimalDisplayString(model, cursor.WordStart, SymbolText.TypeName));
        }

        foreach (var symbol in model.LookupNamespacesAndTypes(cursor.WordStart))
        {
            if (NameMatcher.Rank(symbol.Name, offers.Typed) == NameMatcher.NoMatch || !symbol.CanBeReferencedByName)
            {
                continue;
            }

            if (isNew && symbol is INamedTypeSymbol type && (type.IsStatic || type.IsAbstract || type.TypeKind == TypeKind.Enum))
            {
                continue;
            }

            var name = SymbolText.Escaped(symbol.Name);
            if (isAttribute && symbol is not INamespaceSymbol)
            {
                if (!IsAttribute(symbol))
                {
                    continue;
                }

                name = name.EndsWith("Attribute", StringComparison.Ordinal) && name.Length > 9 ? name[..^9] : name;
            }

            if (!SymbolFacts.IsHidden(symbol))
            {
                offers.Add(symbol.Name, SymbolText.Kind(symbol), TierOf(symbol), () => SymbolText.Signature([symbol]), name);
            }
        }

        foreach (var keyword in isAttribute || offers.Typed.Length == 0 ? [] : KeywordTable.Types)
        {
            if (keyword.StartsWith(offers.Typed, StringComparison.Ordinal))
            {
                offers.Add(keyword, "keyword", OfferTier.Keyword);
            }
        }
    }

    private static bool IsAttribute(ISymbol symbol)
    {
        for (var type = (symbol as INamedTypeSymbol)?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == "Attribute" && type.ContainingNamespace.Name == "System")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTypePlace(Cursor cursor)
    {
        var before = cursor.Before;
        switch (before.Kind())
        {
            case SyntaxKind.NewKeyword or SyntaxKind.AsKeyword:
                return before.Parent is not ConstructorConstraintSyntax;
            case SyntaxKind.OpenParenToken:
                return before.Parent is TypeOfExpressionSyntax or DefaultExpressionSyntax or SizeOfExpressionSyntax or CatchDeclarationSyntax;
            case SyntaxKind.LessThanToken:
                return before.Parent is TypeArgumentListSyntax;
            case SyntaxKind.CommaToken:
                return before.Parent is TypeArgumentListSyntax or BaseListSyntax;
            case SyntaxKind.ColonToken:
                return before.Parent is BaseListSyntax;
        }

        return cursor.Word.Parent is ExpressionSyntax { Parent: AttributeSyntax or SimpleBaseTypeSyntax or TypeArgumentListSyntax };
    }
}
