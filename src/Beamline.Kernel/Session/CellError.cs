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
        const int MostExplained = 3;
        var lines = errors.Take(MostShown).SelectMany(e => e.Render()).ToList();
        if (errors.Count > MostShown)
        {
            lines.Add($"... and {errors.Count - MostShown} more errors");
        }

        lines.AddRange(errors.Take(MostShown).Where(e => e.HelpLink.Length > 0).Select(e => (e.Code, e.HelpLink)).Distinct()
            .Take(MostExplained).Select(e => $"{Ansi.Gray}{e.Code} is explained at {e.HelpLink}{Ansi.Reset}"));
        var first = errors[0];
        return new CellError(
            "CompilationError", $"{first.Place}: {first.Code}: {first.Message}", lines);
    }
}
