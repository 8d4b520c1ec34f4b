using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Frames of statements and declarations, offered at the start of a statement or member. Jupyter inserts plain text: there
/// are no fields to jump to, so the names in them say what to write.
/// </summary>
internal static class Snippets
{
    private const string Body = "\n{\n    \n}";

    private static readonly (string Name, string Text, string About)[] Statements =
    [
        ("cw", "Console.WriteLine();", "print a line"),
        ("do", "do" + Body + "\nwhile (condition);", "loop that runs at least once"),
        ("for", "for (var i = 0; i < count; i++)" + Body, "counting loop"),
        ("foreach", "foreach (var item in items)" + Body, "loop over items"),
        ("forr", "for (var i = count - 1; i >= 0; i--)" + Body, "loop that counts down"),
        ("if", "if (condition)" + Body, "condition"),
        ("ifelse", "if (condition)" + Body + "\nelse" + Body, "condition with two ways"),
        ("lock", "lock (gate)" + Body, "one thread at a time"),
        ("pfor", "Parallel.For(0, count, i =>" + Body + ");", "counting loop on all cores"),
        ("switch", "var result = value switch\n{\n    0 => \"zero\",\n    _ => \"other\",\n};", "value by pattern"),
        ("try", "try" + Body + "\ncatch (Exception exception)" + Body, "handle an error"),
        ("tryf", "try" + Body + "\nfinally" + Body, "clean up in any case"),
        ("using", "using (var resource = Open())" + Body, "close at the end"),
        ("while", "while (condition)" + Body, "loop while something holds"),
    ];

    private static readonly (string Name, string Text, string About)[] Declarations =
    [
        ("class", "class Name" + Body, "class"),
        ("enum", "enum Name\n{\n    First,\n    Second,\n}", "named numbers"),
        ("interface", "interface IName" + Body, "interface"),
        ("record", "record Name(int Value);", "values that belong together"),
        ("struct", "struct Name" + Body, "value type"),
    ];

    private static readonly (string Name, string Text, string About)[] Members =
    [
        ("ctor", "public Name()" + Body, "constructor"),
        ("prop", "public int Name { get; set; }", "property"),
        ("propfull", "public int Name\n{\n    get => field;\n    set => field = value;\n}", "property with its own code"),
    ];

    /// <summary>The frames that fit what was typed at a place; their text has the indentation of the line.</summary>
    public static IReadOnlyList<CompletionItem> For(string code, int place)
    {
        var cursor = new Cursor(CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetRoot(), place);

        // After one letter they would only be in the way.
        if (cursor.Typed.Length < 2 || !IsStart(cursor.Before) || cursor.IsInText)
        {
            return [];
        }

        var inType = (cursor.Before.IsKind(SyntaxKind.OpenBraceToken) ? cursor.Before.Parent : cursor.Before.Parent?.Parent) is TypeDeclarationSyntax;
        var line = code[(code.LastIndexOf('\n', Math.Max(0, cursor.WordStart - 1)) + 1)..cursor.WordStart];
        var indent = line[..(line.Length - line.TrimStart().Length)];
        return
        [
            .. (inType ? Declarations.Concat(Members) : Statements.Concat(Declarations))
                .Where(s => s.Name.StartsWith(cursor.Typed, StringComparison.Ordinal))
                .Select(s => new CompletionItem(s.Text.Replace("\n", "\n" + indent, StringComparison.Ordinal), "snippet") { Signature = $"{s.Name}: {s.About}" }),
        ];
    }

    private static bool IsStart(SyntaxToken before) => before.Kind() switch
    {
        SyntaxKind.None or SyntaxKind.SemicolonToken or SyntaxKind.ElseKeyword => true,
        SyntaxKind.CloseBraceToken or SyntaxKind.OpenBraceToken => before.Parent is BlockSyntax or BaseTypeDeclarationSyntax or
            BaseNamespaceDeclarationSyntax or SwitchStatementSyntax,
        _ => false,
    };
}
