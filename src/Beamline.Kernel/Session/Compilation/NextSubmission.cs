using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// The submission that comes next, still without its text. The compiler checks the one before it and binds all references
/// for each compilation anew, a third of the work for a short cell; this happens here while the cell before it runs.
/// </summary>
internal sealed class NextSubmission
{
    private readonly CSharpCompilation? _previous;
    private readonly IReadOnlyList<MetadataReference> _references;
    private readonly IReadOnlyList<string> _usings;
    private readonly Lazy<CSharpCompilation?> _empty;

    /// <param name="number">Of the submission, the only one of the process.</param>
    /// <param name="previous">What it follows; null for the first.</param>
    /// <param name="references">References that it names itself.</param>
    /// <param name="usings">Namespaces that it opens itself.</param>
    /// <param name="make">Makes the compilation without a text, and has its references bound.</param>
    public NextSubmission(
        int number,
        CSharpCompilation? previous,
        IReadOnlyList<MetadataReference> references,
        IReadOnlyList<string> usings,
        Func<NextSubmission, CSharpCompilation> make)
    {
        (Number, _previous, _references, _usings) = (number, previous, references, usings);
        _empty = new(() => Try(make));
    }

    public int Number { get; }

    /// <summary>The compilation to add a text to, waited for or made now; null when it could not be made.</summary>
    public CSharpCompilation? Empty => _empty.Value;

    /// <summary>Makes it on another thread, unless somebody needs it first.</summary>
    public void Begin() => _ = Task.Run(() => _empty.Value);

    /// <summary>Whether it is the one that a cell needs.</summary>
    public bool Fits(CSharpCompilation? previous, IReadOnlyList<MetadataReference> references, IReadOnlyList<string> usings) =>
        previous == _previous && references.SequenceEqual(_references) && usings.SequenceEqual(_usings);

    private CSharpCompilation? Try(Func<NextSubmission, CSharpCompilation> make)
    {
        try
        {
            return make(this);
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            // Code that only just compiled on the big stack of the cells' thread, for instance. The cell does without, and
            // reports what it meets itself.
            return null;
        }
    }
}
