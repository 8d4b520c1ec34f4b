using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Beamline.Kernel;

/// <summary>A submission that can run, or why it cannot.</summary>
/// <param name="Compilation">What later submissions follow; null when it cannot run.</param>
/// <param name="Diagnostics">Errors and warnings, at their places in the user's text.</param>
/// <param name="IsChecked">False when its code had to be left without stop checks.</param>
internal sealed record CompiledSubmission(
    CSharpCompilation? Compilation, ImmutableArray<Diagnostic> Diagnostics, bool IsChecked)
{
    /// <summary>Where the code is nested too deeply, when that is why it cannot run and the place is known.</summary>
    public Location? TooDeep { get; init; }

    /// <summary>The library to load; null when there is nothing to run, as in a cell of comments and usings.</summary>
    public MemoryStream? Image { get; init; }

    /// <summary>Which instruction belongs to which line, for <see cref="Image"/>.</summary>
    public MemoryStream? Symbols { get; init; }

    /// <summary>The trees as the user wrote them, without checks; as many as the compilation has.</summary>
    public ImmutableArray<SyntaxTree> Sources { get; init; } = [];
}

/// <summary>
/// Compiles a submission: once where it needs no stop checks, and else twice, as it was written, for errors and
/// warnings, and with the checks, to run.
/// </summary>
internal static class SubmissionCompiler
{
    // Assembly versions that the runtime unifies, '?' outside of #nullable, and usings that are open anyhow:
    // nothing that a cell could do something about.
    private static readonly ImmutableHashSet<string> Silent = ["CS1701", "CS1702", "CS8632", "CS8669", "CS0105"];

    internal static readonly EmitOptions WithSymbols = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    /// <summary>Makes a compilation of a text; files of #load whose full paths are given are read from there.</summary>
    public delegate CSharpCompilation Maker(string text, ImmutableDictionary<string, string> loaded);

    /// <param name="code">The text of the submission.</param>
    /// <param name="make">Makes compilations of it, the chain before it included.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static CompiledSubmission Compile(string code, Maker make, CancellationToken cancellationToken)
    {
        try
        {
            return CompileChecked(code, make, cancellationToken);
        }
        catch (InsufficientExecutionStackException)
        {
            return new CompiledSubmission(null, [], IsChecked: false);
        }
    }

    private static CompiledSubmission CompileChecked(string code, Maker make, CancellationToken cancellationToken)
    {
        var original = make(code, ImmutableDictionary<string, string>.Empty);
        var isParsed = true;
        foreach (var tree in original.SyntaxTrees)
        {
            if (NestingLimit.Exceeded(tree.GetRoot(cancellationToken)) is { } place)
            {
                return new CompiledSubmission(null, [], IsChecked: false) { TooDeep = place };
            }

            isParsed &= !tree.GetDiagnostics(cancellationToken).Any(d => d.Severity == DiagnosticSeverity.Error);
        }

        var rewritten = isParsed ? WithChecks(code, original, make) : null;
        if (isParsed && rewritten is null)
        {
            return Emit(original, [], isChecked: true, cancellationToken) with { Sources = original.SyntaxTrees };
        }

        ImmutableArray<Diagnostic> found = [.. original.GetDiagnostics(cancellationToken).Where(IsShown)];
        if (rewritten is null || found.Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            return new CompiledSubmission(null, found, IsChecked: false);
        }

        // Checks that do not fit are worth less than a cell that runs.
        var made = Emit(rewritten, found, isChecked: true, cancellationToken);
        return (made.Compilation is null ? Emit(original, found, isChecked: false, cancellationToken) : made) with
        {
            Sources = original.SyntaxTrees,
        };
    }

    private static CSharpCompilation? WithChecks(string code, CSharpCompilation compilation, Maker make)
    {
        string? main = null;
        var loaded = ImmutableDictionary<string, string>.Empty;
        var last = compilation.SyntaxTrees[^1];
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (StopChecks.Insert(tree, compilation) is not { } text)
            {
                continue;
            }

            if (tree == last)
            {
                main = text;
            }
            else
            {
                loaded = loaded.SetItem(tree.FilePath, text);
            }
        }

        return main is null && loaded.IsEmpty ? null : make(main ?? code, loaded);
    }

    // Emitting tells all errors and warnings, too. To ask for them before would bind everything twice.
    private static CompiledSubmission Emit(
        CSharpCompilation compilation, ImmutableArray<Diagnostic> known, bool isChecked, CancellationToken cancellationToken)
    {
        if (!HasCode(compilation, cancellationToken))
        {
            ImmutableArray<Diagnostic> all = known.IsEmpty ? [.. compilation.GetDiagnostics(cancellationToken).Where(IsShown)] : known;
            var failed = all.Any(d => d.Severity == DiagnosticSeverity.Error);
            return new CompiledSubmission(failed ? null : compilation, all, isChecked);
        }

        var (image, symbols) = (new MemoryStream(), new MemoryStream());
        var result = compilation.Emit(image, symbols, options: WithSymbols, cancellationToken: cancellationToken);
        ImmutableArray<Diagnostic> found = known.IsEmpty ? [.. result.Diagnostics.Where(IsShown)] : known;
        if (!result.Success)
        {
            return new CompiledSubmission(null, found, isChecked);
        }

        (image.Position, symbols.Position) = (0, 0);
        return new CompiledSubmission(compilation, found, isChecked) { Image = image, Symbols = symbols };
    }

    // As the compiler itself decides whether a submission takes a place among the states.
    private static bool HasCode(CSharpCompilation compilation, CancellationToken cancellationToken) =>
        compilation.SyntaxTrees.Any(t => t.GetRoot(cancellationToken) is CompilationUnitSyntax { Members.Count: > 0 });

    private static bool IsShown(Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error ||
        (diagnostic.Severity == DiagnosticSeverity.Warning && !diagnostic.IsSuppressed && !Silent.Contains(diagnostic.Id));
}
