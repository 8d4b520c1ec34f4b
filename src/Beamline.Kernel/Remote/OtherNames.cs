using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Names that stand for an object, or for a part of it, from some place in a text on.</summary>
internal static class OtherNames
{
    /// <summary>Variables that are given an expression's value where it stands, or one of its elements.</summary>
    public static IEnumerable<ISymbol> Of(ExpressionSyntax at, SemanticModel model)
    {
        return at.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => Declared(declarator),
            AssignmentExpressionSyntax set when set.Right == at => model.GetSymbolInfo(set.Left).Symbol is { } symbol ? [symbol] : [],
            ForEachStatementSyntax loop when loop.Expression == at => Declared(loop),
            ForEachVariableStatementSyntax loop when loop.Expression == at => loop.Variable.DescendantNodesAndSelf().SelectMany(Declared),
            IsPatternExpressionSyntax match when match.Expression == at => match.Pattern.DescendantNodesAndSelf().SelectMany(Declared),
            SwitchStatementSyntax choice when choice.Expression == at => Patterns(choice),
            SwitchExpressionSyntax choice when choice.GoverningExpression == at => Patterns(choice),
            ArgumentSyntax { Parent: ArgumentListSyntax list } => Parameters(list),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } member when member.Expression == at => Parameters(call.ArgumentList),
            _ => [],
        };

        IEnumerable<ISymbol> Declared(SyntaxNode node) => node is VariableDeclaratorSyntax or ForEachStatementSyntax or SingleVariableDesignationSyntax &&
            model.GetDeclaredSymbol(node) is { } symbol ? [symbol] : [];

        IEnumerable<ISymbol> Patterns(SyntaxNode choice) => choice.DescendantNodes().OfType<SingleVariableDesignationSyntax>().SelectMany(Declared);

        // images.ForEach(image => ...), Parallel.ForEach(images, image => ...)
        IEnumerable<ISymbol> Parameters(ArgumentListSyntax list) => list.Arguments.Select(a => a.Expression).OfType<AnonymousFunctionExpressionSyntax>()
            .SelectMany(f => model.GetSymbolInfo(f).Symbol is IMethodSymbol method ? method.Parameters : []);
    }

    /// <summary>All places where a variable of a text is named.</summary>
    public static IEnumerable<IdentifierNameSyntax> Places(ISymbol variable, SyntaxNode root, SemanticModel model) =>
        root.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n =>
            n.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(n).Symbol, variable));
}
