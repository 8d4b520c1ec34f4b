using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>An axis of an array for the viewer: its name and what an index on it means.</summary>
internal static class ViewerAxis
{
    /// <summary>An axis of a length; one that only counts when the size of a pixel is not known.</summary>
    public static JsonObject Even(string name, Length? pixel)
    {
        var size = ImagePicture.Usable(pixel);
        // Micrometers for everything: the viewer writes each length in the unit that suits it.
        return new JsonObject { ["name"] = name, ["unit"] = size is null ? "" : "µm", ["step"] = size is { } s ? s.Meters * 1e6 : 0 };
    }

    /// <summary>An axis that has only one index.</summary>
    public static JsonObject None => new() { ["name"] = "", ["unit"] = "", ["step"] = 0 };

    /// <summary>The angles of a rotation.</summary>
    public static JsonObject Angles(IReadOnlyList<double> degrees) => new()
    {
        ["name"] = "angle", ["unit"] = "°", ["step"] = 0,
        ["values"] = new JsonArray([.. degrees.Select(d => (JsonNode)Math.Round(d, 6))]),
    };
}
