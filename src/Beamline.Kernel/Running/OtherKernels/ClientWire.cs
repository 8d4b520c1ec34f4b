using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace Beamline.Kernel;

/// <summary>Which socket a message came by.</summary>
internal enum ClientChannel
{
    Shell,
    Control,
    Iopub,
}

/// <summary>A message of a kernel.</summary>
/// <param name="Channel">Where it came from.</param>
/// <param name="Type">Its type.</param>
/// <param name="ParentId">Id of the request that it belongs to; empty when it belongs to none.</param>
/// <param name="Content">What it says.</param>
internal sealed record ClientMessage(ClientChannel Channel, string Type, string ParentId, JsonObject Content);

/// <summary>Writes requests and reads what a kernel answers; what is not signed with the key of the connection is dropped.</summary>
internal sealed class ClientWire(string key)
{
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256 };
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public string Session { get; } = Guid.NewGuid().ToString("N");

    public (string Id, NetMQMessage Frames) Request(string type, JsonObject content)
    {
        var id = Guid.NewGuid().ToString("N");
        var header = new JsonObject
        {
            ["msg_id"] = id,
            ["session"] = Session,
            ["username"] = "beamline",
            ["date"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = "5.3",
        };
        byte[][] parts = [Bytes(header), Bytes([]), Bytes([]), Bytes(content)];
        var frames = new NetMQMessage();
        frames.Append(Delimiter);
        frames.Append(Sign(parts));
        foreach (var part in parts)
        {
            frames.Append(part);
        }

        return (id, frames);
    }

    /// <returns>The message, or null when it is malformed or not signed.</returns>
    public ClientMessage? Read(ClientChannel channel, NetMQMessage frames)
    {
        var start = 0;
        while (start < frames.FrameCount && !frames[start].ToByteArray().AsSpan().SequenceEqual(Delimiter))
        {
            start++;
        }

        if (frames.FrameCount < start + 6)
        {
            return null;
        }

        byte[][] parts = [.. Enumerable.Range(start + 2, 4).Select(i => frames[i].ToByteArray())];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts)), frames[start + 1].ToByteArray()))
        {
            return null;
        }

        try
        {
            return Parse(parts[0]) is { } header && Parse(parts[1]) is { } parent && Parse(parts[3]) is { } content
                ? new ClientMessage(channel, Text(header["msg_type"]), Text(parent["msg_id"]), content)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static byte[] Bytes(JsonObject part) => JsonSerializer.SerializeToUtf8Bytes<JsonNode>(part);

    private static JsonObject? Parse(byte[] part) => JsonNode.Parse(part, documentOptions: Reading) as JsonObject;

    private string Sign(byte[][] parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
        {
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
