using Beamline.Notebook;
using Beamline.Remote;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>What a cell needs of its session, ready to travel.</summary>
/// <param name="session">The session.</param>
/// <param name="label">What errors call the cell.</param>
internal sealed class PackedCell(CSharpSession session, string label)
{
    public required IReadOnlyList<JobPart> Prelude { get; init; }

    public required IReadOnlyList<DeclaredInput> Declared { get; init; }

    public required IReadOnlyList<CapturedInput> Inputs { get; init; }

    public required IReadOnlyList<string> Usings { get; init; }

    public required IReadOnlyList<JobPackage> Packages { get; init; }

    /// <summary>The input that has the items of a map; null without one.</summary>
    public string? ItemsName { get; init; }

    public CapturedCell Cell(string source) => new()
    {
        Label = label, Source = source, Prelude = Prelude, Usings = Usings, Packages = Packages, Inputs = Inputs,
    };

    /// <summary>Compiles it as the worker will.</summary>
    /// <param name="source">The text, without what goes into libraries.</param>
    /// <param name="libraries">Those libraries; null for none of its own.</param>
    /// <param name="isRewritten">True when the text is not the user's, so that the compiler has not seen it yet.</param>
    /// <exception cref="MagicException">It does not compile without the notebook, though it does in it.</exception>
    /// <exception cref="CellFailedException">A text that the compiler sees for the first time does not compile.</exception>
    public void Check(string source, IReadOnlyList<CellLibrary>? libraries, bool isRewritten)
    {
        var (found, ofPart) = ShapeCheck.Compile(session, Usings, Prelude, Declared, source, label, libraries);
        if (ofPart is { } failed)
        {
            var (part, error) = failed;
            throw new MagicException(
                $"What the cell needs of {part.Label} does not compile without the rest of the notebook: line {error.Location.GetLineSpan().StartLinePosition.Line + 1}, " +
                $"{error.Id}: {error.GetMessage()}. Put what it uses into the cell itself.");
        }

        if (isRewritten)
        {
            CellInspection.Report([.. found.Where(d => d.Severity == DiagnosticSeverity.Error)], source, _ => null);
        }
        else if (found.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new MagicException(
                $"The cell does not compile without the rest of the notebook: line {error.Location.GetLineSpan().StartLinePosition.Line + 1}, {error.Id}: {error.GetMessage()}. " +
                "Declare what it misses in the cell itself.");
        }
    }
}
