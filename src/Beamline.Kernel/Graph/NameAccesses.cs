using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Whether an expression reads, assigns or changes the variable that it starts with.</summary>
internal static class NameAccesses
{
    private const NameAccess Both = NameAccess.Read | NameAccess.Write;

    public static NameAccess Of(SimpleNameSyntax name, SemanticModel model)
    {
        ExpressionSyntax at = name;
        var isWhole = true;
        while (true)
        {
            switch (at.Parent)
            {
                case ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    at = (ExpressionSyntax)at.Parent;
                    continue;
                case MemberAccessExpressionSyntax member when member.Expression == at:
                    if (Changes(member, model))
                    {
                        return Both;
                    }

                    (at, isWhole) = (member, false);
                    continue;
                case ElementAccessExpressionSyntax element when element.Expression == at:
                    (at, isWhole) = (element, false);
                    continue;
                case ConditionalAccessExpressionSyntax conditional when conditional.Expression == at:
                    return Changes(conditional, model) ? Both : NameAccess.Read;
                case AssignmentExpressionSyntax assignment when assignment.Left == at:
                    return isWhole && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? NameAccess.Write : Both;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }:
                    return Both;
                case ArgumentSyntax { Parent: TupleExpressionSyntax tuple }:
                    // '(x, y) = ...' assigns both; the tuple may lie in another one.
                    at = tuple;
                    continue;
                case ArgumentSyntax argument:
                    return OfArgument(argument, isWhole, model);
                case RefExpressionSyntax:
                    return Both;
                default:
                    return NameAccess.Read;
            }
        }
    }

    private static NameAccess OfArgument(ArgumentSyntax argument, bool isWhole, SemanticModel model) =>
        argument.RefKindKeyword.Kind() switch
        {
            SyntaxKind.OutKeyword => isWhole ? NameAccess.Write : Both,
            SyntaxKind.RefKeyword => Both,
            _ => argument.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list &&
                list.Arguments[0] == argument && model.GetSymbolInfo(call).Symbol is IMethodSymbol method &&
                Mutators.ChangesFirstArgument(method)
                ? Both
                : NameAccess.Read,
        };

    private static bool Changes(MemberAccessExpressionSyntax member, SemanticModel model) =>
        member.Parent is InvocationExpressionSyntax call && call.Expression == member &&
        model.GetSymbolInfo(call).Symbol is IMethodSymbol method && Mutators.ChangesReceiver(method);

    // x?.Add(1), x?.Y = 1
    private static bool Changes(ConditionalAccessExpressionSyntax conditional, SemanticModel model) =>
        conditional.WhenNotNull switch
        {
            InvocationExpressionSyntax call => model.GetSymbolInfo(call).Symbol is IMethodSymbol method && Mutators.ChangesReceiver(method),
            AssignmentExpressionSyntax => true,
            _ => false,
        };
}
