using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>A message that a front end sent.</summary>
internal sealed partial record JupyterMessage
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

    /// <summary>The subshell that is to answer; null for the main shell.</summary>
    public string? Subshell => Text(Header, "subshell_id");

    public bool IsRequest => Type.EndsWith("_request", StringComparison.Ordinal);

    public string ReplyType => Type[..^"_request".Length] + "_reply";

    public string? Text(string name) => Text(Content, name);

    public bool Flag(string name, bool otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    public int Number(string name, int otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : otherwise;

    private static string? Text(JsonObject map, string name)
    {
        if (map[name] is not JsonValue value)
        {
            return null;
        }

        try
        {
            return value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON can write it, .NET does not read it.
            return (string?)JsonNode.Parse(LoneSurrogate().Replace(value.GetValue<JsonElement>().GetRawText(), @"\ufffd"));
        }
    }

    // An escape counts only behind an even number of backslashes.
    [GeneratedRegex(
        @"(?<=(?<!\\)(?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})")]
    private static partial Regex LoneSurrogate();
}
