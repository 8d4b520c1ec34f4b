using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>Compiles a cell in the shape in which a worker does: after its prelude, in a session without anything else.</summary>
internal static class ShapeCheck
{
    /// <param name="session">The session whose references it has.</param>
    /// <param name="namespaces">What is open.</param>
    /// <param name="parts">The prelude.</param>
    /// <param name="inputs">The variables that parts name.</param>
    /// <param name="source">The cell, without what goes into libraries.</param>
    /// <param name="label">What errors call it.</param>
    /// <param name="libraries">The libraries of the cell's own declarations; null for those of the session.</param>
    /// <returns>The cell's errors and warnings, or the first error of a part with the part.</returns>
    public static (IReadOnlyList<Diagnostic> OfCell, (JobPart Part, Diagnostic Error)? OfPart) Compile(
        CSharpSession session,
        IReadOnlyList<string> namespaces,
        IReadOnlyList<JobPart> parts,
        IReadOnlyList<DeclaredInput> inputs,
        string source,
        string label,
        IReadOnlyList<CellLibrary>? libraries)
    {
        var last = session.Ground(namespaces);
        foreach (var part in parts)
        {
            if (TypeSplit.Of(part.Code) is not null)
            {
                // What goes into a library is referred to as the session has it.
                continue;
            }

            var variables = string.Join(' ', part.Inputs.Select(name => inputs.First(i => i.Name == name).Declaration));
            var code = variables.Length == 0 ? part.Code : variables + " " + part.Code;
            last = session.Follow(SubmissionSettings.Parse(code, part.Label), last, libraries);
            if (last.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            {
                return ([], (part, error));
            }
        }

        return (session.Follow(SubmissionSettings.Parse(source, label), last, libraries).GetDiagnostics(), null);
    }
}
