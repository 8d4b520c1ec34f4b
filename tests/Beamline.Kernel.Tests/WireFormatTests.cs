using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;

namespace Beamline.Kernel.Tests;

public sealed class WireFormatTests
{
    private const string Key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";

    private static readonly string[] Good =
        ["{\"msg_id\":\"1\",\"msg_type\":\"kernel_info_request\"}", "{}", "{}", "{\"code\":\"\"}"];

    private readonly WireFormat _wire = new(Key);

    [Fact]
    public void A_signed_message_is_read_with_identities_and_buffers()
    {
        var buffer = new byte[] { 0, 255, 1, 60 };
        var message = _wire.Read(Frames(Good, buffers: [buffer, []]));
        Assert.NotNull(message);
        Assert.Equal("kernel_info_request", message.Type);
        Assert.Equal([1, 0, 2], Assert.Single(message.Identities));
        Assert.Equal([buffer, []], message.Buffers);
        Assert.Equal(Good[0], Encoding.UTF8.GetString(message.HeaderBytes));
        Assert.Equal(0, _wire.Dropped);
    }

    // Computed with Python: hmac.new(key, header + parent + metadata + content, 'sha256').hexdigest()
    [Fact]
    public void The_signature_is_that_of_other_implementations()
    {
        const string Expected = "0e527299576be1b97679ed422174c7884c89cd1bddf9cd95f633089429e9c181";
        Assert.Equal(Expected, Sign(Key, Good));
        Assert.NotNull(_wire.Read(Frames(Good, Expected)));
    }

