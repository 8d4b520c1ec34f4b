using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// The libraries of a session that hold what a script cannot: see <see cref="TypeSplit"/>. A type that is declared again
/// takes the place of the old one: its library comes again with the same name and a higher version, and the compiler
/// lets the highest version of a name stand for all.
/// </summary>
internal sealed class CellLibraries(Lazy<SubmissionSettings> settings)
{
    /// <summary>What the names of these libraries start with.</summary>
    public const string NamePrefix = "Cell types#";

    private static int _last;

    private volatile ImmutableList<CellLibrary> _libraries = [];

    /// <summary>The newest of each name.</summary>
    public ImmutableList<CellLibrary> All => _libraries;

    /// <summary>Forgets all of them.</summary>
    public void Clear() => _libraries = [];

    /// <summary>Compiles the declarations of a cell. Nothing is changed until the result is taken over.</summary>
    /// <param name="types">What errors call the cell and the files that it loads, and their declarations; the cell last.</param>
    /// <param name="references">What the session refers to, without these libraries.</param>
    /// <param name="opened">Names of namespaces and classes that are open in all cells.</param>
    /// <param name="usings">Using directives of earlier cells.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public NewLibraries Compile(
        IReadOnlyList<(string Label, string Text)> types,
        IReadOnlyList<MetadataReference> references,
        IReadOnlyList<string> opened,
        IReadOnlyList<string> usings,
        CancellationToken cancellationToken)
    {
        var keys = types.SelectMany(t => TypeSplit.TypesIn(t.Text)).Select(t => t.Key).ToHashSet();
        CellLibrary[] replaced = [.. _libraries.Where(l => l.Keys.Overlaps(keys))];
        var (name, version) = replaced is [var first, ..]
            ? (first.Name, first.Version + 1)
            : ($"{NamePrefix}{Interlocked.Increment(ref _last)}", 1);

        // What else was declared beside a type that comes again comes again, too, unless it no longer fits.
        (string Label, string Text)[] kept =
        [
            .. replaced.SelectMany(l => l.Texts).Where(t => types.All(n => n.Label != t.Label)).Select(t => (t.Label, Text: Without(t.Text, keys)))
                .Where(t => TypeSplit.TypesIn(t.Text).Any()),
        ];
        MetadataReference[] all = [.. references, .. _libraries.Except(replaced).Select(l => l.Reference)];
        var open = Fitting(opened, usings, all, cancellationToken);
        var compiled = SubmissionCompiler.Compile(types[^1].Text, Make, cancellationToken);
        if (compiled.Compilation is null && kept.Length > 0)
        {
            kept = [];
            compiled = SubmissionCompiler.Compile(types[^1].Text, Make, cancellationToken);
        }

        if (compiled.Image is null)
        {
            return new NewLibraries(compiled, [], _libraries);
        }

        var made = Made(name, version, compiled, [.. kept, .. types]);
        CellLibrary[] emptied = [.. replaced.Skip(1).Select(l => Emptied(l, references, cancellationToken))];
        return new NewLibraries(compiled, [made, .. emptied], _libraries.RemoveRange(replaced).Add(made).AddRange(emptied));

        CSharpCompilation Make(string text, ImmutableDictionary<string, string> checkedTexts) => settings.Value.Library(
            name,
            [
                Head(version, open),
                .. kept.Concat(types.SkipLast(1)).Select(k => Parse(checkedTexts.GetValueOrDefault(k.Label, k.Text), k.Label)),
                Parse(text, types[^1].Label),
            ],
            all);
    }

    /// <summary>Makes compiled libraries those of the session.</summary>
    public void TakeOver(NewLibraries made) => _libraries = made.All;

    // Usings of earlier cells may open classes of cells, which no library sees.
    private string[] Fitting(
        IReadOnlyList<string> opened, IReadOnlyList<string> usings, MetadataReference[] references, CancellationToken cancellationToken)
    {
        var bare = settings.Value.Library("usings", [], references);
        string[] all =
        [
            .. opened.Select(name => bare.GetTypeByMetadataName(name) is null ? $"using {name};" : $"using static {name};")
                .Concat(usings).Distinct(),
        ];
        var bad = bare.AddSyntaxTrees(Head(1, all)).GetDiagnostics(cancellationToken)
            .Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Location.GetLineSpan().StartLinePosition.Line).ToHashSet();
        return [.. all.Where((_, i) => !bad.Contains(i))];
    }

    private static string Without(string text, HashSet<string> keys) =>
        TypeSplit.Without(text, TypeSplit.TypesIn(text).Where(t => keys.Contains(t.Key)).Select(t => t.Node));

    private static SyntaxTree Head(int version, IReadOnlyList<string> usings) => Parse(
        string.Concat(usings.Select(u => $"global {u}\n")) + $"[assembly: System.Reflection.AssemblyVersion(\"{version}.0.0.0\")]", "");

    private static SyntaxTree Parse(string text, string label) => TypeSplit.WithPublicTypes(
        CSharpSyntaxTree.ParseText(text, SubmissionSettings.LibraryOptions, label, System.Text.Encoding.UTF8));

    private CellLibrary Emptied(CellLibrary library, IReadOnlyList<MetadataReference> references, CancellationToken cancellationToken)
    {
        var empty = settings.Value.Library(library.Name, [Head(library.Version + 1, [])], references);
        var image = new MemoryStream();
        empty.Emit(image, cancellationToken: cancellationToken);
        return Made(library.Name, library.Version + 1, new CompiledSubmission(empty, [], IsChecked: true) { Image = image }, []);
    }

    private static CellLibrary Made(string name, int version, CompiledSubmission compiled, (string Label, string Text)[] texts)
    {
        var image = compiled.Image!.ToArray();
        OpenedImage.Open(image);
        return new CellLibrary(
            name, version, [.. texts.SelectMany(t => TypeSplit.TypesIn(t.Text)).Select(t => t.Key)], texts, image, compiled.Symbols);
    }
}

/// <summary>A library made from declarations of cells.</summary>
/// <param name="Name">Its name, the same for all versions.</param>
/// <param name="Version">Its version, from 1.</param>
/// <param name="Keys">The types in it.</param>
/// <param name="Texts">What it was made from: labels of cells and texts.</param>
/// <param name="Image">The library.</param>
/// <param name="Symbols">Which instruction belongs to which line.</param>
internal sealed record CellLibrary(
    string Name, int Version, HashSet<string> Keys, IReadOnlyList<(string Label, string Text)> Texts, byte[] Image, MemoryStream? Symbols)
{
    public MetadataReference Reference { get; } = MetadataReference.CreateFromImage(Image);
}

/// <summary>Compiled declarations of a cell, or why they could not be compiled.</summary>
/// <param name="Compiled">What the compiler says.</param>
/// <param name="Added">The libraries to load; none when it failed.</param>
/// <param name="All">The libraries of the session from then on.</param>
internal sealed record NewLibraries(CompiledSubmission Compiled, IReadOnlyList<CellLibrary> Added, ImmutableList<CellLibrary> All);
