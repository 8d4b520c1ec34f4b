using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <content>Functions: what has a body gets a check at its head, and a body where it had only an expression.</content>
internal sealed partial class StopChecks
{
    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        // Throwing into native code that called back ends the process.
        if (node.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString().Contains("UnmanagedCallersOnly", StringComparison.Ordinal)))
        {
            return;
        }

        Function(node, node.Body, node.ExpressionBody, HeadOf(node), Returns(node, node.ReturnType, node.Modifiers));
    }

    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        if (!node.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString().Contains("UnmanagedCallersOnly", StringComparison.Ordinal)))
        {
            Function(node, node.Body, node.ExpressionBody, HeadOf(node), Returns(node, node.ReturnType, node.Modifiers));
        }
    }

    // A static constructor that throws makes its type useless for the rest of the session: no check at its head.
    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node) => Function(
        node, node.Body, node.ExpressionBody, node.Modifiers.Any(SyntaxKind.StaticKeyword) ? "" : Enter, returns: false);

    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        Function(node, node.Body, node.ExpressionBody, Enter, Returns(node, node.ReturnType, node.Modifiers));

    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
        Function(node, node.Body, node.ExpressionBody, Enter, returns: true);

    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        Function(node, node.Body, node.ExpressionBody, Enter, node.IsKind(SyntaxKind.GetAccessorDeclaration));

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node) =>
        Property(node, node.ExpressionBody, () => base.VisitPropertyDeclaration(node));

    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node) =>
        Property(node, node.ExpressionBody, () => base.VisitIndexerDeclaration(node));

    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => Lambda(node);

    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => Lambda(node);

    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => Lambda(node);

    private void Function(
        SyntaxNode node, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, string head, bool returns)
    {
        foreach (var child in node.ChildNodes())
        {
            if (child == body && body is not null)
            {
                _edits.Insert(body.OpenBraceToken.Span.End, head);
                Visit(body);
            }
            else if (child == arrow && arrow is not null)
            {
                Arrow(arrow, "{" + head, "}", returns);
            }
            else
            {
                Visit(child);
            }
        }
    }

    private void Property(SyntaxNode node, ArrowExpressionClauseSyntax? arrow, Action visitAll)
    {
        if (arrow is null)
        {
            visitAll();
        }
        else
        {
            Arrow(arrow, "{get{" + Enter, "}}", returns: true);
        }
    }

    /// <summary>'=> expression;' becomes '{check; return expression;}'.</summary>
    private void Arrow(ArrowExpressionClauseSyntax arrow, string open, string close, bool returns)
    {
        // 'return' stands on the line of the expression: it is what a stack trace will name.
        _edits.Replace(arrow.ArrowToken.Span, open, _source);
        _edits.Insert(arrow.Expression.SpanStart, returns && arrow.Expression is not ThrowExpressionSyntax ? "return " : "");
        Visit(arrow.Expression);
        _edits.Insert(arrow.GetLastToken().GetNextToken().Span.End, close);
    }

    private void Lambda(AnonymousFunctionExpressionSyntax node)
    {
        if (IsExpressionTree(node) || IsCalledByNativeCode(node))
        {
            return;
        }

        if (node.Block is { } block)
        {
            _edits.Insert(block.OpenBraceToken.Span.End, HeadOf(node));
            Visit(block);
        }
        else if (node.ExpressionBody is { } body && Model.GetSymbolInfo(node).Symbol is IMethodSymbol symbol)
        {
            var returns = ReturnsValue(symbol) && body is not ThrowExpressionSyntax;
            _edits.Insert(body.SpanStart, "{" + HeadOf(node) + (returns ? "return " : ""));
            Visit(body);
            _edits.Insert(body.Span.End, ";}");
        }
    }

    private bool IsExpressionTree(AnonymousFunctionExpressionSyntax node)
    {
        if (node.Block is not null)
        {
            return false;
        }

        for (var type = Model.GetTypeInfo(node).ConvertedType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } })
            {
                return true;
            }
        }

        return false;
    }

    private bool IsCalledByNativeCode(AnonymousFunctionExpressionSyntax node) =>
        node.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } &&
        Model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsExtern: true };

    private bool Returns(SyntaxNode node, TypeSyntax type, SyntaxTokenList modifiers) =>
        type is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } &&
        (!modifiers.Any(SyntaxKind.AsyncKeyword) ||
            (Model.GetDeclaredSymbol(node) is IMethodSymbol symbol && ReturnsValue(symbol)));

    private static bool ReturnsValue(IMethodSymbol method) =>
        !method.ReturnsVoid && (!method.IsAsync || method.ReturnType is INamedTypeSymbol { Arity: > 0 });

    /// <summary>Only what can lead back into itself needs to look at the stack, which takes 2 ns.</summary>
    private static string HeadOf(SyntaxNode function)
    {
        var isOverride = function is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.OverrideKeyword);
        return isOverride || function.DescendantNodes().Any(CallsSomething) ? Enter : Check;
    }

    private static bool CallsSomething(SyntaxNode node) => node is InvocationExpressionSyntax
        or BaseObjectCreationExpressionSyntax or InterpolatedStringExpressionSyntax or CommonForEachStatementSyntax
        or YieldStatementSyntax or AwaitExpressionSyntax or UsingStatementSyntax or WithExpressionSyntax
        or QueryExpressionSyntax or DeclarationExpressionSyntax or PositionalPatternClauseSyntax
        or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 };
}
