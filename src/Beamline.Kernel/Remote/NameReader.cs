using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Tells of every symbol that a piece of code uses, those included that it does not name: functions behind foreach,
/// deconstruction, initializers, await and queries.
/// </summary>
/// <param name="model">The semantic model.</param>
/// <param name="found">Hears of symbols, how variables are accessed, and where.</param>
internal sealed class NameReader(SemanticModel model, Action<ISymbol, NameAccess, SyntaxNode> found) : CSharpSyntaxWalker
{
    // nameof needs the name and looks at no value.
    private bool _onlyNames;

    public override void VisitIdentifierName(IdentifierNameSyntax node) => Name(node);

    public override void VisitGenericName(GenericNameSyntax node)
    {
        Name(node);
        base.VisitGenericName(node);
    }

    public override void VisitUsingDirective(UsingDirectiveSyntax node)
    {
        // Usings are not uses: only names behind 'using static' may be of the notebook.
        if (node.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
        {
            base.VisitUsingDirective(node);
        }
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var before = _onlyNames;
        _onlyNames |= node.Expression is IdentifierNameSyntax { Identifier.Text: "nameof" } && model.GetConstantValue(node).HasValue;
        base.VisitInvocationExpression(node);
        _onlyNames = before;
    }

    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        Loop(node);
        base.VisitForEachStatement(node);
    }

    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        Loop(node);
        Parts(model.GetDeconstructionInfo(node), node);
        base.VisitForEachVariableStatement(node);
    }

    public override void VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        if (node.Left is TupleExpressionSyntax or DeclarationExpressionSyntax)
        {
            Parts(model.GetDeconstructionInfo(node), node);
        }

        base.VisitAssignmentExpression(node);
    }

    public override void VisitRecursivePattern(RecursivePatternSyntax node)
    {
        if (node.PositionalPatternClause is not null &&
            model.GetOperation(node) is Microsoft.CodeAnalysis.Operations.IRecursivePatternOperation { DeconstructSymbol: { } taken })
        {
            Of(taken, node);
        }

        base.VisitRecursivePattern(node);
    }

    public override void VisitInitializerExpression(InitializerExpressionSyntax node)
    {
        if (node.IsKind(SyntaxKind.CollectionInitializerExpression))
        {
            foreach (var item in node.Expressions)
            {
                Of(model.GetCollectionInitializerSymbolInfo(item).Symbol, node);
            }
        }

        base.VisitInitializerExpression(node);
    }

    public override void VisitAwaitExpression(AwaitExpressionSyntax node)
    {
        Of(model.GetAwaitExpressionInfo(node).GetAwaiterMethod, node);
        base.VisitAwaitExpression(node);
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        Of(model.GetSymbolInfo(node).Symbol, node);
        base.VisitBinaryExpression(node);
    }

    public override void VisitFromClause(FromClauseSyntax node)
    {
        Clause(node);
        base.VisitFromClause(node);
    }

    public override void VisitLetClause(LetClauseSyntax node)
    {
        Clause(node);
        base.VisitLetClause(node);
    }

    public override void VisitWhereClause(WhereClauseSyntax node)
    {
        Clause(node);
        base.VisitWhereClause(node);
    }

    public override void VisitJoinClause(JoinClauseSyntax node)
    {
        Clause(node);
        base.VisitJoinClause(node);
    }

    public override void VisitOrdering(OrderingSyntax node)
    {
        Of(model.GetSymbolInfo(node).Symbol, node);
        base.VisitOrdering(node);
    }

    public override void VisitSelectClause(SelectClauseSyntax node)
    {
        Of(model.GetSymbolInfo(node).Symbol, node);
        base.VisitSelectClause(node);
    }

    public override void VisitGroupClause(GroupClauseSyntax node)
    {
        Of(model.GetSymbolInfo(node).Symbol, node);
        base.VisitGroupClause(node);
    }

    private void Name(SimpleNameSyntax node)
    {
        if (node.Identifier.IsMissing)
        {
            return;
        }

        var info = model.GetSymbolInfo(node);
        if (info.Symbol is { } symbol)
        {
            var access = symbol is not (IFieldSymbol or IPropertySymbol) ? NameAccess.Read
                : _onlyNames ? NameAccess.None
                : NameAccesses.Of(node, model);
            found(symbol, access, node);
            return;
        }

        // nameof(Function) names all of its forms.
        foreach (var candidate in info.CandidateSymbols)
        {
            found(candidate, _onlyNames ? NameAccess.None : NameAccess.Read, node);
        }
    }

    private void Of(ISymbol? symbol, SyntaxNode node)
    {
        if (symbol is not null)
        {
            found(symbol, NameAccess.Read, node);
        }
    }

    private void Loop(CommonForEachStatementSyntax node)
    {
        var info = model.GetForEachStatementInfo(node);
        Of(info.GetEnumeratorMethod, node);
        Of(info.MoveNextMethod, node);
        Of(info.CurrentProperty, node);
    }

    private void Parts(DeconstructionInfo info, SyntaxNode node)
    {
        Of(info.Method, node);
        foreach (var part in info.Nested)
        {
            Parts(part, node);
        }
    }

    private void Clause(QueryClauseSyntax node)
    {
        var info = model.GetQueryClauseInfo(node);
        Of(info.OperationInfo.Symbol, node);
        Of(info.CastInfo.Symbol, node);
    }
}
