using System.Text;

namespace Beamline.Kernel.Tests;

/// <summary>A message that was damaged in one way.</summary>
/// <param name="Frames">What is sent.</param>
/// <param name="What">How it was damaged.</param>
/// <param name="IsSigned">True when its signature is that of its parts.</param>
/// <param name="IsGood">True when it must be accepted.</param>
/// <param name="EndsKernel">True when it is a signed shutdown: that must work, but not in the middle of a test.</param>
internal sealed record MutatedMessage(byte[][] Frames, string What, bool IsSigned, bool IsGood, bool EndsKernel);

/// <summary>Makes damaged messages, the same for the same seed.</summary>
internal sealed class MessageMutator(int seed, string key)
{
    private static readonly string[] Types =
    [
        "kernel_info_request", "execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
        "comm_info_request", "comm_open", "comm_msg", "comm_close", "interrupt_request", "shutdown_request", "input_reply",
        "create_subshell_request", "delete_subshell_request", "list_subshell_request", "debug_request", "_request", "nonsense", "",
    ];

    // Wherever a name is expected: all kinds of JSON but the right one.
    private static readonly string[] Wrong =
    [
        "null", "true", "-1", "1e999", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[[[]]]]", "{\"a\":{\"a\":1}}", "\"x\"",
    ];

    private readonly Random _random = new(seed);
    private int _count;

    public MutatedMessage Next()
    {
        var type = Pick(Types);
        var id = $"fuzz-{_count++}";
        string[] parts = [$"{{\"msg_id\":\"{id}\",\"msg_type\":\"{type}\",\"session\":\"f\"}}", "{}", "{}", Content()];
        var ends = type == "shutdown_request";
        var kind = _random.Next(13);
        return kind switch
        {
            0 => Unsigned(Harmful(parts), new string('0', 64), "zeros as signature"),
            1 => Unsigned(Harmful(parts), WireFormatTests.Sign("other key", Harmful(parts)), "another key"),
            2 => Unsigned(Changed(Harmful(parts)), WireFormatTests.Sign(key, Harmful(parts)), "changed after signing"),
            3 => Unsigned(Harmful(parts), "", "no signature"),
            4 => Cut(Frames(Harmful(parts), WireFormatTests.Sign(key, Harmful(parts)))),
            5 => Garbage(),
            6 => Signed(Bytes(parts), "signed bytes that are no text", isGood: false),
            7 => Signed(Set(parts, _random.Next(2) == 0 ? 0 : 2 + _random.Next(2), Pick(Wrong[..9])), "wrong JSON for a part", isGood: false, ends),
            8 => Signed(Set(parts, 3, Deep()), "deep nesting", isGood: false, ends),
            9 => Signed(Set(parts, 3, "{\"code\":\"" + new string(Pick("x{\u00e9"), _random.Next(1 << 17)) + "\"}"), "long content", isGood: true, ends),
            10 => Signed(Set(parts, 0, $"{{\"msg_id\":{Pick(Wrong)},\"msg_type\":{Pick(Wrong)},\"subshell_id\":{Pick(Wrong)}}}"), "wrong header types", isGood: false, ends),
            11 => Signed(parts, "wrong content types", isGood: true, ends),
            _ => Signed(parts, "with buffers", isGood: true, ends, buffers: _random.Next(50)),
        };
    }

    // What must never be run, because nobody signed it.
    private static string[] Harmful(string[] parts) =>
        [parts[0].Replace("nonsense", "execute_request", StringComparison.Ordinal), parts[1], parts[2], "{\"code\":\"acted++;\",\"silent\":false}"];

    private string Content()
    {
        string[] names = ["code", "cursor_pos", "silent", "store_history", "allow_stdin", "user_expressions", "stop_on_error", "detail_level",
            "hist_access_type", "n", "start", "stop", "session", "pattern", "output", "unique", "comm_id", "target_name", "data", "value", "subshell_id", "restart"];
        return "{" + string.Join(',', names.Where(_ => _random.Next(2) == 0).Select(n => $"\"{n}\":{(n == "code" ? "\"1\"" : Pick(Wrong[..3].Concat(Wrong[4..]).ToArray()))}")) + "}";
    }

    private string[] Changed(string[] parts)
    {
        var place = _random.Next(4);
        return Set(parts, place, parts[place].Insert(_random.Next(parts[place].Length), " "));
    }

    private static string[] Set(string[] parts, int place, string text) => [.. parts.Select((p, i) => i == place ? text : p)];

    private string Deep()
    {
        var depth = 300 + _random.Next(20_000);
        return "{\"a\":" + new string('[', depth) + (_random.Next(2) == 0 ? new string(']', depth) + "}" : "");
    }

    private byte[][] Bytes(string[] parts)
    {
        var noise = new byte[1 + _random.Next(200)];
        _random.NextBytes(noise);
        byte[][] all = [.. parts.Select(Encoding.UTF8.GetBytes)];
        all[_random.Next(2) == 0 ? 0 : 3] = [(byte)'{', 0xff, .. noise];
        return all;
    }

    private MutatedMessage Cut(byte[][] frames)
    {
        var missing = _random.Next(frames.Length);
        byte[][] left = _random.Next(2) == 0 ? frames[..missing] : [.. frames.Where((_, i) => i != missing)];
        return new MutatedMessage(left.Length == 0 ? [[]] : left, "frames missing", false, false, false);
    }

    private MutatedMessage Garbage()
    {
        var frames = new byte[1 + _random.Next(12)][];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = new byte[_random.Next(300)];
            _random.NextBytes(frames[i]);
        }

        if (_random.Next(2) == 0)
        {
            frames[_random.Next(frames.Length)] = "<IDS|MSG>"u8.ToArray();
        }

        return new MutatedMessage(frames, "garbage", false, false, false);
    }

    private static MutatedMessage Unsigned(string[] parts, string signature, string what) => new(Frames(parts, signature), what, false, false, false);

    private MutatedMessage Signed(string[] parts, string what, bool isGood, bool ends, int buffers = 0) =>
        new([.. Frames(parts, WireFormatTests.Sign(key, parts)), .. Enumerable.Range(0, buffers).Select(_ => new byte[_random.Next(100)])],
            what, true, isGood, ends && isGood);

    private MutatedMessage Signed(byte[][] parts, string what, bool isGood)
    {
        var signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(key), parts.SelectMany(p => p).ToArray()));
        return new MutatedMessage([.. new[] { "<IDS|MSG>", signature }.Select(Encoding.UTF8.GetBytes), .. parts], what, true, isGood, false);
    }

    private static byte[][] Frames(string[] parts, string signature) =>
        [.. new[] { "<IDS|MSG>", signature }.Concat(parts).Select(Encoding.UTF8.GetBytes)];

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    private char Pick(string from) => from[_random.Next(from.Length)];
}
