using Beamline.Notebook;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>One problem of a cell that was not run. Line and column count from 1, the column and length in code points.</summary>
internal sealed record CellProblem(
    bool IsError, string Code, string Message, int Line, int Column, int Length, string HelpLink);

/// <summary>Finds what is wrong in a cell against the session, without running it.</summary>
internal sealed class DiagnosticsService(NotebookKernel kernel)
{
    private readonly SessionProbe _probe = new(kernel.Session);

    /// <summary>The errors and warnings of a cell, in the order of its lines.</summary>
    /// <remarks>
    /// Magic lines are not checked here; names that they will declare are taken as declared. Packages that the cell
    /// itself asks for are not restored, so their names are reported as unknown.
    /// </remarks>
    public IReadOnlyList<CellProblem> Find(string cell)
    {
        var (code, tree, model, _) = _probe.For(cell);
        var promised = PromisedNames(cell);
        var found = kernel.Session.CheckTypes(code) ?? model.Compilation.GetDiagnostics().Where(d => d.Location.SourceTree == tree);
        var problems = found.Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Where(d => !(d.Id == "CS0103" && promised.Contains(code.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length))))
            .Select(d => Problem(d, code)).Distinct();
        return [.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ThenBy(p => p.Code, StringComparer.Ordinal)];
    }

    private static CellProblem Problem(Diagnostic diagnostic, string code)
    {
        var span = diagnostic.Location.SourceSpan;
        var start = diagnostic.Location.GetLineSpan().StartLinePosition;
        var line = span.Start - start.Character;
        var column = CodePoints.FromUtf16(code[line..], start.Character);
        var length = CodePoints.FromUtf16(code.Substring(span.Start, span.Length), span.Length);
        return new CellProblem(
            diagnostic.Severity == DiagnosticSeverity.Error,
            diagnostic.Id,
            diagnostic.GetMessage(),
            start.Line + 1,
            column + 1,
            Math.Max(1, length),
            diagnostic.Descriptor.HelpLinkUri);
    }

    // '#!recon ... --as volume' declares volume when it runs.
    private HashSet<string> PromisedNames(string cell)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in CellSplitter.Split(cell).Where(s => s.IsMagic))
        {
            if (kernel.Commands.FirstOrDefault(c => c.Descriptor.Name == MagicParser.NameOf(segment.Text))?.Descriptor is not { } command)
            {
                continue;
            }

            try
            {
                var arguments = MagicParser.Parse(segment.Text, command);
                names.UnionWith(command.Parameters.Where(p => p.Kind == MagicValueKind.NewVariable)
                    .Select(p => arguments.Variable(p.Name)).OfType<string>());
            }
            catch (MagicException)
            {
                // A line that is still being written promises nothing.
            }
        }

        return names;
    }
}
