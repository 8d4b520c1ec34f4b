using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Says what a name means: declaration, overloads, documentation, value; and which parameter comes next.</summary>
internal sealed class Inspector(NotebookKernel kernel)
{
    private const int MostOverloads = 20;

    public Inspection? Inspect(SemanticModel model, SyntaxNode root, int place, int detail)
    {
        var answer = new Inspection();
        if (SymbolsAt(model, root, place) is { Count: > 0 } symbols)
        {
            answer.Append(Describe(symbols, model, detail));
        }

        if (CallAtCursor.Find(model, root, place) is { } call)
        {
            answer.Append(SignatureHelp.Describe(call, model.Compilation, detail));
        }

        return answer.IsEmpty ? null : answer;
    }

    private static List<ISymbol> SymbolsAt(SemanticModel model, SyntaxNode root, int place)
    {
        var token = root.FindToken(Math.Min(place, Math.Max(0, root.FullSpan.End - 1)));
        if (!IsName(token) || token.SpanStart > place)
        {
            token = Cursor.TokenLeftOf(root, place);
            if (!IsName(token) || token.Span.End < place)
            {
                return [];
            }
        }

        if (token.Parent is not { } node)
        {
            return [];
        }

        var found = model.GetSymbolInfo(node);
        var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault() ?? model.GetDeclaredSymbol(node);
        if (symbol is null && node is ConstructorInitializerSyntax or ImplicitObjectCreationExpressionSyntax)
        {
            return [];
        }

        if (symbol is null or IErrorTypeSymbol)
        {
            symbol = node is ExpressionSyntax ? model.GetTypeInfo(node).Type : null;
        }

        // The name of a type in 'new T(...)' binds to the type; its constructors are the call's own business.
        return symbol switch
        {
            null or IErrorTypeSymbol => [],
            IMethodSymbol { MethodKind: not MethodKind.LocalFunction } method => [method, .. Overloads(model, node, method)],
            _ => [symbol],
        };
    }

    private static bool IsName(SyntaxToken token) =>
        token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(token.Kind()) ||
        token.IsKind(SyntaxKind.ThisKeyword) || token.IsKind(SyntaxKind.BaseKeyword);

    private static IEnumerable<ISymbol> Overloads(SemanticModel model, SyntaxNode node, IMethodSymbol method)
    {
        IEnumerable<ISymbol> group = node is ExpressionSyntax name ? model.GetMemberGroup(name) : [];
        group = group.Any() ? group : method.ContainingType?.GetMembers(method.Name).Where(m => model.IsAccessible(node.SpanStart, m)) ?? [];
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return group.OfType<IMethodSymbol>().Where(other =>
            !SymbolEqualityComparer.Default.Equals((other.ReducedFrom ?? other).OriginalDefinition, definition));
    }

    private Inspection Describe(List<ISymbol> symbols, SemanticModel model, int detail)
    {
        var (symbol, others) = (symbols[0], symbols.Count - 1);
        var answer = new Inspection();
        var text = SymbolText.Of(symbol);
        answer.Code(others > 0 && detail == 0 ? $"{text} (+ {others} overloads)" : text);
        if (detail > 0 && others > 0)
        {
            answer.Code(string.Join('\n', symbols.Skip(1).Take(MostOverloads).Select(s => s.ToDisplayString(SymbolText.Declaration))
                .Append(others > MostOverloads ? $"... and {others - MostOverloads} more" : null).OfType<string>()));
        }

        AddValue(symbol, answer);
        AddDocumentation(DocLibrary.For(symbol, model.Compilation), answer, detail);
        if (detail > 0 && SourceOfSymbol.Find(symbol, kernel.Session) is { } source)
        {
            answer.Paragraph(source.Label.Length > 0 ? $"From {source.Label}:" : "From this cell:").Code(source.Text);
        }

        return answer;
    }

    private void AddValue(ISymbol symbol, Inspection answer)
    {
        if (symbol is not IFieldSymbol { ContainingType.IsScriptClass: true } || kernel.Session.FindVariable(symbol.Name) is not { } variable)
        {
            return;
        }

        var value = ValueText.Of(variable.Value);
        var actual = variable.Value?.GetType();
        answer.Paragraph(value ?? "(not shown: reading it could run code of its own)", "Value");
        if (actual is not null && actual != variable.Type && Nullable.GetUnderlyingType(variable.Type) != actual)
        {
            answer.Paragraph(TypeNames.Of(actual), "Type of the value");
        }
    }

    private static void AddDocumentation(DocComment comment, Inspection answer, int detail)
    {
        answer.Paragraph(comment.Summary);
        foreach (var (name, text) in comment.TypeParameters.Concat(comment.Parameters))
        {
            answer.Paragraph(text, name);
        }

        answer.Paragraph(comment.Returns, "Returns");
        foreach (var (name, text) in comment.Exceptions)
        {
            answer.Paragraph(text, "Throws " + name);
        }

        if (detail > 0)
        {
            answer.Paragraph(comment.Remarks, "Remarks");
        }
    }
}
