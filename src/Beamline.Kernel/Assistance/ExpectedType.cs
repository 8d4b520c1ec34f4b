using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What type a value at the cursor should have, where the code around it says so.</summary>
internal static class ExpectedType
{
    public static ITypeSymbol? At(SemanticModel model, Cursor cursor)
    {
        var before = cursor.Before.IsKind(SyntaxKind.NewKeyword) ? cursor.Before.GetPreviousToken() : cursor.Before;
        switch (before.Kind())
        {
            case SyntaxKind.EqualsToken when before.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: { IsVar: false } type } } }:
                return model.GetTypeInfo(type).Type;
            case SyntaxKind.EqualsToken when before.Parent is EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property }:
                return model.GetTypeInfo(property.Type).Type;
            case SyntaxKind.EqualsToken when before.Parent is AssignmentExpressionSyntax assignment:
                return model.GetTypeInfo(assignment.Left).Type;
            case SyntaxKind.EqualsEqualsToken or SyntaxKind.ExclamationEqualsToken when before.Parent is BinaryExpressionSyntax comparison:
                return model.GetTypeInfo(comparison.Left).Type;
            case SyntaxKind.IsKeyword when before.Parent is IsPatternExpressionSyntax pattern:
                return model.GetTypeInfo(pattern.Expression).Type;
            case SyntaxKind.IsKeyword when before.Parent is BinaryExpressionSyntax test:
                return model.GetTypeInfo(test.Left).Type;
            case SyntaxKind.CaseKeyword when before.Parent?.FirstAncestorOrSelf<SwitchStatementSyntax>() is { } statement:
                return model.GetTypeInfo(statement.Expression).Type;
            case SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken when before.Parent is SwitchExpressionSyntax choice:
                return model.GetTypeInfo(choice.GoverningExpression).Type;
            case SyntaxKind.ReturnKeyword when before.Parent?.FirstAncestorOrSelf<SyntaxNode>(IsFunction) is { } function:
                return (model.GetDeclaredSymbol(function) as IMethodSymbol)?.ReturnType;
            case SyntaxKind.OpenParenToken or SyntaxKind.CommaToken or SyntaxKind.ColonToken:
                return CallAtCursor.Find(model, cursor.Root, cursor.WordStart) is { } call ? call.ExpectedType : null;
            default:
                return null;
        }
    }

    /// <summary>Offers the members of an expected enum, and true and false for an expected bool.</summary>
    public static void Add(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (At(model, cursor) is not { } type)
        {
            return;
        }

        MemberCompleter.IsNullable(type, out type);
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            offers.Add("false", "keyword", OfferTier.Expected);
            offers.Add("true", "keyword", OfferTier.Expected);
        }

        if (type.TypeKind != TypeKind.Enum)
        {
            return;
        }

        var name = type.ToMinimalDisplayString(model, cursor.WordStart, SymbolText.TypeName);
        foreach (var member in type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue))
        {
            var text = $"{name}.{SymbolText.Escaped(member.Name)}";
            offers.Add(text, "enum", OfferTier.Expected, () => SymbolText.Signature([member]));
            if (offers.Typed.Length > 0)
            {
                // Typing the member's own name finds it, too.
                offers.Add(member.Name, "enum", OfferTier.Expected, () => SymbolText.Signature([member]), text);
            }
        }
    }

    private static bool IsFunction(SyntaxNode node) => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax;
}
