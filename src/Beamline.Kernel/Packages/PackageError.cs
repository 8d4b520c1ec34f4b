namespace Beamline.Kernel;

/// <summary>References that cannot be had, as cells show them.</summary>
internal static class PackageError
{
    /// <summary>The error as a cell shows it.</summary>
    public static CellError ToCellError(this PackageException exception)
    {
        var lines = new List<string>();
        lines.AddRange($"{Ansi.Red}PackageError{Ansi.Reset}: {exception.Message}".Split('\n'));
        if (exception.Directive is { } directive)
        {
            if (directive.File is { } file)
            {
                lines.Add($"  {file}, line {directive.Line}");
            }

            lines.Add($"{directive.Line,5} | {directive.Text}");
        }

        return new CellError("PackageError", exception.Message, lines);
    }
}
