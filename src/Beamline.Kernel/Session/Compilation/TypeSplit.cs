using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// A cell in two texts: the declarations that C# allows only outside of any class, which every script is (namespaces,
/// classes of extension methods and of <c>extension</c> blocks, and the types of the cell that those name), and the rest.
/// Each has blanks for what the other holds, so that places stay those of the cell.
/// </summary>
/// <param name="Rest">The cell without those declarations.</param>
/// <param name="Types">The cell's usings and those declarations.</param>
internal sealed record TypeSplit(string Rest, string Types)
{
    /// <summary>Splits a cell; null when nothing has to be taken out.</summary>
    public static TypeSplit? Of(string code)
    {
        // Parsing costs more than this, and nearly no cell gets past it.
        if (!code.Contains("namespace", StringComparison.Ordinal) &&
            !(code.Contains("class", StringComparison.Ordinal) &&
                (code.Contains("extension", StringComparison.Ordinal) || code.Contains("this", StringComparison.Ordinal))))
        {
            return null;
        }

        var root = CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetCompilationUnitRoot();
        return Members(root) is { Count: > 0 } moved ? new TypeSplit(Without(code, moved), Only(code, root, moved)) : null;
    }

    /// <summary>The errors of a cell's syntax. The parser of scripts counts namespaces among them, which a cell may hold.</summary>
    public static IEnumerable<Diagnostic> SyntaxErrors(SyntaxTree tree) =>
        tree.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS7021");

    /// <summary>The names by which other cells know what was taken out of a tree: types, and namespaces by their first part.</summary>
    public static IEnumerable<SyntaxToken> Names(SyntaxTree tree)
    {
        foreach (var node in Members(tree.GetCompilationUnitRoot()))
        {
            if (node is BaseNamespaceDeclarationSyntax space)
            {
                yield return space.Name.GetFirstToken();
            }

            foreach (var name in TypesOf(node).Select(NameOf))
            {
                yield return name;
            }
        }
    }

    /// <summary>All types that a text declares outside of other types, by name with namespace and number of parameters.</summary>
    public static IEnumerable<(string Key, MemberDeclarationSyntax Node)> TypesIn(string text) =>
        CSharpSyntaxTree.ParseText(text, SubmissionSettings.LibraryOptions).GetCompilationUnitRoot().Members
            .SelectMany(TypesOf).Select(type => (KeyOf(type), type));

    /// <summary>
    /// The tree with 'public' for types that say nothing about their access, as types of a cell are. The word has no width,
    /// so that places stay what they are.
    /// </summary>
    public static SyntaxTree WithPublicTypes(SyntaxTree tree)
    {
        var root = tree.GetCompilationUnitRoot();
        var silent = root.Members.SelectMany(TypesOf).Where(t => !t.Modifiers.Any(IsAccess)).ToList();
        return silent.Count == 0 ? tree : tree.WithRootAndOptions(
            root.ReplaceNodes(silent, (_, type) => type.WithModifiers(type.Modifiers.Add(SyntaxFactory.MissingToken(SyntaxKind.PublicKeyword)))),
            tree.Options);
    }

    /// <summary>The text with blanks for some of its declarations.</summary>
    public static string Without(string text, IEnumerable<MemberDeclarationSyntax> nodes)
    {
        var left = text.ToCharArray();
        foreach (var node in nodes)
        {
            for (var i = node.SpanStart; i < node.Span.End; i++)
            {
                left[i] = Blank(left[i]);
            }
        }

        return new string(left);
    }

    private static List<MemberDeclarationSyntax> Members(CompilationUnitSyntax root)
    {
        var moved = root.Members.Where(m => m is BaseNamespaceDeclarationSyntax || HasExtensions(m)).ToList();
        var open = new Queue<MemberDeclarationSyntax>(moved);
        var others = root.Members.Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).Except(moved).ToList();
        while (others.Count > 0 && open.TryDequeue(out var next))
        {
            var named = next.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText).ToHashSet();
            foreach (var other in others.Where(o => named.Contains(NameOf(o).ValueText)).ToArray())
            {
                others.Remove(other);
                moved.Add(other);
                open.Enqueue(other);
            }
        }

        return moved;
    }

    private static bool HasExtensions(MemberDeclarationSyntax member) =>
        member is ClassDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.StaticKeyword) && type.Members.Any(m =>
            m is ExtensionBlockDeclarationSyntax ||
            (m is MethodDeclarationSyntax method && method.ParameterList.Parameters is [var first, ..] &&
                first.Modifiers.Any(SyntaxKind.ThisKeyword)));

    private static string Only(string code, CompilationUnitSyntax root, List<MemberDeclarationSyntax> moved)
    {
        var kept = code.Select(Blank).ToArray();
        foreach (var span in root.Externs.Select(e => e.Span).Concat(root.Usings.Select(u => u.Span)).Concat(moved.Select(m => m.Span))
            .Concat(root.DescendantTrivia(descendIntoTrivia: false).Where(IsSetting).Select(t => t.Span)))
        {
            code.CopyTo(span.Start, kept, span.Start, span.Length);
        }

        return new string(kept);
    }

    // What else stands before a declaration, #r and #load among it, belongs to the rest.
    private static bool IsSetting(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.NullableDirectiveTrivia) || trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia);

    private static bool IsAccess(SyntaxToken modifier) => modifier.Kind() is
        SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.FileKeyword;

    private static char Blank(char c) => c is '\n' or '\r' ? c : ' ';

    private static IEnumerable<MemberDeclarationSyntax> TypesOf(MemberDeclarationSyntax node) => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Members.SelectMany(TypesOf),
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax => [node],
        _ => [],
    };

    private static SyntaxToken NameOf(MemberDeclarationSyntax node) =>
        node is DelegateDeclarationSyntax function ? function.Identifier : ((BaseTypeDeclarationSyntax)node).Identifier;

    private static string KeyOf(MemberDeclarationSyntax node)
    {
        var parameters = node switch
        {
            TypeDeclarationSyntax type => type.TypeParameterList,
            DelegateDeclarationSyntax function => function.TypeParameterList,
            _ => null,
        };
        var spaces = node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(s => s.Name.ToString());
        return string.Join('.', spaces.Append(NameOf(node).ValueText)) + "`" + (parameters?.Parameters.Count ?? 0);
    }
}
