using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Beamline.Kernel;

/// <summary>A submission that can run, or why it cannot.</summary>
/// <param name="Script">What to run; null when there are errors, or when the code is too deeply nested to tell them.</param>
/// <param name="Diagnostics">Errors and warnings, at their places in the user's text.</param>
/// <param name="IsChecked">False when its code had to be left without stop checks.</param>
internal sealed record CompiledSubmission(
    Script<object>? Script, ImmutableArray<Diagnostic> Diagnostics, bool IsChecked)
{
    /// <summary>Where the code is nested too deeply, when that is why it cannot run and the place is known.</summary>
    public Location? TooDeep { get; init; }
}

/// <summary>
/// Compiles a submission twice: as it was written, for errors and warnings, and with stop checks, to run.
/// </summary>
internal static class SubmissionCompiler
{
    // Assembly versions that the runtime unifies, '?' outside of #nullable, and usings that are open anyhow:
    // nothing that a cell could do something about.
    private static readonly ImmutableHashSet<string> Silent = ["CS1701", "CS1702", "CS8632", "CS8669", "CS0105"];

    public static CompiledSubmission Compile(
        string code, ScriptOptions options, Func<string, ScriptOptions, Script<object>> create, CancellationToken cancellationToken)
    {
        try
        {
            return CompileBoth(code, options, create, cancellationToken);
        }
        catch (InsufficientExecutionStackException)
        {
            return new CompiledSubmission(null, [], IsChecked: false);
        }
    }

    private static CompiledSubmission CompileBoth(
        string code, ScriptOptions options, Func<string, ScriptOptions, Script<object>> create, CancellationToken cancellationToken)
    {
        var original = create(code, options);
        var compilation = original.GetCompilation();
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (NestingLimit.Exceeded(tree.GetRoot(cancellationToken)) is { } place)
            {
                return new CompiledSubmission(null, [], IsChecked: false) { TooDeep = place };
            }
        }

        ImmutableArray<Diagnostic> found = [.. compilation.GetDiagnostics(cancellationToken).Where(IsShown)];
        if (found.Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            return new CompiledSubmission(null, found, IsChecked: false);
        }

        if (WithChecks(code, options, compilation, create) is not { } rewritten)
        {
            return new CompiledSubmission(Built(original, cancellationToken), found, IsChecked: true);
        }

        try
        {
            return new CompiledSubmission(Built(rewritten, cancellationToken), found, IsChecked: true);
        }
        catch (CompilationErrorException)
        {
            // Checks that do not fit are worth less than a cell that runs.
            return new CompiledSubmission(Built(original, cancellationToken), found, IsChecked: false);
        }
    }

    private static Script<object>? WithChecks(
        string code, ScriptOptions options, Compilation compilation, Func<string, ScriptOptions, Script<object>> create)
    {
        string? main = null;
        var loaded = ImmutableDictionary<string, string>.Empty;
        var last = compilation.SyntaxTrees.Last();
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

        if (main is null && loaded.IsEmpty)
        {
            return null;
        }

        return create(main ?? code, loaded.IsEmpty
            ? options
            : options.WithSourceResolver(new LoadedSources(options.SourceResolver, loaded)));
    }

    // Emits and loads; Script.Compile would bind everything once more for its warnings.
    private static Script<object> Built(Script<object> script, CancellationToken cancellationToken)
    {
        script.CreateDelegate(cancellationToken);
        return script;
    }

    private static bool IsShown(Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error ||
        (diagnostic.Severity == DiagnosticSeverity.Warning && !diagnostic.IsSuppressed && !Silent.Contains(diagnostic.Id));
}
