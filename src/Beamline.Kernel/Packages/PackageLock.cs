using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>One package of a lock.</summary>
/// <param name="Version">The version that was used.</param>
/// <param name="Sha512">Hash of its content; empty when it is not known.</param>
internal sealed record LockedPackage(string Version, string Sha512);

/// <summary>
/// The versions of all packages that a notebook used, so that it finds the same ones next year. Lives in the notebook's
/// metadata as <c>beamline.packages</c>, or in a file of the same form.
/// </summary>
internal sealed class PackageLock(IReadOnlyDictionary<string, LockedPackage> packages)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static PackageLock Empty { get; } = new(new Dictionary<string, LockedPackage>());

    /// <summary>Packages by name, whatever the case of its letters.</summary>
    public IReadOnlyDictionary<string, LockedPackage> Packages { get; } =
        new SortedDictionary<string, LockedPackage>(packages.ToDictionary(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The lock of packages that are loaded.</summary>
    public static PackageLock Of(IEnumerable<ResolvedPackage> packages) =>
        new(packages.ToDictionary(p => p.Id, p => new LockedPackage(p.Version, p.Sha512)));

    /// <summary>Reads the lock of a notebook; empty when it has none.</summary>
    /// <exception cref="RunInputException">It has one of another form.</exception>
    public static PackageLock From(JsonObject metadata, string name) =>
        (metadata["beamline"] as JsonObject)?["packages"] is { } node ? Parse(node, $"The metadata of {name}") : Empty;

    /// <summary>Reads a lock file.</summary>
    /// <exception cref="MagicException">It cannot be read.</exception>
    public static PackageLock Load(string path)
    {
        try
        {
            return Parse(JsonNode.Parse(File.ReadAllText(path))?["packages"], path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or RunInputException)
        {
            throw new MagicException($"The lock {path} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a lock file.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, new JsonObject
    {
        ["about"] = "Versions of the packages of a Beamline notebook. 'beamline run --locked' and '#!packages --use FILE' hold them.",
        ["packages"] = ToJson(),
    }.ToJsonString(Indented) + "\n");

    /// <summary>Writes the lock into a notebook; a notebook without packages gets none.</summary>
    public void WriteTo(JsonObject metadata)
    {
        if (Packages.Count > 0)
        {
            var own = metadata["beamline"] as JsonObject;
            if (own is null)
            {
                metadata["beamline"] = own = [];
            }

            own["packages"] = ToJson();
        }
        else if (metadata["beamline"] is JsonObject own && own.Remove("packages") && own.Count == 0)
        {
            metadata.Remove("beamline");
        }
    }

    /// <summary>This lock with the packages of another, whose versions win.</summary>
    public PackageLock With(PackageLock newer) =>
        new(Packages.Where(p => !newer.Packages.ContainsKey(p.Key)).Concat(newer.Packages).ToDictionary());

    /// <summary>Makes sure that restored packages are those of the lock.</summary>
    /// <exception cref="PackageException">One is not in it, or another version or content.</exception>
    public void Verify(IEnumerable<ResolvedPackage> restored)
    {
        foreach (var package in restored)
        {
            if (!Packages.TryGetValue(package.Id, out var locked))
            {
                throw new PackageException(
                    $"{package.Id} {package.Version} is needed and not in the lock. Run once without --locked to renew the lock.");
            }

            if (locked.Version != package.Version)
            {
                throw new PackageException(
                    $"The lock has {package.Id} {locked.Version}, but {package.Version} was found. Run once without --locked to renew the lock.");
            }

            if (locked.Sha512.Length > 0 && locked.Sha512 != package.Sha512)
            {
                throw new PackageException(
                    $"The content of {package.Id} {package.Version} is not that of the lock (hash {Short(package.Sha512)} instead of " +
                    $"{Short(locked.Sha512)}): a source offers another package under the same name and version. Find out why " +
                    $"before you go on; {package.Folder} holds what was found.");
            }
        }
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "..." : hash;

    private static PackageLock Parse(JsonNode? node, string where)
    {
        var found = new Dictionary<string, LockedPackage>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, value) in node as JsonObject ?? throw Wrong(where, "packages is not there or no JSON object"))
        {
            if (value is not JsonObject entry || entry["version"] is not JsonValue version || !version.TryGetValue<string>(out var text) ||
                !NuGet.Versioning.NuGetVersion.TryParse(text, out var parsed))
            {
                throw Wrong(where, $"{id} has no version");
            }

            found[id] = new LockedPackage(
                parsed.ToNormalizedString(), entry["sha512"] is JsonValue hash && hash.TryGetValue<string>(out var sum) ? sum : "");
        }

        return new PackageLock(found);
    }

    private static RunInputException Wrong(string where, string what) =>
        new($"{where} has a lock of packages that cannot be read: {what}. Remove beamline.packages to make it anew.");

    private JsonObject ToJson() => new(Packages.Select(p => KeyValuePair.Create(
        p.Key, (JsonNode?)new JsonObject { ["version"] = p.Value.Version, ["sha512"] = p.Value.Sha512 })));
}