    [Fact]
    public void What_is_written_can_be_checked_and_read()
    {
        byte[] buffer = [0, 1, 254, 255];
        var frames = _wire.Write(
            [[7, 0]], "display_data", "{\"msg_id\":\"p\"}"u8.ToArray(), new JsonObject { ["text"] = "\U0001F600ä" },
            new JsonObject { ["m"] = 1 }, [buffer]);
        Assert.Equal(8, frames.FrameCount);
        Assert.Equal([7, 0], frames[0].ToByteArray());
        Assert.Equal("<IDS|MSG>", frames[1].ConvertToString());
        string[] parts = [.. Enumerable.Range(3, 4).Select(i => frames[i].ConvertToString(Encoding.UTF8))];
        Assert.Equal(Sign(Key, parts), frames[2].ConvertToString());
        Assert.Equal("{\"msg_id\":\"p\"}", parts[1]);
        Assert.Equal("\U0001F600ä", (string?)JsonNode.Parse(parts[3])!["text"]);
        Assert.Equal(buffer, frames[7].ToByteArray());
        var read = new WireFormat(Key).Read(frames);
        Assert.Equal("display_data", read!.Type);
        Assert.Equal(WireFormat.ProtocolVersion, (string?)read.Header["version"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("zz")]
    public void A_wrong_signature_is_dropped_and_counted(string signature)
    {
        Assert.Null(_wire.Read(Frames(Good, signature)));
        Assert.Null(_wire.Read(Frames(Good, Sign("other key", Good))));
        Assert.Null(_wire.Read(Frames(Good, Sign(Key, Good).ToUpperInvariant())));
        Assert.Equal(3, _wire.Dropped);
        Assert.NotNull(_wire.Read(Frames(Good)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_part_is_signed(int changed)
    {
        var parts = Good.ToArray();
        parts[changed] = parts[changed].Replace("}", " }", StringComparison.Ordinal);
        Assert.Null(_wire.Read(Frames(parts, Sign(Key, Good))));
    }

    [Theory]
    [InlineData(0, "no json")]
    [InlineData(0, "[]")]
    [InlineData(0, "{}")]
    [InlineData(0, "{\"msg_type\":\"a\",\"msg_type\":\"b\"}")]
    [InlineData(2, "")]
    [InlineData(2, "3")]
    [InlineData(3, "null")]
    [InlineData(3, "{\"code\":")]
    [InlineData(3, "{\"a\":1,\"a\":2}")]
    public void Parts_that_are_no_json_objects_are_dropped(int part, string text)
    {
        var parts = Good.ToArray();
        parts[part] = text;
        Assert.Null(_wire.Read(Frames(parts)));
        Assert.Equal(1, _wire.Dropped);
    }

    [Theory]
    [InlineData(@"a\ud800b", "a\ufffdb")]
    [InlineData(@"\udc00\ud83d\ude00\ud800", "\ufffd\U0001F600\ufffd")]
    [InlineData(@"\\ud800 \ud800", "\\ud800 \ufffd")]
    [InlineData(@"\u0000", "\0")]
    public void Half_a_surrogate_pair_becomes_the_replacement_character(string json, string text) =>
        Assert.Equal(text, _wire.Read(Frames([Good[0], "{}", "{}", $"{{\"code\":\"{json}\"}}"]))!.Text("code"));

    [Fact]
    public void Content_that_is_nested_without_end_is_dropped()
    {
        var deep = "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.Null(_wire.Read(Frames([Good[0], "{}", "{}", deep])));
    }

    [Fact]
    public void Missing_delimiter_and_missing_frames_are_dropped()
    {
        Assert.Null(_wire.Read(new NetMQMessage()));
        Assert.Null(_wire.Read(new NetMQMessage([new NetMQFrame("<IDS|MSG>")])));
        var all = Frames(Good);
        for (var left = 1; left < all.FrameCount; left++)
        {
            Assert.Null(_wire.Read(new NetMQMessage(all.Take(left))));
        }

        Assert.Null(_wire.Read(new NetMQMessage(all.Where(f => f.ConvertToString() != "<IDS|MSG>"))));
        Assert.Equal(all.FrameCount + 2, _wire.Dropped);
    }

    [Fact]
    public void Too_many_frames_and_too_long_a_header_are_dropped()
    {
        var many = Frames(Good, buffers: [.. Enumerable.Repeat(Array.Empty<byte>(), WireFormat.MostFrames)]);
        Assert.Null(_wire.Read(many));
        var header = "{\"msg_type\":\"a\",\"x\":\"" + new string('x', WireFormat.LongestHeader) + "\"}";
        Assert.Null(_wire.Read(Frames([header, "{}", "{}", "{}"])));
        var longContent = "{\"code\":\"" + new string('x', WireFormat.LongestHeader) + "\"}";
        Assert.NotNull(_wire.Read(Frames([Good[0], "{}", "{}", longContent])));
    }

    [Fact]
    public void A_message_sent_again_is_dropped()
    {
        Assert.NotNull(_wire.Read(Frames(Good)));
        Assert.Null(_wire.Read(Frames(Good)));
        Assert.Equal(1, _wire.Dropped);

        // A forged message must not make the kernel refuse the true one.
        string[] other = [Good[0], "{}", "{}", "{\"code\":\"2\"}"];
        Assert.Null(_wire.Read(Frames([Good[0], "{}", "{}", "{\"code\":\"3\"}"], Sign(Key, other))));
        Assert.NotNull(_wire.Read(Frames(other)));
    }

    [Fact]
    public void Only_the_latest_65536_signatures_are_remembered()
    {
        for (var i = 0; i <= 1 << 16; i++)
        {
            Assert.NotNull(_wire.Read(Frames([Good[0], "{}", "{}", $"{{\"code\":\"{i}\"}}"])));
        }

        Assert.Null(_wire.Read(Frames([Good[0], "{}", "{}", "{\"code\":\"1\"}"])));
        Assert.NotNull(_wire.Read(Frames([Good[0], "{}", "{}", "{\"code\":\"0\"}"])));
    }

    [Theory]
    [InlineData("abc", 2, 2)]
    [InlineData("\U0001F600b", 1, 2)]
    [InlineData("a\U0001F600\U0001F600b", 3, 5)]
    [InlineData("e\u0301x", 2, 2)]
    [InlineData("", 0, 0)]
    public void Places_are_code_points_outside_and_utf16_inside(string text, int codePoints, int utf16)
    {
        Assert.Equal(utf16, CodePoints.ToUtf16(text, codePoints));
        Assert.Equal(codePoints, CodePoints.FromUtf16(text, utf16));
        Assert.Equal(text.Length, CodePoints.ToUtf16(text, 1000));
        Assert.Equal(0, CodePoints.ToUtf16(text, -1));
    }

    internal static string Sign(string key, string[] parts) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Concat(parts))));

    private static NetMQMessage Frames(string[] parts, string? signature = null, byte[][]? buffers = null)
    {
        var message = new NetMQMessage();
        message.Append([1, 0, 2]);
        message.Append("<IDS|MSG>");
        message.Append(signature ?? Sign(Key, parts));
        foreach (var part in parts)
        {
            message.Append(Encoding.UTF8.GetBytes(part));
        }

        foreach (var buffer in buffers ?? [])
        {
            message.Append(buffer);
        }

        return message;
    }
}
