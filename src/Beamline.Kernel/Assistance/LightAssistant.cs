using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Completion and inspection from the compiler's own symbols: no workspace, little memory.</summary>
internal sealed class LightAssistant : ICodeAssistant
{
    private readonly MagicAssistant _magics;
    private readonly DirectiveCompleter _directives;
    private readonly SessionProbe _probe;
    private readonly Inspector _inspector;

    public LightAssistant(NotebookKernel kernel, PackageNames? packages = null)
    {
        _magics = new MagicAssistant(kernel);
        _directives = new DirectiveCompleter(packages ?? new PackageNames());
        _probe = new SessionProbe(kernel.Session);
        _inspector = new Inspector(kernel);
    }

    public CompletionList Complete(string code, int place)
    {
        place = Math.Clamp(place, 0, code.Length);
        if (CompleteText(code, place) is { } answer)
        {
            return answer;
        }

        var text = SessionProbe.CSharpOf(code);
        var cursor = new Cursor(Parse(text), place);
        if (IsGluedToNextLine(text, cursor))
        {
            // Without an end here the parser takes the next line for the rest of this one.
            text = text.Insert(place, ";");
        }

        var (_, tree, model, _) = _probe.For(text);
        return Complete(model, new Cursor(tree.GetRoot(), place));
    }

    /// <summary>Completes what is no C#: magic lines, directives, paths in strings; nothing in comments and other text.</summary>
    /// <returns>The answer, or null in C#.</returns>
    public CompletionList? CompleteText(string code, int place)
    {
        place = Math.Clamp(place, 0, code.Length);
        if (_magics.Complete(code, place) is { } magic)
        {
            return magic;
        }

        // A directive or a path needs no compiler, so the text is looked at first.
        var root = Parse(SessionProbe.CSharpOf(code));
        if (IsLineOfCode(root, code, place) && _directives.Complete(code, place) is { } directive)
        {
            return directive;
        }

        if (StringCompleter.Complete(root, place) is { } paths)
        {
            return paths;
        }

        return new Cursor(root, place).IsInText ? CompletionList.None(place) : null;
    }

    public Inspection? Inspect(string code, int place, int detail = 0)
    {
        place = Math.Clamp(place, 0, code.Length);
        if (_magics.Inspect(code, place) is { } help)
        {
            return Inspection.OfText(help);
        }

        var (_, tree, model, _) = _probe.For(code);
        return _inspector.Inspect(model, tree.GetRoot(), place, detail);
    }

    private static SyntaxNode Parse(string text) => CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions).GetRoot();

    private static CompletionList Complete(SemanticModel model, Cursor cursor)
    {
        var offers = new CompletionBuilder(cursor.Typed);
        switch (cursor.Before.Kind())
        {
            case SyntaxKind.DotToken or SyntaxKind.MinusGreaterThanToken or SyntaxKind.ColonColonToken:
                MemberCompleter.Add(model, cursor, offers);
                return offers.Build(cursor.WordStart, cursor.Place);
            case SyntaxKind.DotDotToken when cursor.Before.Parent is not (RangeExpressionSyntax or SpreadElementSyntax):
                return CompletionList.None(cursor.Place);
        }

        if (ArgumentCompleter.AddOverrides(model, cursor, offers) || ArgumentCompleter.AddMembers(model, cursor, offers))
        {
            return offers.Build(cursor.WordStart, cursor.Place);
        }

        if (cursor.IsNewName || cursor.IsAfterOperand)
        {
            // A new name is the user's to invent. What looks like one may be the start of an operator, though.
            AddOperators(cursor, offers);
            return offers.Build(cursor.WordStart, cursor.Place);
        }

        ExpectedType.Add(model, cursor, offers);
        ArgumentCompleter.AddNamed(model, cursor, offers);
        ScopeCompleter.Add(model, cursor, offers);
        UnimportedTypes.Add(model, cursor, offers);
        return offers.Build(cursor.WordStart, cursor.Place);
    }

    private static void AddOperators(Cursor cursor, CompletionBuilder offers)
    {
        var isQuery = cursor.Before.Parent?.FirstAncestorOrSelf<QueryExpressionSyntax>() is not null;
        foreach (var word in isQuery ? KeywordTable.Query.Concat(KeywordTable.Operator) : KeywordTable.Operator)
        {
            if (offers.Typed.Length > 0 && word.StartsWith(offers.Typed, StringComparison.Ordinal))
            {
                offers.Add(word, "keyword", OfferTier.Keyword);
            }
        }
    }

    private static bool IsLineOfCode(SyntaxNode root, string code, int place)
    {
        var lineStart = place == 0 ? 0 : code.LastIndexOf('\n', place - 1) + 1;
        var before = Cursor.TokenLeftOf(root, lineStart);
        return before.Span.End <= lineStart && !root.FindTrivia(lineStart).IsKind(SyntaxKind.MultiLineCommentTrivia) &&
            !root.FindTrivia(lineStart).IsKind(SyntaxKind.DisabledTextTrivia);
    }

    private static bool IsGluedToNextLine(string text, Cursor cursor)
    {
        if (!cursor.Before.IsKind(SyntaxKind.DotToken) && cursor.Word.RawKind == 0)
        {
            return false;
        }

        var end = text.IndexOf('\n', cursor.Place);
        if (end < 0 || !string.IsNullOrWhiteSpace(text[cursor.Place..end]))
        {
            return false;
        }

        var next = text.AsSpan(end).TrimStart();
        return next.Length > 0 && (char.IsLetter(next[0]) || next[0] is '_' or '@');
    }
}
