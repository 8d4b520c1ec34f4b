using System.Xml.Linq;

namespace Beamline.Packages;

/// <summary>Writes the project that NuGet restores for a notebook, in a folder of its own.</summary>
internal static class RestoreProject
{
    /// <param name="folder">An empty folder.</param>
    /// <param name="question">What to restore.</param>
    /// <param name="onlySources">Folders to use instead of all configured sources; null for the configured ones.</param>
    /// <returns>The project file.</returns>
    public static string Write(string folder, RestoreQuestion question, IReadOnlyList<string>? onlySources)
    {
        // A global.json above the temporary folder might name another SDK; the nearest one wins, and this says nothing.
        File.WriteAllText(Path.Combine(folder, "global.json"), "{}\n");
        var versions = question.Pins.ToDictionary(p => p.Key, p => $"[{p.Value}]", StringComparer.OrdinalIgnoreCase);
        foreach (var request in question.Requests)
        {
            versions[request.Id] = request.Requirement;
        }

        // Central versions with transitive pinning: a pin holds also for what other packages bring, and only if they do.
        Project(
            Element(
                "PropertyGroup",
                Element("ManagePackageVersionsCentrally", "true"),
                Element("CentralPackageTransitivePinningEnabled", "true"),
                Element("CentralPackageFloatingVersionsEnabled", "true")),
            Element("ItemGroup", [.. versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new XElement(
                "PackageVersion", new XAttribute("Include", v.Key), new XAttribute("Version", v.Value)))]))
            .Save(Path.Combine(folder, "Directory.Packages.props"));

        var project = Path.Combine(folder, "notebook.csproj");
        Project(
            Element(
                "PropertyGroup",
                Element("ImportDirectoryBuildProps", "false"),
                Element("ImportDirectoryBuildTargets", "false"),
                Element("RestoreRootConfigDirectory", Escape(question.ConfigFolder)),
                onlySources is null
                    ? Element("RestoreAdditionalProjectSources", string.Join(';', question.Sources.Select(Escape)))
                    : Element("RestoreSources", string.Join(';', onlySources.Select(Escape)))),
            Import("Sdk.props"),
            Element(
                "PropertyGroup",
                Element("TargetFramework", RestoreQuestion.Framework),
                Element("RuntimeIdentifier", question.RuntimeIdentifier),
                Element("SelfContained", "false"),
                Element("NuGetAudit", "false"),
                // Several sources without a mapping is how notebooks are used; the rest is told in words of ours.
                Element("NoWarn", "NU1507"),
                Element("TreatWarningsAsErrors", "false")),
            Element("ItemGroup", [.. question.Requests.Select(r => new XElement("PackageReference", new XAttribute("Include", r.Id)))]),
            Import("Sdk.targets"))
            .Save(project);
        return project;
    }

    private static XDocument Project(params object[] content) => new(new XElement("Project", content));

    private static XElement Element(string name, params object[] content) => new(name, content);

    private static XElement Import(string file) =>
        new("Import", new XAttribute("Project", file), new XAttribute("Sdk", "Microsoft.NET.Sdk"));

    /// <summary>What MSBuild would take for a variable, a list or an escape stays text.</summary>
    private static string Escape(string text) => string.Concat(text.Select(c => c is '%' or '$' or '@' or ';' or '(' or ')' or '*' or '?'
        ? $"%{(int)c:X2}" : c.ToString()));
}
