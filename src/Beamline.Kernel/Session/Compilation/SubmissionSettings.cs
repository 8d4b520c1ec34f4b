using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Beamline.Kernel;

/// <summary>How the submissions of a session are compiled, and what the first of them refers to.</summary>
/// <param name="references">What the first submission refers to; later ones inherit it.</param>
/// <param name="closed">The one of them whose own needs are no business of cells.</param>
/// <param name="files">Finds the files of #load.</param>
internal sealed class SubmissionSettings(IReadOnlyList<MetadataReference> references, MetadataReference closed, LoadedFiles files)
{
    // To share work among threads costs more than all the work of a usual cell.
    private const int LongText = 50_000;

    private readonly CSharpCompilationOptions _options = Basic()
        .WithAllowUnsafe(true)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithSourceReferenceResolver(files)
        .WithMetadataReferenceResolver(new SharedReferenceResolver(ScriptOptions.Default.MetadataResolver, closed));

    /// <summary>How cells are parsed.</summary>
    public static CSharpParseOptions ParseOptions { get; } =
        new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>How the libraries are parsed that hold what a script cannot.</summary>
    public static CSharpParseOptions LibraryOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>What the first submission refers to.</summary>
    public IReadOnlyList<MetadataReference> References => references;

    public static SyntaxTree Parse(string text, string label) => CSharpSyntaxTree.ParseText(text, ParseOptions, label, Encoding.UTF8);

    /// <summary>Whether a text is worth the work of several threads.</summary>
    public static bool IsLong(SyntaxTree tree) => tree.Length > LongText;

    /// <summary>A compilation that follows another one.</summary>
    /// <param name="name">Name of the assembly, the only one in the process when it is to be loaded.</param>
    /// <param name="tree">The text; null for one without any yet.</param>
    /// <param name="previous">What it follows; null for the first.</param>
    /// <param name="named">References that it names itself.</param>
    /// <param name="usings">Namespaces that it opens itself.</param>
    /// <param name="loaded">Texts that stand for files of #load, by their full paths.</param>
    /// <param name="typeName">Name of the class that holds its variables.</param>
    public CSharpCompilation Compilation(
        string name,
        SyntaxTree? tree,
        CSharpCompilation? previous,
        IEnumerable<MetadataReference> named,
        IEnumerable<string> usings,
        ImmutableDictionary<string, string>? loaded = null,
        string typeName = "Script") =>
        CSharpCompilation.CreateScriptCompilation(
            name,
            tree,
            named,
            _options.WithUsings(usings).WithScriptClassName(typeName).WithConcurrentBuild(tree is not null && IsLong(tree))
                .WithSourceReferenceResolver(loaded is { IsEmpty: false } ? new LoadedSources(files, loaded) : files),
            previous,
            typeof(object));

    /// <summary>A library beside the submissions.</summary>
    public CSharpCompilation Library(string name, IEnumerable<SyntaxTree> trees, IEnumerable<MetadataReference> named) =>
        CSharpCompilation.Create(name, trees, named, _options.WithConcurrentBuild(false));

    // Two settings of scripts have no public name: a newer assembly stands for an older one of the same name, and the
    // framework may define its basic types twice. They are copied from a script.
    private static CSharpCompilationOptions Basic() =>
        (CSharpCompilationOptions)CSharpScript.Create("", ScriptOptions.Default.WithReferences(Array.Empty<MetadataReference>()))
            .GetCompilation().Options;
}
