using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Completion from the compiler's own symbols: no workspace, little memory.</summary>
internal sealed class LightAssistant(NotebookKernel kernel) : ICodeAssistant
{
    private readonly MagicAssistant _magics = new(kernel);

    public CompletionList Complete(string code, int place)
    {
        if (_magics.Complete(code, place) is { } magic)
        {
            return magic;
        }

        var (tree, model) = kernel.Session.Probe(CellSplitter.WithoutMagics(code));
        var root = tree.GetRoot();
        var start = place;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] == '_'))
        {
            start--;
        }

        if (root.FindTrivia(Math.Max(0, place - 1)).Kind() is SyntaxKind.SingleLineCommentTrivia
            or SyntaxKind.MultiLineCommentTrivia || IsInText(root.FindToken(Math.Max(0, place - 1)), place))
        {
            return new CompletionList([], place, place);
        }

        var prefix = code[start..place];
        var items = Symbols(model, root, start, place)
            .Where(s => s.CanBeReferencedByName && s.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(s => s.Name, StringComparer.Ordinal)
            .Select(same => new CompletionItem(same.Key, KindOf(same.First())));
        if (start == 0 || code[start - 1] != '.')
        {
            items = items.Concat(SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText)
                .Where(k => prefix.Length > 0 && k.StartsWith(prefix, StringComparison.Ordinal))
                .Select(k => new CompletionItem(k, "keyword")));
        }

        return new CompletionList([.. items.OrderBy(i => i.Text, StringComparer.OrdinalIgnoreCase)], start, place);
    }

    public string? Inspect(string code, int place)
    {
        if (_magics.Inspect(code, place) is { } help)
        {
            return help;
        }

        var (tree, model) = kernel.Session.Probe(CellSplitter.WithoutMagics(code));
        var root = tree.GetRoot();
        var token = root.FindToken(Math.Clamp(place, 0, Math.Max(0, code.Length - 1)));
        if (!token.IsKind(SyntaxKind.IdentifierToken) && place > 0)
        {
            token = root.FindToken(place - 1);
        }

        if (token.Parent is not { } node)
        {
            return null;
        }

        var found = model.GetSymbolInfo(node);
        var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault() ?? model.GetDeclaredSymbol(node);
        if (symbol is null)
        {
            return null;
        }

        var text = symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        var overloads = symbol is IMethodSymbol method
            ? method.ContainingType?.GetMembers(method.Name).OfType<IMethodSymbol>().Count() - 1 ?? 0
            : 0;
        var value = symbol is IFieldSymbol { ContainingType.IsScriptClass: true } && kernel.Session.FindVariable(symbol.Name) is { } v
            ? $"\nvalue: {BuiltInFormatter.OneLine(v.Value)}"
            : "";
        return text + (overloads > 0 ? $" (+ {overloads} overloads)" : "") + value;
    }

    private static IEnumerable<ISymbol> Symbols(SemanticModel model, SyntaxNode root, int start, int place)
    {
        var dot = start - 1;
        if (dot < 0 || root.FindToken(dot) is not { RawKind: (int)SyntaxKind.DotToken } token)
        {
            return model.LookupSymbols(start);
        }

        var left = token.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            MemberBindingExpressionSyntax binding =>
                binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            _ => (SyntaxNode?)null,
        };
        if (left is null)
        {
            return [];
        }

        var symbol = model.GetSymbolInfo(left).Symbol;
        if (symbol is INamespaceOrTypeSymbol container)
        {
            return model.LookupSymbols(place, container).Where(s => s.IsStatic || s is INamespaceOrTypeSymbol);
        }

        var type = model.GetTypeInfo(left).Type;
        return type is null or IErrorTypeSymbol
            ? []
            : model.LookupSymbols(place, type, includeReducedExtensionMethods: true)
                .Where(s => !s.IsStatic && s is not INamespaceOrTypeSymbol || s is IMethodSymbol { ReducedFrom: not null });
    }

    private static bool IsInText(SyntaxToken token, int place) =>
        token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.NumericLiteralToken &&
        token.SpanStart < place && place <= token.Span.End;

    private static string KindOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        IPropertySymbol => "property",
        INamespaceSymbol => "module",
        INamedTypeSymbol { TypeKind: TypeKind.Interface } => "interface",
        INamedTypeSymbol => "class",
        _ => "instance",
    };
}
