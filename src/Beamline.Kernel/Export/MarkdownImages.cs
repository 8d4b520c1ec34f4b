using System.Globalization;

namespace Beamline.Kernel;

/// <summary>Collects the pictures of a Markdown text: as files, or inlined.</summary>
/// <param name="folder">Folder of the files relative to the text; null to inline.</param>
internal sealed class MarkdownImages(string? folder)
{
    private readonly Dictionary<string, byte[]> _files = [];
    private int _cell;
    private int _number;

    /// <summary>Number of the cell that pictures are named after.</summary>
    public int Cell
    {
        set => (_cell, _number) = (value, 0);
    }

    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Takes a picture given as a data: address; returns the address to write.</summary>
    public string Add(string dataUri)
    {
        // data:TYPE;base64,BYTES
        var comma = dataUri.IndexOf(',', StringComparison.Ordinal);
        var type = comma > 5 ? dataUri[5..comma].Split(';')[0].ToLowerInvariant() : "";
        var ending = type switch
        {
            "image/png" => ".png",
            "image/jpeg" => ".jpg",
            "image/gif" => ".gif",
            "image/webp" => ".webp",
            "image/svg+xml" => ".svg",
            _ => null,
        };
        var buffer = new byte[Math.Max(0, dataUri.Length - comma)];
        if (ending is null || !dataUri[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase) ||
            !Convert.TryFromBase64Chars(dataUri.AsSpan(comma + 1), buffer, out var length))
        {
            return "";
        }

        var bytes = buffer[..length];
        if (folder is null)
        {
            return $"data:{type};base64,{Convert.ToBase64String(bytes)}";
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"cell-{_cell:000}-{++_number}{ending}");
        _files[name] = bytes;
        return $"{Uri.EscapeDataString(folder)}/{name}";
    }
}
