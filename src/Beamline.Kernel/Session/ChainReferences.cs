using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>What a submission refers to, with what it inherits: each names only what the ones before it do not.</summary>
internal static class ChainReferences
{
    public static IEnumerable<PortableExecutableReference> Of(Compilation submission)
    {
        var seen = new HashSet<MetadataReference>(ReferenceEqualityComparer.Instance);
        for (var next = submission as CSharpCompilation; next is not null; next = next.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            foreach (var reference in next.References.OfType<PortableExecutableReference>().Where(seen.Add))
            {
                yield return reference;
            }
        }
    }
}
