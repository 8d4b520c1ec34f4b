using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Names that a place gives by itself: arguments by name, members in braces, members to override.</summary>
internal static class ArgumentCompleter
{
    /// <summary>Offers "name:" for the parameters that are still open.</summary>
    public static void AddNamed(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (!cursor.Before.IsKind(SyntaxKind.OpenParenToken) && !cursor.Before.IsKind(SyntaxKind.CommaToken) ||
            cursor.Before.Parent is not (BaseArgumentListSyntax or AttributeArgumentListSyntax) ||
            CallAtCursor.Find(model, cursor.Root, cursor.WordStart) is not { } call)
        {
            return;
        }

        foreach (var method in call.Candidates)
        {
            foreach (var parameter in method.Parameters.Skip(call.Index).Where(p => !call.Given.Contains(p.Name)))
            {
                offers.Add(parameter.Name + ":", "param", OfferTier.Expected, () => SymbolText.Signature([parameter]));
            }
        }
    }

    /// <summary>Offers the members that braces after a value, a type or a pattern may name.</summary>
    /// <returns>True when nothing else can stand there.</returns>
    public static bool AddMembers(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (!cursor.Before.IsKind(SyntaxKind.OpenBraceToken) && !cursor.Before.IsKind(SyntaxKind.CommaToken))
        {
            return false;
        }

        switch (cursor.Before.Parent)
        {
            case InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax or WithExpressionSyntax } braces:
                var type = model.GetTypeInfo(braces.Parent!).Type;
                var assigned = braces.Expressions.OfType<AssignmentExpressionSyntax>()
                    .Where(a => !a.Span.Contains(cursor.WordStart)).Select(a => a.Left.ToString()).ToHashSet();
                Offer(Members(model, cursor, type, settable: true).Where(m => !assigned.Contains(m.Name)), offers, "");
                return type is not null && !type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable);
            case PropertyPatternClauseSyntax { Parent: RecursivePatternSyntax pattern }:
                var matched = pattern.Type is { } named ? model.GetTypeInfo(named).Type : model.GetTypeInfo(pattern).Type;
                Offer(Members(model, cursor, matched, settable: false), offers, ": ");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Offers the members that may follow the word override, as declarations that call the base.</summary>
    public static bool AddOverrides(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (!cursor.Before.IsKind(SyntaxKind.OverrideKeyword) ||
            cursor.Ancestor<TypeDeclarationSyntax>() is not { } declaration || model.GetDeclaredSymbol(declaration) is not { } type)
        {
            return false;
        }

        var done = type.GetMembers().Where(m => m.IsOverride).Select(m => m.Name).ToHashSet();
        for (var from = type.BaseType; from is not null; from = from.BaseType)
        {
            foreach (var member in from.GetMembers().Where(m =>
                (m.IsVirtual || m.IsAbstract || m.IsOverride) && !m.IsSealed && m.CanBeReferencedByName &&
                m.Name != "Finalize" && !done.Contains(m.Name) && model.IsAccessible(cursor.WordStart, m)))
            {
                if (Override(member, model, cursor.WordStart) is { } text)
                {
                    offers.Add(member.Name, SymbolText.Kind(member), OfferTier.Member, () => SymbolText.Signature([member]), text);
                }
            }
        }

        return true;
    }

    private static string? Override(ISymbol member, SemanticModel model, int place)
    {
        switch (member)
        {
            case IMethodSymbol { ReturnsByRef: false } method:
                var list = string.Join(", ", method.Parameters.Select(p =>
                    Passing(p) + p.Type.ToMinimalDisplayString(model, place, SymbolText.TypeName) + " " + SymbolText.Escaped(p.Name)));
                var call = $"base.{method.Name}({string.Join(", ", method.Parameters.Select(p => Passing(p) + SymbolText.Escaped(p.Name)))})";
                return $"{method.ReturnType.ToMinimalDisplayString(model, place, SymbolText.TypeName)} {method.Name}({list}) => " +
                    (method.IsAbstract ? "throw new NotImplementedException();" : call + ";");
            case IPropertySymbol { IsIndexer: false, GetMethod: not null } property:
                return $"{property.Type.ToMinimalDisplayString(model, place, SymbolText.TypeName)} {property.Name} => " +
                    (property.IsAbstract ? "throw new NotImplementedException();" : $"base.{property.Name};");
            default:
                return null;
        }
    }

    private static string Passing(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        _ => "",
    };

    private static IEnumerable<ISymbol> Members(SemanticModel model, Cursor cursor, ITypeSymbol? type, bool settable) =>
        type is null or IErrorTypeSymbol
            ? []
            : model.LookupSymbols(cursor.WordStart, type).Where(s => !s.IsStatic && s switch
            {
                IPropertySymbol property => !property.IsIndexer &&
                    (settable
                        ? property.SetMethod is { } set && model.IsAccessible(cursor.WordStart, set)
                        : property.GetMethod is not null),
                IFieldSymbol field => !settable || (!field.IsReadOnly && !field.IsConst),
                _ => false,
            });

    private static void Offer(IEnumerable<ISymbol> members, CompletionBuilder offers, string behind)
    {
        foreach (var member in members.Where(m => m.CanBeReferencedByName))
        {
            offers.Add(
                member.Name, SymbolText.Kind(member), OfferTier.Expected, () => SymbolText.Signature([member]),
                SymbolText.Escaped(member.Name) + behind);
        }
    }
}
