using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Where the cursor is in C#: the word that is being typed, and what stands before it.</summary>
internal sealed class Cursor
{
    public Cursor(SyntaxNode root, int place)
    {
        (Root, Place) = (root, place);
        var left = TokenLeftOf(root, place);
        if (IsWord(left) && left.Span.End >= place)
        {
            (Word, WordStart, Before) = (left, left.SpanStart, left.GetPreviousToken());
        }
        else
        {
            (WordStart, Before) = (place, left);
        }
    }

    public SyntaxNode Root { get; }

    public int Place { get; }

    /// <summary>The word that the cursor is in or behind; no token when there is none.</summary>
    public SyntaxToken Word { get; }

    public int WordStart { get; }

    /// <summary>The token before the word.</summary>
    public SyntaxToken Before { get; }

    /// <summary>The word up to the cursor, without @.</summary>
    public string Typed => Word.RawKind == 0 ? "" : Word.Text[..(Place - WordStart)].TrimStart('@');

    /// <summary>True in a comment, in text, in a number, in code that is switched off.</summary>
    public bool IsInText
    {
        get
        {
            var trivia = Root.FindTrivia(Math.Max(0, Place - 1), findInsideTrivia: false);
            if (trivia.RawKind != 0 && trivia.FullSpan.Start < Place && !trivia.IsKind(SyntaxKind.WhitespaceTrivia) &&
                !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsKind(SyntaxKind.SkippedTokensTrivia))
            {
                // A directive and a documentation comment own the end of their line.
                if (Place == trivia.FullSpan.End && Root.SyntaxTree.GetText()[Place - 1] == '\n')
                {
                    return false;
                }

                // A comment to the end of the line still goes on behind its last letter; a closed one does not.
                return !trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) || Place < trivia.FullSpan.End ||
                    !trivia.ToString().EndsWith("*/", StringComparison.Ordinal);
            }

            var token = TokenLeftOf(Root, Place);
            return token.Kind() switch
            {
                SyntaxKind.NumericLiteralToken => Place <= token.Span.End,
                SyntaxKind.InterpolatedStringTextToken => Place <= token.Span.End,
                SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
                    or SyntaxKind.InterpolatedSingleLineRawStringStartToken
                    or SyntaxKind.InterpolatedMultiLineRawStringStartToken => true,
                SyntaxKind.CloseBraceToken => token.Parent is InterpolationSyntax,
                SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
                    or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                    or SyntaxKind.Utf8StringLiteralToken =>
                    Place < token.Span.End || token.ContainsDiagnostics,
                _ => false,
            };
        }
    }

    /// <summary>True where a new name is being invented: the name of a variable, parameter, function or type.</summary>
    public bool IsNewName => Word.RawKind != 0 && Word.Parent switch
    {
        // 'data' in one line and 'Cons' in the next parse as one declaration, but nobody meant that.
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } declarator =>
            declarator.Identifier == Word && OnOneLine(declaration.Type.SpanStart, WordStart),
        ParameterSyntax parameter => parameter.Identifier == Word && parameter.Type is { IsMissing: false },
        BaseTypeDeclarationSyntax type => type.Identifier == Word,
        MethodDeclarationSyntax method => method.Identifier == Word && OnOneLine(method.ReturnType.SpanStart, WordStart),
        LocalFunctionStatementSyntax function =>
            function.Identifier == Word && OnOneLine(function.ReturnType.SpanStart, WordStart),
        PropertyDeclarationSyntax property =>
            property.Identifier == Word && OnOneLine(property.Type.SpanStart, WordStart),
        ForEachStatementSyntax loop => loop.Identifier == Word,
        SingleVariableDesignationSyntax or TypeParameterSyntax or EnumMemberDeclarationSyntax or LabeledStatementSyntax => true,
        CatchDeclarationSyntax caught => caught.Identifier == Word,
        _ => false,
    };

    /// <summary>True right behind a value or a type on the same line, where an operator is due.</summary>
    public bool IsAfterOperand => Before.RawKind != 0 && OnOneLine(Before.SpanStart, WordStart) && Before.Kind() switch
    {
        SyntaxKind.IdentifierToken => !IsContextualKeyword(Before),
        SyntaxKind.CloseBracketToken => Before.Parent is not AttributeListSyntax,
        SyntaxKind.CloseParenToken => Before.Parent is not (IfStatementSyntax or WhileStatementSyntax or ForStatementSyntax
            or CommonForEachStatementSyntax or UsingStatementSyntax or LockStatementSyntax or FixedStatementSyntax
            or SwitchStatementSyntax or CastExpressionSyntax or ParameterListSyntax or CatchDeclarationSyntax),
        SyntaxKind.StringLiteralToken or SyntaxKind.NumericLiteralToken or SyntaxKind.CharacterLiteralToken
            or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.NullKeyword or SyntaxKind.TrueKeyword
            or SyntaxKind.FalseKeyword or SyntaxKind.ThisKeyword => true,
        _ => SyntaxFacts.IsPredefinedType(Before.Kind()),
    };

    public T? Ancestor<T>()
        where T : SyntaxNode => (Word.RawKind != 0 ? Word : Before).Parent?.FirstAncestorOrSelf<T>();

    /// <summary>The last token that starts before a place.</summary>
    public static SyntaxToken TokenLeftOf(SyntaxNode root, int place)
    {
        if (place <= 0)
        {
            return default;
        }

        var token = root.FindToken(Math.Min(place, root.FullSpan.End) - 1);
        while (token.RawKind != 0 && (token.SpanStart >= place || token.Span.IsEmpty))
        {
            token = token.GetPreviousToken();
        }

        return token;
    }

    private static bool IsWord(SyntaxToken token) =>
        token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsKeywordKind(token.Kind());

    // 'await', 'yield' and the like are lexed as names where they are no keywords yet.
    private static bool IsContextualKeyword(SyntaxToken token) =>
        token.Text is "await" or "yield" or "var" or "async" or "partial" or "record" or "where" or "in" or "on" or "equals"
            or "by" or "into" or "select" or "from" or "let" or "join" or "orderby" or "group" or "and" or "or" or "not" or "when"
            or "required" or "file" or "scoped" or "global" &&
        token.Parent is not ExpressionSyntax { Parent: ArgumentSyntax };

    private bool OnOneLine(int from, int to) =>
        Root.SyntaxTree.GetText() is var text && text.Lines.GetLineFromPosition(from).LineNumber == text.Lines.GetLineFromPosition(to).LineNumber;
}
