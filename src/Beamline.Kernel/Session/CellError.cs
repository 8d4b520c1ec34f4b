namespace Beamline.Kernel;

/// <summary>Why a cell failed, as front ends show it.</summary>
/// <param name="Name">Kind of the error, for instance "DivideByZeroException".</param>
/// <param name="Message">The message.</param>
/// <param name="Traceback">All lines to show, with ANSI colors.</param>
internal sealed record CellError(string Name, string Message, IReadOnlyList<string> Traceback)
{
    /// <summary>An error of one line.</summary>
    public static CellError Simple(string name, string message) =>
        new(name, message, [.. $"{Ansi.Red}{name}{Ansi.Reset}: {message}".Split('\n')]);

    /// <summary>The errors of the compiler.</summary>
    public static CellError FromDiagnostics(IReadOnlyList<CellDiagnostic> errors)
    {
        const int MostShown = 20;
        var lines = errors.Take(MostShown).SelectMany(e => e.Render()).ToList();
        if (errors.Count > MostShown)
        {
            lines.Add($"... and {errors.Count - MostShown} more errors");
        }

        var first = errors[0];
        return new CellError(
            "CompilationError", $"{first.Place}: {first.Code}: {first.Message}", lines);
    }
}
