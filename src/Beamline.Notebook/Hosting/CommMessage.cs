using System.Text.Json.Nodes;

namespace Beamline.Notebook;

/// <summary>What one side of a comm tells the other.</summary>
/// <param name="Data">JSON that both sides agreed on.</param>
/// <param name="Metadata">For instance the version of the widget protocol.</param>
/// <param name="Buffers">Bytes that travel beside the JSON.</param>
public sealed record CommMessage(JsonObject Data, JsonObject Metadata, IReadOnlyList<byte[]> Buffers)
{
    /// <summary>A message of the parts that are there.</summary>
    /// <param name="data">The data; null for none.</param>
    /// <param name="metadata">The metadata; null for none.</param>
    /// <param name="buffers">The bytes; null for none.</param>
    public static CommMessage Of(JsonObject? data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
        new(data ?? [], metadata ?? [], buffers ?? []);
}
