using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>A cell that was compiled against its session, without running it.</summary>
/// <param name="Text">Its C#, with the lines that it has in the whole cell.</param>
/// <param name="Tree">The text without what goes into libraries.</param>
/// <param name="Compilation">The submission.</param>
/// <param name="Libraries">Libraries with its own declarations in them; null when it has none.</param>
internal sealed record CellInspection(string Text, SyntaxTree Tree, CSharpCompilation Compilation, IReadOnlyList<CellLibrary>? Libraries)
{
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "CS1701", "CS1702", "CS8632", "CS8669", "CS0105" };

    public SemanticModel Model { get; } = Compilation.GetSemanticModel(Tree);

    /// <param name="session">The session.</param>
    /// <param name="text">The C#.</param>
    /// <param name="label">What errors call it.</param>
    /// <param name="previous">What it follows.</param>
    /// <exception cref="CellFailedException">It does not compile.</exception>
    public static CellInspection Of(CSharpSession session, string text, string label, CSharpCompilation? previous)
    {
        var deep = NestingLimit.DeepBracket(text);
        if (deep is { } place)
        {
            throw new CellFailedException(CellError.FromDiagnostics([CellDiagnostic.TooComplex(place, text)]));
        }

        var (rest, libraries) = session.TakeTypes(text, label, CancellationToken.None);
        var tree = SubmissionSettings.Parse(rest, label);
        if (NestingLimit.Exceeded(tree.GetRoot()) is { } location)
        {
            throw new CellFailedException(CellError.FromDiagnostics([CellDiagnostic.TooComplex(location, text)]));
        }

        return new CellInspection(text, tree, session.Follow(tree, previous, libraries), libraries);
    }

    /// <summary>Shows the warnings of a compilation in the running cell, and throws its errors as those of any cell.</summary>
    /// <exception cref="CellFailedException">There are errors.</exception>
    public static void Report(IReadOnlyList<Diagnostic> diagnostics, string text, Func<string, string?> loaded)
    {
        var errors = CellDiagnostic.From(diagnostics, DiagnosticSeverity.Error, text, loaded);
        if (errors.Count > 0)
        {
            throw new CellFailedException(CellError.FromDiagnostics(errors));
        }

        CellScope.Current?.Warn(CellDiagnostic.From(
            diagnostics.Where(d => !d.IsSuppressed && !Silent.Contains(d.Id)), DiagnosticSeverity.Warning, text, loaded));
    }

    /// <summary>Variables that the cell declares, in the order of the text.</summary>
    public IEnumerable<IFieldSymbol> OwnVariables => (Compilation.ScriptClass?.GetMembers() ?? []).OfType<IFieldSymbol>()
        .Where(f => f is { IsImplicitlyDeclared: false, IsConst: false } && f.Locations.Any(l => l.SourceTree == Tree))
        .OrderBy(f => f.Locations[0].SourceSpan.Start);

    /// <summary>Types, functions, properties and constants that the cell declares.</summary>
    public IReadOnlyList<MemberDeclarationSyntax> OwnDeclarations => [.. Tree.GetCompilationUnitRoot().Members.Where(m =>
        m is not (GlobalStatementSyntax or FieldDeclarationSyntax or IncompleteMemberSyntax) ||
        (m is FieldDeclarationSyntax variables && variables.Modifiers.Any(SyntaxKind.ConstKeyword)))];
}
