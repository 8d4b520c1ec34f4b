using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>A message that a front end sent.</summary>
internal sealed record JupyterMessage
{
    /// <summary>A parent for messages that nobody asked for.</summary>
    public static byte[] NoParent { get; } = "{}"u8.ToArray();

    /// <summary>Routing frames, for the reply.</summary>
    public required IReadOnlyList<byte[]> Identities { get; init; }

    /// <summary>The header as bytes: the parent header of replies.</summary>
    public required byte[] HeaderBytes { get; init; }

    public required JsonObject Header { get; init; }

    public required JsonObject Metadata { get; init; }

    public required JsonObject Content { get; init; }

    public required IReadOnlyList<byte[]> Buffers { get; init; }

    /// <summary>The place in the queue of a cell to run; null for other requests.</summary>
    public CellTicket? Ticket { get; set; }

    public string Type => Text(Header, "msg_type") ?? "";

    public string? Text(string name) => Text(Content, name);

    public bool Flag(string name, bool otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    public int Number(string name, int otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : otherwise;

    private static string? Text(JsonObject map, string name) =>
        map[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
