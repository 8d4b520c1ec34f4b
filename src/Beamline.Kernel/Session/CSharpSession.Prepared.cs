namespace Beamline.Kernel;

/// <summary>Code that will probably run next, compiled while something else goes on.</summary>
internal sealed partial class CSharpSession
{
    private PreparedSubmission? _prepared;

    /// <summary>Begins to compile code. <see cref="RunAsync"/> takes it when it is asked for the same code and nothing ran in between.</summary>
    public void Prepare(string code, string label)
    {
        if (Split(code, label) is not null)
        {
            return;
        }

        var (before, added, usings) = (_state, _added, Usings);
        var (references, opened) = ReferencesOfNext(before, added, usings);
        _prepared = new PreparedSubmission(
            code, before, added, usings, Task.Run(() => Compile(code, label, before?.Compilation, references, opened, CancellationToken.None)));
    }

    private CompiledSubmission? TakePrepared(string code, SessionState? before)
    {
        var prepared = Interlocked.Exchange(ref _prepared, null);
        if (prepared is null || prepared.Code != code || prepared.Before != before || prepared.Added != _added || prepared.Usings != Usings)
        {
            return null;
        }

        try
        {
            var compiled = prepared.Work.GetAwaiter().GetResult();
            return compiled.Compilation is null ? null : compiled;
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            // It is compiled again and tells the user what is wrong.
            return null;
        }
    }

    private (IReadOnlyList<Microsoft.CodeAnalysis.MetadataReference> References, IReadOnlyList<string> Usings) ReferencesOfNext(
        SessionState? before, IReadOnlyList<Microsoft.CodeAnalysis.MetadataReference> added, IReadOnlyList<string> usings)
    {
        IReadOnlyList<Microsoft.CodeAnalysis.MetadataReference> libraries = [.. _libraries.All.Select(l => l.Reference)];
        return before is null
            ? ([.. Settings.References, .. added, .. libraries], usings)
            : ([.. added.Skip(_addedToState), .. libraries.Except(_librariesToState)], [.. usings.Skip(_usingsToState)]);
    }

    private sealed record PreparedSubmission(
        string Code, SessionState? Before, IReadOnlyList<Microsoft.CodeAnalysis.MetadataReference> Added, IReadOnlyList<string> Usings, Task<CompiledSubmission> Work);
}
