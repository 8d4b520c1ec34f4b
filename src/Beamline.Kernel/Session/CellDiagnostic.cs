using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>One error of the compiler, at its place in the cell. Line and column count from 1.</summary>
internal sealed record CellDiagnostic(string Code, string Message, int Line, int Column, string SourceLine, int Length)
{
    /// <summary>Where the code is explained.</summary>
    public string HelpLink { get; init; } = "";

    /// <summary>The diagnostics of one severity, in the order of the text.</summary>
    public static IReadOnlyList<CellDiagnostic> From(
        IEnumerable<Diagnostic> diagnostics, DiagnosticSeverity severity, string cell, Func<string, string?>? loaded = null) =>
    [
        .. diagnostics.Where(d => d.Severity == severity).Select(d => From(d, cell, loaded)).Distinct()
            .OrderBy(d => d.Line).ThenBy(d => d.Column),
    ];

    /// <summary>What the compiler cannot say itself, because it would need more stack than there is.</summary>
    public static CellDiagnostic TooComplex(Location? place, string cell) =>
        TooComplex(place?.GetLineSpan().StartLinePosition ?? default, cell);

    /// <summary>What the compiler cannot say itself, because it would need more stack than there is.</summary>
    public static CellDiagnostic TooComplex(LinePosition at, string cell)
    {
        var line = cell.Split('\n').ElementAtOrDefault(at.Line)?.TrimEnd('\r') ?? "";
        return new CellDiagnostic(
            "CS8078",
            "The code is nested too deeply for the compiler: split the expression or block into several.",
            at.Line + 1,
            line.Length > 200 ? 1 : at.Character + 1,
            line.Length > 200 ? line[..200] + "..." : line,
            1);
    }

    /// <summary>The file taken in by #load that it is in; null for the cell itself.</summary>
    public string? File { get; init; }

    /// <summary>The code that the mark stands under.</summary>
    public string Marked => Column - 1 + Length <= SourceLine.Length ? SourceLine.Substring(Column - 1, Length) : "";

    /// <summary>Where it is, in words.</summary>
    public string Place => $"{(File is null ? "" : Path.GetFileName(File) + ", ")}line {Line}, column {Column}";

    /// <summary>Reads a diagnostic of the compiler.</summary>
    /// <param name="diagnostic">The diagnostic; its file's lines are the cell's lines.</param>
    /// <param name="cell">The cell's text.</param>
    /// <param name="loaded">The text of a loaded file by its path, or null.</param>
    public static CellDiagnostic From(Diagnostic diagnostic, string cell, Func<string, string?>? loaded = null)
    {
        var span = diagnostic.Location.GetLineSpan();
        var (line, column) = (span.StartLinePosition.Line, span.StartLinePosition.Character);
        var file = span.Path is { } path ? loaded?.Invoke(path) : null;
        var lines = (file ?? cell).Split('\n');
        var source = line < lines.Length ? lines[line].TrimEnd('\r') : "";
        var end = span.EndLinePosition.Line == line ? span.EndLinePosition.Character : source.Length;
        return new CellDiagnostic(
            diagnostic.Id, diagnostic.GetMessage() + Advice(diagnostic.Id), line + 1, column + 1, source, Math.Max(1, end - column))
        {
            HelpLink = diagnostic.Descriptor.HelpLinkUri,
            File = file is null ? null : span.Path,
        };
    }

    // What is an error only in a cell, whose types lie inside of a class that the compiler makes.
    private static string Advice(string code) => code switch
    {
        "CS9054" => ". In a cell, 'file' types can only be used inside of a namespace or by extensions",
        _ => "",
    };

    /// <summary>The error as lines of text: message, source line, and a mark under the place.</summary>
    public IEnumerable<string> Render(string color = Ansi.Red)
    {
        yield return $"{color}{Code}{Ansi.Reset} ({Place}): {Message}";
        yield return $"{Line,5} | {SourceLine}";

        // Tabs stay tabs below a tab, so that the mark stands below the place whatever a tab's width.
        var lead = new string([.. SourceLine.Take(Column - 1).Select(c => c == '\t' ? '\t' : ' ')]);
        yield return $"      | {lead.PadRight(Column - 1)}{color}{new string('^', Math.Min(Length, 100))}{Ansi.Reset}";
    }
}
