using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Beamline.Architecture.Tests;

/// <summary>One project of src: what its project file asks for.</summary>
internal sealed record SourceProject(
    string Name, string AssemblyName, IReadOnlyList<string> ProjectReferences, IReadOnlyList<string> PackageReferences)
{
    private const string Prefix = "Beamline.";

    /// <summary>The name without "Beamline.", as the floors have it.</summary>
    internal string Floor => Name[Prefix.Length..];

    internal static SourceProject Read(string path)
    {
        var xml = XDocument.Load(path);
        var name = Path.GetFileNameWithoutExtension(path);
        return new SourceProject(
            name,
            xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. Includes(xml, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/'))[Prefix.Length..])],
            [.. Includes(xml, "PackageReference")]);
    }

    /// <summary>Names of the assemblies that the compiled project uses, directly or through what a reference brought in.</summary>
    internal IReadOnlyList<string> UsedAssemblies()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, AssemblyName + ".dll"));
        using var file = new PEReader(stream);
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }

    public override string ToString() => Name;

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>();
}
