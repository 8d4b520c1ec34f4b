using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Notebooks of .NET Interactive open its namespaces. Their common names are in the default usings here, so such a
/// line is passed over with a note, unless the notebook really refers to those assemblies.
/// </summary>
internal static class ForeignUsings
{
    private const string Foreign = "Microsoft.DotNet.Interactive";

    public static string Without(string code, CSharpSession session, CellRun cell)
    {
        if (!code.Contains("using", StringComparison.Ordinal) || !code.Contains(Foreign, StringComparison.Ordinal))
        {
            return code;
        }

        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetRoot();
        UsingDirectiveSyntax[] usings = [.. root.Usings.Where(u => NameOf(u) is { } name &&
            (name == Foreign || name.StartsWith(Foreign + ".", StringComparison.Ordinal)))];
        if (usings.Length == 0)
        {
            return code;
        }

        var (_, model) = session.Probe("");
        foreach (var line in usings.Where(u => !Exists(NameOf(u)!, model.Compilation)))
        {
            cell.Warn($"'{line.ToString().Trim()}' was passed over: this is Beamline's kernel, not Microsoft's. Kernel, Formatter, display, HTML and " +
                "their like are there without it (docs/dotnet-interactive.md).");

            // As long as before, so that places in errors stay right.
            code = code.Remove(line.SpanStart, line.Span.Length).Insert(line.SpanStart, Blank(line.ToString()));
        }

        return code;
    }

    private static string? NameOf(UsingDirectiveSyntax line) => line.Alias is null ? line.NamespaceOrType.ToString() : null;

    private static string Blank(string text) => new([.. text.Select(c => c is '\n' or '\r' ? c : ' ')]);

    private static bool Exists(string name, Microsoft.CodeAnalysis.Compilation compilation)
    {
        var place = compilation.GlobalNamespace;
        foreach (var part in name.Split('.'))
        {
            if (place.GetNamespaceMembers().FirstOrDefault(n => n.Name == part) is not { } next)
            {
                return compilation.GetTypeByMetadataName(name) is not null;
            }

            place = next;
        }

        return true;
    }
}
