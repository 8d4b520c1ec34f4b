using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Finds out what cells declare, read and write by the compiler's semantic model, without running them. Each piece of C#
/// is compiled (never emitted) as if it followed the pieces before it.
/// </summary>
internal sealed class CellAnalyzer(CSharpSession session, Func<IReadOnlyList<IMagicCommand>> commands)
{
    /// <summary>Longer cells are not looked into: they are data, and binding them would hold up the session.</summary>
    public const int LongestCell = 200_000;

    /// <summary>What a cell does.</summary>
    /// <param name="code">Its text.</param>
    /// <param name="previous">The submission that it follows; null for the first.</param>
    /// <param name="generated">C# that its magic commands ran, when it has run.</param>
    /// <param name="last">The submission that a following cell follows.</param>
    public CellFacts Analyze(
        string code, CSharpCompilation? previous, IReadOnlyList<string> generated, out CSharpCompilation? last)
    {
        last = previous;
        if (code.Length > LongestCell)
        {
            return CellFacts.Empty with { IsBarrier = true };
        }

        var parts = new List<CellPart>();
        var usings = new List<string>();
        var errors = new List<(int, string)>();
        var isBarrier = false;
        foreach (var segment in CellSplitter.Split(code))
        {
            if (segment.IsMagic)
            {
                var (magic, hides) = MagicNames.Of(segment, commands());
                parts.Add(magic);
                isBarrier |= hides;
                continue;
            }

            var tree = Parse(segment.Text, ref isBarrier);
            errors.AddRange(tree.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)
                .Select(d => (LineOf(d.Location), d.GetMessage())));
            var root = tree.GetCompilationUnitRoot();
            isBarrier |= root.GetLoadDirectives().Count > 0;
            usings.AddRange(root.Usings.Where(u => u.NamespaceOrType is not null).Select(u => u.NamespaceOrType.ToString()));
            parts.Add(PartOf(tree, ref last));
        }

        foreach (var text in generated)
        {
            // Its variables were made by the magic; what it reads besides is read by the cell.
            var made = PartOf(CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions), ref last);
            parts.Add(made with
            {
                IsMagic = true,
                Declares = [.. made.Declares.Select(d => d with { Line = 1 })],
                Uses = [.. made.Uses.Where(u => made.Declares.All(d => d.Name != u.Name)).Select(u => u with { Line = 1 })],
            });
        }

        return new CellFacts(parts) { Usings = usings, IsBarrier = isBarrier, SyntaxErrors = errors };
    }

    /// <summary>Parses without #r and #i: looking at a cell must not look for packages.</summary>
    private static SyntaxTree Parse(string text, ref bool isBarrier)
    {
        var tree = CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions);
        var spans = tree.GetRoot().DescendantTrivia().Where(t => t.IsDirective && t.GetStructure() is
            ReferenceDirectiveTriviaSyntax or BadDirectiveTriviaSyntax { Identifier.ValueText: "i" }).Select(t => t.Span).ToArray();
        if (spans.Length == 0)
        {
            return tree;
        }

        isBarrier = true;
        var blank = text.ToCharArray();
        foreach (var i in spans.SelectMany(span => Enumerable.Range(span.Start, span.Length)).Where(i => blank[i] is not ('\n' or '\r')))
        {
            blank[i] = ' ';
        }

        return CSharpSyntaxTree.ParseText(new string(blank), CSharpSession.ParseOptions);
    }

    private CellPart PartOf(SyntaxTree tree, ref CSharpCompilation? last)
    {
        var compilation = session.Submission(tree, last);
        var walker = new NameWalker(compilation.GetSemanticModel(tree));
        walker.Visit(tree.GetRoot());
        last = compilation;
        return new CellPart(Declarations(compilation), walker.Uses);
    }

    private List<CellDeclaration> Declarations(CSharpCompilation compilation)
    {
        var found = new List<CellDeclaration>();
        foreach (var member in compilation.ScriptClass?.GetMembers() ?? [])
        {
            if (member.IsImplicitlyDeclared || member.Name.Length == 0 || member.Locations is not [{ IsInSource: true } place, ..] ||
                found.Any(f => f.Name == member.Name))
            {
                continue;
            }

            SessionNameKind? kind = member switch
            {
                IFieldSymbol or IPropertySymbol or IEventSymbol => SessionNameKind.Variable,
                IMethodSymbol { MethodKind: MethodKind.Ordinary } => SessionNameKind.Function,
                INamedTypeSymbol => SessionNameKind.Type,
                _ => null,
            };
            if (kind is { } known)
            {
                var type = member is IFieldSymbol field ? field.Type : (member as IPropertySymbol)?.Type;
                found.Add(new CellDeclaration(
                    member.Name,
                    known,
                    LineOf(place),
                    type is null or IErrorTypeSymbol ? null : type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                    Hidden(compilation, member.Name)));
            }
        }

        return found;
    }

    private string? Hidden(CSharpCompilation compilation, string name) => session.Usings
        .Select(space => compilation.GetTypeByMetadataName($"{space}.{name}"))
        .FirstOrDefault(type => type is { DeclaredAccessibility: Accessibility.Public })?.ToDisplayString();

    private static int LineOf(Location place) => place.GetLineSpan().StartLinePosition.Line + 1;
}
