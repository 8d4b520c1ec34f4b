using System.Text.Json.Nodes;
using NuGet.Versioning;

namespace Beamline.Packages;

/// <summary>Reads which files of which packages NuGet chose: obj/project.assets.json.</summary>
internal static class AssetsFile
{
    /// <param name="path">The file.</param>
    /// <param name="runtimeIdentifier">The kind of machine, for instance linux-x64.</param>
    /// <param name="framework">The framework of a project that has several; null for the only one.</param>
    /// <exception cref="PackageException">It has not the form that is known.</exception>
    public static IReadOnlyList<ResolvedPackage> Read(string path, string runtimeIdentifier, string? framework = null)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path))!;
            var targets = root["targets"]!.AsObject();
            var target = targets.FirstOrDefault(t => t.Key.EndsWith("/" + runtimeIdentifier, StringComparison.Ordinal)).Value ??
                targets.First(t => framework is null || t.Key == framework).Value!;
            string[] folders = [.. root["packageFolders"]!.AsObject().Select(f => f.Key)];
            var packages = new List<ResolvedPackage>();
            foreach (var (name, node) in target.AsObject())
            {
                if ((string?)node!["type"] == "package")
                {
                    packages.Add(Package(name, node, root["libraries"]![name]!, folders, runtimeIdentifier));
                }
            }

            return packages;
        }
        catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException
            or System.Text.Json.JsonException or IOException or ArgumentException)
        {
            throw new PackageException(
                $"NuGet's answer {path} could not be read ({exception.Message}). Is the .NET SDK newer than this kernel?", cause: exception);
        }
    }

    private static ResolvedPackage Package(
        string name, JsonNode chosen, JsonNode library, string[] folders, string runtimeIdentifier)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var path = (string)library["path"]!;
        var folder = folders.Select(f => Path.Combine(f, path)).FirstOrDefault(Directory.Exists)
            ?? throw new IOException($"the folder {path} of {name} is missing");
        var specific = ForMachine(chosen["runtimeTargets"] as JsonObject, runtimeIdentifier);
        string[] native = [.. Files(chosen["native"]), .. specific.Where(f => f.Kind == "native").Select(f => f.Path)];
        string[] runtime = [.. specific.Where(f => f.Kind == "runtime").Select(f => f.Path)];
        return new ResolvedPackage
        {
            Id = name[..slash],
            Version = NuGetVersion.Parse(name[(slash + 1)..]).ToNormalizedString(),
            Sha512 = (string?)library["sha512"] ?? "",
            Folder = folder,
            Compile = Full(Files(chosen["compile"])),
            Runtime = Full(runtime.Length > 0 ? runtime : Files(chosen["runtime"])),
            Native = Full(native),
        };

        string[] Full(IEnumerable<string> files) => [.. files.Select(f => Path.GetFullPath(Path.Combine(folder, f)))];
    }

    private static IEnumerable<string> Files(JsonNode? list) =>
        (list as JsonObject ?? []).Select(f => f.Key).Where(f => !f.EndsWith("_._", StringComparison.Ordinal));

    /// <summary>From a restore without a machine (a user's project): the files of the nearest kind that fits this one.</summary>
    private static List<(string Path, string? Kind)> ForMachine(JsonObject? files, string runtimeIdentifier)
    {
        var system = runtimeIdentifier.Split('-')[0];
        string[] chain = system == "win"
            ? [runtimeIdentifier, "win", "any"]
            : [runtimeIdentifier, system, "unix-" + runtimeIdentifier.Split('-')[^1], "unix", "any"];
        foreach (var rid in chain)
        {
            var found = (files ?? []).Where(f => (string?)f.Value!["rid"] == rid).ToList();
            if (found.Count > 0)
            {
                return [.. found.Select(f => (f.Key, (string?)f.Value!["assetType"]))];
            }
        }

        return [];
    }
}
