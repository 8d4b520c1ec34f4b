using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Data.Zarr;

/// <summary>A folder with Zarr groups and arrays: finds the image in it, by OME-NGFF metadata where there are any.</summary>
internal static class ZarrStore
{
    private static readonly string[] Marks = [".zarray", ".zgroup", "zarr.json"];

    internal static bool IsZarr(string path) => Directory.Exists(path) && Array.Exists(Marks, m => File.Exists(Path.Combine(path, m)));

    /// <summary>A JSON file; null when it is not there.</summary>
    internal static JsonObject? ReadJson(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
        }
        catch (JsonException e)
        {
            throw new DataFormatException(file, $"this Zarr metadata is no JSON: {e.Message}", null, e);
        }
    }

    /// <summary>The user's attributes of a group or array.</summary>
    internal static JsonObject Attributes(string folder) =>
        ReadJson(Path.Combine(folder, ".zattrs")) ?? ReadJson(Path.Combine(folder, "zarr.json"))?["attributes"] as JsonObject ?? [];

    /// <summary>The first image of OME-NGFF 0.4 or 0.5 metadata; null when there is none.</summary>
    internal static JsonObject? Multiscale(string folder)
    {
        var attributes = Attributes(folder);
        return (attributes["ome"] is JsonObject ome ? ome["multiscales"] : attributes["multiscales"]) is JsonArray { Count: > 0 } all ? all[0] as JsonObject : null;
    }

    /// <summary>The array that a path means: itself, a named one inside, the full resolution of OME-NGFF, or the only array with three axes.</summary>
    internal static ZarrArray Find(string root, string? name = null)
    {
        if (name is not null)
        {
            return Inside(root, name) ?? throw new DataFormatException(root, $"there is no array {name}. Present: {Listed(root)}.", name);
        }

        if (ZarrArray.IsArray(root))
        {
            return ZarrArray.Open(root);
        }

        if (Multiscale(root)?["datasets"] is JsonArray { Count: > 0 } levels && (string?)levels[0]?["path"] is { } path && Inside(root, path) is { } full)
        {
            return full;
        }

        var stacks = Arrays(root).Where(a => a.Shape.Length == 3).ToList();
        return stacks.Count == 1 ? stacks[0] : throw new DataFormatException(
            root,
            stacks.Count == 0
                ? $"the store holds no array of three axes. Present: {Listed(root)}."
                : $"several arrays could be meant: {Listed(root)}. Choose one with ScanOptions.DataPath.");
    }

    /// <summary>An array by its path below the root; null when there is none.</summary>
    internal static ZarrArray? Inside(string root, string name)
    {
        var folder = Path.GetFullPath(Path.Combine(root, name.Trim('/')));

        // A path in the metadata of somebody else's file must not lead out of the store.
        var isBelow = folder.StartsWith(Path.GetFullPath(root).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isBelow && Directory.Exists(folder) && ZarrArray.IsArray(folder) ? ZarrArray.Open(folder) : null;
    }

    private static string Listed(string root) => Arrays(root).ToList() is { Count: > 0 } all ? string.Join(", ", all.Take(12)) : "none";

    // Groups are few levels deep; the folders of chunks are not entered.
    private static IEnumerable<ZarrArray> Arrays(string folder, int depth = 0)
    {
        foreach (var child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Take(1000))
        {
            if (ZarrArray.IsArray(child))
            {
                yield return ZarrArray.Open(child);
            }
            else if (depth < 4 && IsZarr(child))
            {
                foreach (var array in Arrays(child, depth + 1))
                {
                    yield return array;
                }
            }
        }
    }
}
