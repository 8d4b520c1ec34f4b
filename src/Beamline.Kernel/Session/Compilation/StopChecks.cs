using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>
/// Writes calls of <see cref="CellGuard"/> into the code of a cell: at the head of loops and functions, and in the
/// filters of catch clauses. It adds no line, so that stack traces name the lines that the user wrote.
/// </summary>
internal sealed partial class StopChecks : CSharpSyntaxWalker
{
    private const string Guard = "global::Beamline.Kernel.CellGuard.";
    private const string Check = Guard + "Check();";
    private const string Enter = Guard + "Enter();";

    private readonly TextEdits _edits = new();
    private readonly SourceText _source;
    private readonly Lazy<SemanticModel> _model;
    private int _caught;

    private StopChecks(SourceText source, Func<SemanticModel> model) =>
        (_source, _model) = (source, new Lazy<SemanticModel>(model));

    private SemanticModel Model => _model.Value;

    /// <summary>The text of a tree without errors, with checks; null when it needs none.</summary>
    public static string? Insert(SyntaxTree tree, Compilation compilation)
    {
        // Binding is asked for only where syntax does not tell: many cells need none of it.
        var checks = new StopChecks(tree.GetText(), () => compilation.GetSemanticModel(tree));
        checks.Visit(tree.GetRoot());
        return checks._edits.IsEmpty ? null : checks._edits.Apply(checks._source);
    }

    public override void Visit(SyntaxNode? node)
    {
        if (node is not StatementSyntax statement || !(IsLoopBody(statement) || statement is GotoStatementSyntax))
        {
            base.Visit(node);
        }
        else if (statement is BlockSyntax block)
        {
            _edits.Insert(block.OpenBraceToken.Span.End, Check);
            base.Visit(node);
        }
        else
        {
            // 'goto' can make a loop of its own; its label is also seen from inside a block.
            _edits.Insert(statement.SpanStart, "{" + Check);
            base.Visit(node);
            _edits.Insert(statement.Span.End, "}");
        }
    }

    public override void VisitCatchClause(CatchClauseSyntax node)
    {
        var name = node.Declaration?.Identifier.Text;
        if (string.IsNullOrEmpty(name))
        {
            name = $"caught__{++_caught}";
            if (node.Declaration is { } declaration)
            {
                _edits.Insert(declaration.Type.Span.End, " " + name);
            }
            else
            {
                _edits.Insert(node.CatchKeyword.Span.End, $"(global::System.Exception {name})");
            }
        }

        var test = $"{Guard}{(CatchesStopsByName(node) ? nameof(CellGuard.MayCatchStop) : nameof(CellGuard.MayCatch))}({name})";
        if (node.Filter is { } filter)
        {
            _edits.Insert(filter.FilterExpression.SpanStart, test + "&&(");
            Visit(filter.FilterExpression);
            _edits.Insert(filter.FilterExpression.Span.End, ")");
        }
        else
        {
            _edits.Insert(node.Block.SpanStart, $"when({test})");
        }

        Visit(node.Block);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        // A method that is told the text of its arguments must be told the user's text.
        if (node.ArgumentList.Arguments.Any(HasCode) && Model.GetSymbolInfo(node).Symbol is IMethodSymbol method &&
            method.Parameters.Any(p => p.GetAttributes().Any(a => a.AttributeClass?.Name == "CallerArgumentExpressionAttribute")))
        {
            Visit(node.Expression);
            return;
        }

        base.VisitInvocationExpression(node);

        static bool HasCode(ArgumentSyntax argument) =>
            argument.DescendantNodes().Any(n => n is AnonymousFunctionExpressionSyntax or QueryExpressionSyntax);
    }

    public override void VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (!ReplacesExit(node, node.Name))
        {
            base.VisitMemberAccessExpression(node);
        }
    }

    public override void VisitIdentifierName(IdentifierNameSyntax node)
    {
        if (node.Parent is not MemberAccessExpressionSyntax access || access.Name != node)
        {
            ReplacesExit(node, node);
        }
    }

    private bool ReplacesExit(ExpressionSyntax node, SimpleNameSyntax name)
    {
        if (name.Identifier.ValueText is not ("Exit" or "FailFast") ||
            Model.GetSymbolInfo(node).Symbol is not IMethodSymbol { ContainingType: { Name: "Environment" } type } ||
            type.ContainingNamespace.Name != "System")
        {
            return false;
        }

        _edits.Replace(node.Span, Guard + name.Identifier.ValueText, _source);
        return true;
    }

    private static bool IsLoopBody(StatementSyntax statement) => statement.Parent switch
    {
        WhileStatementSyntax loop => loop.Statement == statement,
        DoStatementSyntax loop => loop.Statement == statement,
        ForStatementSyntax loop => loop.Statement == statement,
        CommonForEachStatementSyntax loop => loop.Statement == statement,
        _ => false,
    };

    private static bool CatchesStopsByName(CatchClauseSyntax node) =>
        node.Declaration?.Type is { } type &&
        (type as SimpleNameSyntax ?? (type as QualifiedNameSyntax)?.Right ?? (type as AliasQualifiedNameSyntax)?.Name)
            ?.Identifier.ValueText is nameof(OperationCanceledException) or nameof(TaskCanceledException)
                or nameof(ThreadInterruptedException);
}
