using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>The text that a cell declared something with.</summary>
internal static class SourceOfSymbol
{
    private const int Longest = 10_000;

    /// <returns>The declaration and the label of its cell, or null when no cell declared the symbol.</returns>
    public static (string Label, string Text)? Find(ISymbol symbol, CSharpSession session)
    {
        if (symbol.OriginalDefinition.DeclaringSyntaxReferences is not [{ } reference, ..])
        {
            return null;
        }

        var declared = reference.GetSyntax();
        var label = reference.SyntaxTree.FilePath;
        if (declared is VariableDeclaratorSyntax)
        {
            return null;
        }

        // What was compiled may have been prepared for interrupts; the user wants to see what he wrote.
        var written = session.SourceOf(label) is { } cell
            ? CSharpSyntaxTree.ParseText(SessionProbe.CSharpOf(cell), CSharpSession.ParseOptions).GetRoot().DescendantNodes()
                .FirstOrDefault(node => node.RawKind == declared.RawKind && NameOf(node) == NameOf(declared) && Parameters(node) == Parameters(declared))
            : null;
        var text = Unindented((written ?? declared).ToString());
        return (label, text.Length > Longest ? text[..Longest] + "\n..." : text);
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => node.ToString(),
    };

    private static string? Parameters(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.ParameterList.ToString(),
        LocalFunctionStatementSyntax function => function.ParameterList.ToString(),
        _ => null,
    };

    private static string Unindented(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var indent = lines.Skip(1).Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select((line, i) => i == 0 || line.Length < indent ? line : line[indent..]));
    }
}
