using Beamline.Remote;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// What of a job becomes code beside its source: types of inputs, names, versions of packages. An endpoint for registered cells only goes by
/// the hash of the source, so that none of these may be more than it says.
/// </summary>
internal static class JobText
{
    /// <exception cref="EndpointException">Something is not what it should be.</exception>
    public static void Check(JobDescription job)
    {
        foreach (var input in job.Inputs)
        {
            Demand(JobNames.IsVariable(input.Name.Split('.')[0]), input.Name, "no name of a variable");
            Demand(IsType(input.Type), input.Type, $"no type for the input '{input.Name}'");
        }

        foreach (var package in job.Packages)
        {
            Demand(NuGet.Versioning.NuGetVersion.TryParse(package.Version, out _), package.Version, $"no version of the package {package.Id}");
        }

        foreach (var name in job.Usings)
        {
            var root = CSharpSyntaxTree.ParseText($"using {name};", CSharpSession.ParseOptions).GetCompilationUnitRoot();
            Demand(root is { Usings.Count: 1, Members.Count: 0 } && !root.ContainsDiagnostics && !root.ContainsDirectives, name, "nothing that can stand behind 'using'");
        }
    }

    /// <summary>Whether a text is a type and nothing else.</summary>
    internal static bool IsType(string text)
    {
        var type = SyntaxFactory.ParseTypeName(text, options: CSharpSession.ParseOptions, consumeFullText: true);
        return !type.ContainsDiagnostics && !type.ContainsDirectives && type.ToString() == text &&
            type.DescendantNodesAndSelf().All(node => node is not ExpressionSyntax or TypeSyntax or OmittedArraySizeExpressionSyntax);
    }

    private static void Demand(bool isRight, string text, string what)
    {
        if (!isRight)
        {
            throw new EndpointException($"The job is refused: {JobNames.Shown(text)} is {what}.");
        }
    }
}
