using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>Compiles a program as it will be, to find the usings that it needs and what does not work in it.</summary>
internal sealed class ProgramCheck
{
    private const int MostErrors = 10;

    // What dotnet run opens by itself.
    private const string Implicit = "global using System; global using System.Collections.Generic; global using System.IO; " +
        "global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    /// <param name="session">Its references stand for those of the program.</param>
    /// <param name="usings">All that may be needed, one line each.</param>
    /// <param name="rest">The program after them.</param>
    /// <param name="hasPackages">True when the program refers to packages that are not known here, so that a missing name is no error.</param>
    public ProgramCheck(CSharpSession session, IReadOnlyList<string> usings, string rest, bool hasPackages)
    {
        var kernel = typeof(ProgramCheck).Assembly.Location;
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', usings) + "\n" + rest, Options);
        var compilation = CSharpCompilation.Create(
            "program",
            [CSharpSyntaxTree.ParseText(Implicit, Options), tree],
            session.Probe("").Model.Compilation.References.Where(r => r.Display != kernel),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var found = compilation.GetDiagnostics().Where(d => d.Location.SourceTree == tree || d.Location == Location.None).ToArray();
        var unneeded = found.Where(d => d.Id is "CS8019" or "CS8933").Select(d => d.Location.GetLineSpan().StartLinePosition.Line).ToHashSet();
        Usings = [.. usings.Where((_, i) => !unneeded.Contains(i))];
        var errors = (hasPackages ? tree.GetDiagnostics() : found).Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        var lines = rest.Split('\n');
        Errors = [.. errors.Take(MostErrors).Select(d =>
        {
            var line = d.Location.GetLineSpan().StartLinePosition.Line - usings.Count;
            var where = line >= 0 && line < lines.Length ? $" in: {lines[line].Trim()}" : "";
            return $"the program does not compile: {d.Id}: {d.GetMessage()}{where}";
        })];
    }

    /// <summary>The lines that are needed.</summary>
    public IReadOnlyList<string> Usings { get; }

    /// <summary>What the compiler has against the program.</summary>
    public IReadOnlyList<string> Errors { get; }
}
