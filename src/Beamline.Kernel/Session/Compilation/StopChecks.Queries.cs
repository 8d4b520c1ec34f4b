using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <content>Query expressions: the compiler makes lambdas of their clauses, and a call around the expression is their check.</content>
internal sealed partial class StopChecks
{
    public override void VisitQueryExpression(QueryExpressionSyntax node)
    {
        // The clauses of a database query are data, not code.
        if (IsQueryable(Model.GetTypeInfo(node.FromClause.Expression).Type) ||
            node.Body.Clauses.OfType<FromClauseSyntax>().Any(f => IsQueryable(Model.GetTypeInfo(f.Expression).Type)))
        {
            Visit(node.FromClause.Expression);
            return;
        }

        base.VisitQueryExpression(node);
    }

    public override void VisitWhereClause(WhereClauseSyntax node) => Passed(node.Condition);

    public override void VisitLetClause(LetClauseSyntax node) => Passed(node.Expression);

    public override void VisitSelectClause(SelectClauseSyntax node)
    {
        // 'select x' alone is left out by the compiler; a call around x would change the type of the query.
        if (node.Expression is not IdentifierNameSyntax)
        {
            Passed(node.Expression);
        }
    }

    private void Passed(ExpressionSyntax expression)
    {
        _edits.Insert(expression.SpanStart, Guard + nameof(CellGuard.Pass) + "(");
        Visit(expression);
        _edits.Insert(expression.Span.End, ")");
    }

    private static bool IsQueryable(ITypeSymbol? type) =>
        type is not null && (type.Name == "IQueryable" || type.AllInterfaces.Any(i => i.Name == "IQueryable"));
}
