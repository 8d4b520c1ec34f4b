using System.Text;
using Beamline.Remote;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>The submissions of a job, in order. The cell's own text stays as it is, so that errors name its lines.</summary>
internal static class JobCode
{
    /// <summary>What has to run before the cell: labels and code.</summary>
    /// <param name="job">The job.</param>
    /// <param name="open">Namespaces that are open anyhow.</param>
    public static IEnumerable<(string Label, string Code)> Before(JobDescription job, IReadOnlyList<string> open)
    {
        if (job.Packages.Count > 0)
        {
            yield return ("packages of the job", string.Join('\n', job.Packages.Select(p => $"#r \"nuget: {p.Id}, [{p.Version}]\"")));
        }

        var usings = job.Usings.Where(name => !open.Contains(name)).Select(name => $"using {name};\n").ToList();
        if (usings.Count > 0)
        {
            yield return ("usings of the job", string.Concat(usings));
        }

        var inputs = job.Inputs.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var part in job.Prelude)
        {
            if (Declarations(part.Inputs.Where(inputs.ContainsKey).Select(name => inputs[name])) is { Length: > 0 } own)
            {
                yield return ($"inputs of {part.Label}", own);
            }

            yield return (part.Label, part.Code);
        }

        var early = job.Prelude.SelectMany(p => p.Inputs).ToHashSet(StringComparer.Ordinal);
        if (Declarations(job.Inputs.Where(v => !early.Contains(v.Name))) is { Length: > 0 } rest)
        {
            yield return ("inputs of the job", rest);
        }
    }

    /// <summary>Runs the function of a map for its items.</summary>
    public static string Map(JobMap map) => $"await global::Beamline.Kernel.{nameof(MapItems)}.{nameof(MapItems.RunAsync)}((global::System.Delegate){map.Function});";

    private static string Declarations(IEnumerable<JobValue> inputs)
    {
        var code = new StringBuilder();
        foreach (var input in inputs)
        {
            // A shadowed variable has a number behind a dot.
            var name = input.Name.Split('.')[0];
            code.Append(input.Type).Append(' ').Append(Identifier(name)).Append(" = global::Beamline.Kernel.")
                .Append(nameof(JobInputs)).Append('.').Append(nameof(JobInputs.Take)).Append('<').Append(input.Type).Append(">(")
                .Append(SymbolDisplay.FormatLiteral(input.Name, quote: true)).Append(");\n");
        }

        return code.ToString();
    }

    private static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
