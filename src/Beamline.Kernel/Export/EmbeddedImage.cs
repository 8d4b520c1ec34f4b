using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Pictures of Markdown cells as data: URIs, so that a page needs no other file.</summary>
internal static class EmbeddedImage
{
    private const long LargestBytes = 32 << 20;

    // A transparent pixel: what a picture from the network becomes, since a page must not fetch anything.
    private const string Nothing =
        "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

    public static string Source(string url, JsonObject? attachments, string? folder)
    {
        if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
        {
            return url;
        }

        if (url.StartsWith("attachment:", StringComparison.OrdinalIgnoreCase))
        {
            return attachments?[Uri.UnescapeDataString(url["attachment:".Length..])] is JsonObject bundle &&
                bundle.FirstOrDefault(p => p.Key.StartsWith("image/", StringComparison.Ordinal)) is { Value: JsonValue data } part
                ? $"data:{part.Key};base64,{(string?)data}"
                : Nothing;
        }

        return folder is not null && !url.Contains(':', StringComparison.Ordinal) && FromFile(url, folder) is { } found
            ? found
            : Nothing;
    }

    private static string? FromFile(string url, string folder)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, Uri.UnescapeDataString(url)));
        var type = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".webp" => "image/webp",
            ".svg" => "image/svg+xml",
            _ => null,
        };

        // Only below the notebook's folder: a notebook from elsewhere must not carry off other files.
        return type is not null && path.StartsWith(root, StringComparison.Ordinal) &&
            new FileInfo(path) is { Exists: true, Length: <= LargestBytes }
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"
            : null;
    }
}
