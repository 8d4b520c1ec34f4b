using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>A scan travels as the path of its file, so that it goes only where that file is.</summary>
internal static class SentScans
{
    /// <summary>Refuses scans for an endpoint that does not share a folder with the sender, before anything is sent.</summary>
    /// <param name="inputs">What is to be sent.</param>
    /// <param name="endpoint">Where it would go.</param>
    /// <exception cref="EndpointException">One of them is or has a scan: names it and says what to do.</exception>
    public static void Check(IEnumerable<JobValue> inputs, EndpointInfo endpoint)
    {
        if (endpoint.SharedStore is null && inputs.FirstOrDefault(i => i.Codec == ScanCodec.CodecName || Has(i.Json)) is { } scan)
        {
            throw new EndpointException(
                $"{scan.Name} ({scan.Type}) cannot go to {endpoint.Name}: a scan stays a file, which is sent as its path{PathOf(scan.Json)}, and {endpoint.Name} shares no folder with this machine. " +
                $"Send its data: var frames = {scan.Name}.Frames.Materialize() in a cell before, and frames in this one. Or, where {endpoint.Name} has the file, too, open it in the sent cell with TomographyScan.Open.");
        }
    }

    private static bool Has(JsonNode? json) => json switch
    {
        JsonObject fields => (fields["$codec"] as JsonValue)?.TryGetValue(out string? name) == true && name == ScanCodec.CodecName || fields.Any(f => Has(f.Value)),
        JsonArray items => items.Any(Has),
        _ => false,
    };

    private static string PathOf(JsonNode? json) => (json as JsonObject)?["path"] is JsonValue path && path.TryGetValue(out string? text) ? $" ({text})" : "";
}
