using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>The declarations of cells that scripts cannot hold.</summary>
internal sealed partial class CSharpSession
{
    /// <summary>
    /// What the compiler says of a cell with such declarations, at places of the cell; null when it has none. Nothing is run or kept.
    /// </summary>
    public IReadOnlyList<Diagnostic>? CheckTypes(string code)
    {
        // Loaded files are not looked into while somebody types.
        if (TypeSplit.Of(code) is not { } split)
        {
            return null;
        }

        var types = CompileTypes([("cell", split.Types)], CancellationToken.None);
        if (types.Compiled.Compilation is null)
        {
            return types.Compiled.Diagnostics;
        }

        var tree = SubmissionSettings.Parse(split.Rest, "cell");
        var rest = Unrun("probe", tree, LastCompilation, types.All).GetDiagnostics();
        return [.. types.Compiled.Diagnostics, .. rest.Where(d => d.Location.SourceTree == tree)];
    }

    // A library sees no submission, so the types and functions of other cells are unknown in it.
    private SubmissionOutcome Explained(SubmissionOutcome failed) => failed with
    {
        Errors =
        [
            .. failed.Errors.Select(e => e.Code is "CS0246" or "CS0103" && IsOfSession(e.Marked)
                ? e with
                {
                    Message = $"{e.Message}. Namespaces, extension blocks and classes of extension methods see only the types of their own cell " +
                        $"and of libraries: declare '{e.Marked}' in the same cell, or write an extension method outside of any class",
                }
                : e),
        ],
    };

    private bool IsOfSession(string name)
    {
        for (var next = LastCompilation; next is not null; next = next.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            if (next.ScriptClass?.GetMembers(name).IsEmpty == false)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes such declarations out of a cell and of the files that it loads; null when there are none.</summary>
    private SplitCell? Split(string code, string label)
    {
        var types = new List<(string Label, string Text)>();
        var loaded = ImmutableDictionary<string, string>.Empty;
        foreach (var (path, text) in code.Contains("#load", StringComparison.Ordinal) ? LoadedFiles.TextsOf(code) : ImmutableDictionary<string, string>.Empty)
        {
            if (TypeSplit.Of(text) is { } file)
            {
                types.Add((path, file.Types));
                loaded = loaded.SetItem(path, file.Rest);
            }
        }

        var own = TypeSplit.Of(code);
        return own is null && types.Count == 0 ? null : new SplitCell(own?.Rest ?? code, [.. types, (label, own?.Types ?? "")], loaded);
    }

    private NewLibraries CompileTypes(IReadOnlyList<(string Label, string Text)> types, CancellationToken cancellationToken)
    {
        lock (BindingGate)
        {
            return _libraries.Compile(
                types, [.. Settings.References, .. _added], Usings, UsingsOf(LastCompilation), cancellationToken);
        }
    }

    private void TakeOver(NewLibraries types)
    {
        foreach (var library in types.Added)
        {
            _context.LoadVersion(library.Image, library.Symbols);
        }

        _libraries.TakeOver(types);
    }

    // What earlier cells opened. Of two aliases of one name the newer one counts.
    private static List<string> UsingsOf(CSharpCompilation? last)
    {
        var found = new List<string>();
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        for (var next = last; next is not null; next = next.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            foreach (var line in next.SyntaxTrees.SelectMany(t => t.GetCompilationUnitRoot().Usings))
            {
                if (line.Alias is null || aliases.Add(line.Alias.Name.Identifier.ValueText))
                {
                    found.Add(line.WithoutTrivia().ToString().ReplaceLineEndings(" "));
                }
            }
        }

        return found;
    }
}

/// <summary>A cell without the declarations that a script cannot hold.</summary>
/// <param name="Rest">The rest of the cell.</param>
/// <param name="Types">The declarations of loaded files and, last, of the cell: labels and texts.</param>
/// <param name="Loaded">The rests of loaded files, by path.</param>
internal sealed record SplitCell(
    string Rest, IReadOnlyList<(string Label, string Text)> Types, ImmutableDictionary<string, string> Loaded);
