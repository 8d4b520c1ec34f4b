using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>What is needed to take a cell out of its session.</summary>
internal sealed partial class CSharpSession
{
    private volatile Func<SessionState>? _running;
    private (CSharpCompilation Compilation, IReadOnlyList<MetadataReference> References, IReadOnlyList<string> Usings)? _ground;

    /// <summary>What the session is after the submission that ran last; null before the first.</summary>
    public SessionState? State => _state;

    /// <summary>The session as the submission that runs now sees it, with what that has declared so far.</summary>
    public SessionState? StateNow => _running?.Invoke() ?? _state;

    /// <summary>The libraries beside the submissions.</summary>
    public IReadOnlyList<CellLibrary> Libraries => _libraries.All;

    /// <summary>Using directives of the submissions up to one, newest first.</summary>
    public static IReadOnlyList<string> UsingsUpTo(CSharpCompilation? last) => UsingsOf(last);

    /// <summary>Takes the declarations out of a text that scripts cannot hold, and compiles them without keeping them.</summary>
    /// <returns>The rest of the text, and the libraries that it is compiled against; no libraries when nothing was taken out.</returns>
    /// <exception cref="CellFailedException">They do not compile.</exception>
    public (string Script, IReadOnlyList<CellLibrary>? Libraries) TakeTypes(string code, string label, CancellationToken cancellationToken)
    {
        if (TypeSplit.Of(code) is not { } split)
        {
            return (code, null);
        }

        var types = CompileTypes([(label, split.Types)], cancellationToken);
        return types.Compiled.Compilation is null
            ? throw new CellFailedException(CellError.FromDiagnostics(Explained(Failed(types.Compiled, code)).Errors))
            : (split.Rest, types.All);
    }

    /// <summary>A submission to look into.</summary>
    public CSharpCompilation Follow(SyntaxTree tree, CSharpCompilation? previous, IReadOnlyList<CellLibrary>? libraries) =>
        Unrun("sent", tree, previous, libraries);

    /// <summary>What a session begins with that has this one's references, and nothing of its variables.</summary>
    /// <param name="usings">Namespaces that are open beside those of every cell.</param>
    public CSharpCompilation Ground(IReadOnlyList<string> usings)
    {
        IReadOnlyList<MetadataReference> references = [.. Settings.References, .. _added];
        IReadOnlyList<string> open = [.. Usings.Concat(usings).Distinct()];
        if (_ground is { } kept && kept.References.SequenceEqual(references) && kept.Usings.SequenceEqual(open))
        {
            return kept.Compilation;
        }

        lock (BindingGate)
        {
            var made = Bound(Settings.Compilation("ground", null, null, references, open));
            _ground = (made, references, open);
            return made;
        }
    }
}
