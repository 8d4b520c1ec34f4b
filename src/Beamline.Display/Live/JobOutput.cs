using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>How outputs about jobs are marked in a notebook file: <c>"metadata": {"beamline": {"job": true}}</c>.</summary>
internal static class JobOutput
{
    public const string MetadataKey = "beamline";

    public static JsonObject Metadata() => new() { ["job"] = true };
}
