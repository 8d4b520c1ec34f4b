using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel.Tests;

/// <summary>Small libraries that tests compile.</summary>
internal static class Compiled
{
    public static string Library(TemporaryFolder folder, string name, string code, params Assembly[] references)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText("using System;\nusing System.Collections.Generic;\nusing System.Threading.Tasks;\n" + code)],
            SessionReferences.For(references),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = folder.File(name + ".dll");
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }
}
