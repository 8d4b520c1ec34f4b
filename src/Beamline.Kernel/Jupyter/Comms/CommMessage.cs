using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>What one side of a comm tells the other.</summary>
/// <param name="Data">JSON that both sides agreed on.</param>
/// <param name="Metadata">For instance the version of the widget protocol.</param>
/// <param name="Buffers">Bytes that travel beside the JSON.</param>
internal sealed record CommMessage(JsonObject Data, JsonObject Metadata, IReadOnlyList<byte[]> Buffers)
{
    public static CommMessage Of(JsonObject? data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
        new(data ?? [], metadata ?? [], buffers ?? []);

    public static CommMessage From(JupyterMessage message) =>
        new(message.Content["data"] as JsonObject ?? [], message.Metadata, message.Buffers);
}
