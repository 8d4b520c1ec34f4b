using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace Beamline.Kernel;

/// <summary>Reads and writes signed messages. Messages that are malformed, unsigned or repeated are dropped.</summary>
internal sealed class WireFormat(string key)
{
    /// <summary>The protocol version in headers.</summary>
    public const string ProtocolVersion = "5.5";

    /// <summary>Most frames of one message: routing, five parts, and buffers.</summary>
    public const int MostFrames = 4096;

    /// <summary>Longest header, in bytes.</summary>
    public const int LongestHeader = 1 << 20;

    private const int RememberedSignatures = 1 << 16;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256 };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _seenOrder = new();
    private int _dropped;

    /// <summary>How many messages were dropped so far.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    /// <summary>Reads a message. Any thread may call it.</summary>
    /// <returns>The message, or null when it was dropped.</returns>
    public JupyterMessage? Read(NetMQMessage frames)
    {
        var message = TryRead(frames);
        if (message is null)
        {
            Interlocked.Increment(ref _dropped);
        }

        return message;
    }

    /// <summary>Writes a message. Any thread may call it.</summary>
    public NetMQMessage Write(
        IEnumerable<byte[]> identities,
        string type,
        byte[] parentHeader,
        JsonObject content,
        JsonObject? metadata = null,
        IReadOnlyList<byte[]>? buffers = null)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        byte[][] parts =
        [
            JsonSerializer.SerializeToUtf8Bytes<JsonNode>(header),
            parentHeader,
            JsonSerializer.SerializeToUtf8Bytes<JsonNode>(metadata ?? []),
            JsonSerializer.SerializeToUtf8Bytes<JsonNode>(content),
        ];
        var message = new NetMQMessage();
        foreach (var identity in identities)
        {
            message.Append(identity);
        }

        message.Append(Delimiter);
        message.Append(Sign(parts));
        foreach (var part in parts)
        {
            message.Append(part);
        }

        foreach (var buffer in buffers ?? [])
        {
            message.Append(buffer);
        }

        return message;
    }

    private JupyterMessage? TryRead(NetMQMessage frames)
    {
        if (frames.FrameCount > MostFrames)
        {
            return null;
        }

        var start = 0;
        while (start < frames.FrameCount && !frames[start].ToByteArray().AsSpan().SequenceEqual(Delimiter))
        {
            start++;
        }

        if (frames.FrameCount < start + 6 || frames[start + 2].MessageSize > LongestHeader)
        {
            return null;
        }

        byte[][] parts = [.. Enumerable.Range(start + 2, 4).Select(i => frames[i].ToByteArray())];
        var signature = frames[start + 1].ConvertToString();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(parts)), Encoding.UTF8.GetBytes(signature)) ||
            !IsNew(signature))
        {
            return null;
        }

        try
        {
            // Reading a member finds names given twice, which would otherwise fail much later.
            if (Parse(parts[0]) is not { } header || Parse(parts[2]) is not { } metadata || Parse(parts[3]) is not { } content ||
                header["msg_type"] is null)
            {
                return null;
            }

            _ = (metadata.Count, content.Count);
            return new JupyterMessage
            {
                Identities = [.. Enumerable.Range(0, start).Select(i => frames[i].ToByteArray())],
                HeaderBytes = parts[0],
                Header = header,
                Metadata = metadata,
                Content = content,
                Buffers = [.. Enumerable.Range(start + 6, frames.FrameCount - start - 6).Select(i => frames[i].ToByteArray())],
            };
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject? Parse(byte[] part) =>
        JsonNode.Parse(part, documentOptions: Reading) as JsonObject;

    // A recorded message sent again must not run its code again.
    private bool IsNew(string signature)
    {
        lock (_gate)
        {
            if (!_seen.Add(signature))
            {
                return false;
            }

            _seenOrder.Enqueue(signature);
            if (_seenOrder.Count > RememberedSignatures)
            {
                _seen.Remove(_seenOrder.Dequeue());
            }

            return true;
        }
    }

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
