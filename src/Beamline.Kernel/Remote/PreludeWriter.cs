using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>A variable as the worker declares it.</summary>
/// <param name="Name">Name of the input; a shadowed one has a number behind a dot.</param>
/// <param name="TypeName">Its type as C#.</param>
/// <param name="Submission">Place of the submission that declared it.</param>
/// <param name="HasValue">False when only its declaration is needed.</param>
/// <param name="IsEarly">True when it must stand before code of other cells.</param>
internal sealed record DeclaredInput(string Name, string TypeName, int Submission, bool HasValue, bool IsEarly)
{
    /// <summary>The declaration without the value.</summary>
    public string Declaration => $"{(TypeName.Contains('*', StringComparison.Ordinal) ? "unsafe " : "")}{TypeName} {Identifier(Name)} = default!;";

    private static string Identifier(string name)
    {
        var plain = name.Split('.')[0];
        return SyntaxFacts.GetKeywordKind(plain) == SyntaxKind.None ? plain : "@" + plain;
    }
}

/// <summary>
/// Writes the parts that come before a cell: one for each earlier cell that has code which is needed, its places those
/// of that cell, and one for the variables that only the cell itself uses.
/// </summary>
internal static class PreludeWriter
{
    /// <param name="chain">The session.</param>
    /// <param name="pieces">Declarations that are needed.</param>
    /// <param name="members">What they declare.</param>
    /// <param name="usings">What is open.</param>
    /// <param name="libraries">Declarations of cells that lie in libraries: labels and texts.</param>
    /// <param name="inputs">The variables.</param>
    public static IReadOnlyList<JobPart> Write(
        SubmissionChain chain,
        IReadOnlyCollection<DeclaredPiece> pieces,
        IReadOnlyCollection<ISymbol> members,
        SentUsings usings,
        IReadOnlyList<(string Label, string Text)> libraries,
        IReadOnlyList<DeclaredInput> inputs)
    {
        var parts = new List<JobPart>();
        Open(usings.Lines);
        parts.AddRange(libraries.Select(l => new JobPart(Path.GetFileName(l.Label), l.Text.TrimEnd(), [])));
        Open(usings.LibraryLines);

        var names = new HashSet<ISymbol>(members, SymbolEqualityComparer.Default);
        var opened = usings.OfPieces.Where(u => names.Contains(u.Type)).ToList();
        var early = inputs.Where(i => i.IsEarly).ToList();
        foreach (var place in pieces.Select(p => p.Submission).Concat(opened.Select(o => o.Submission)).Concat(early.Select(i => i.Submission)).Distinct().Order())
        {
            var state = chain.States[place];
            if (opened.Where(o => o.Submission == place).Select(o => o.Node.WithoutTrivia().ToString()).ToList() is { Count: > 0 } lines)
            {
                parts.Add(new JobPart(LabelOf(state.Compilation.SyntaxTrees[^1]), string.Join('\n', lines), []));
            }

            // The variables of a cell stand before all of its code, as its functions see them.
            var own = early.Where(i => i.Submission == place).ToList();
            var head = string.Join(' ', own.Where(i => !i.HasValue).Select(i => i.Declaration));
            string[] values = [.. own.Where(i => i.HasValue).Select(i => i.Name)];
            var ofTrees = pieces.Where(p => p.Submission == place).GroupBy(p => p.Tree).OrderBy(g => g.Key).ToList();
            foreach (var (tree, text) in ofTrees.Select(g => (g.Key, Text([.. g.Select(p => p.Written)]))).DefaultIfEmpty((state.Compilation.SyntaxTrees.Length - 1, "")))
            {
                if (text.Length + head.Length + values.Length > 0)
                {
                    parts.Add(new JobPart(LabelOf(state.Compilation.SyntaxTrees[tree]), With(text, head), values));
                }

                (head, values) = ("", []);
            }
        }

        var late = inputs.Where(i => !i.IsEarly).ToList();
        if (late.Count > 0)
        {
            parts.Add(new JobPart(
                "inputs", string.Join(' ', late.Where(i => !i.HasValue).Select(i => i.Declaration)), [.. late.Where(i => i.HasValue).Select(i => i.Name)]));
        }

        return parts;

        void Open(IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                parts.Add(new JobPart("usings", string.Join('\n', lines), []));
            }
        }
    }

    /// <summary>The text of some declarations at the places that they have, and nothing else of their tree.</summary>
    public static string Text(IReadOnlyList<SyntaxNode> nodes)
    {
        var root = nodes[0].SyntaxTree.GetRoot();
        var all = root.ToFullString();
        var kept = all.Select(c => c is '\n' or '\r' ? c : ' ').ToArray();
        foreach (var span in nodes.Select(n => n.Span).Concat(root.DescendantTrivia().Where(IsSetting).Select(t => t.Span)))
        {
            all.CopyTo(span.Start, kept, span.Start, span.Length);
        }

        return string.Join('\n', new string(kept).Split('\n').Select(l => l.TrimEnd())).TrimEnd();
    }

    // On the first line, so that the others stay what they are.
    private static string With(string text, string head) => head.Length == 0 || text.StartsWith('\n') ? head + text : $"{head} {text}".TrimEnd();

    private static string LabelOf(SyntaxTree tree) => Path.GetFileName(tree.FilePath) is { Length: > 0 } name ? name : "earlier code";

    private static bool IsSetting(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.NullableDirectiveTrivia) || trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia);
}
