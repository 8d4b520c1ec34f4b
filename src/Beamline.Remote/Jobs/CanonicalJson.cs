using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Beamline.Remote;

/// <summary>
/// The one way to write a JSON value that RFC 8785 (JSON Canonicalization Scheme) allows: names sorted by their UTF-16 units, no blanks,
/// numbers as ECMAScript writes 64-bit floats, strings with the fewest escapes.
/// </summary>
internal static class CanonicalJson
{
    private const double LargestWhole = 9007199254740992;

    private static readonly JsonDocumentOptions HowToRead = new() { MaxDepth = JobJson.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Writes JSON anew in its canonical form.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="what">What errors call it.</param>
    /// <exception cref="EndpointException">
    /// It is not JSON, has a name twice or half a surrogate pair, or a whole number beyond 2^53 that a 64-bit float does not hold.
    /// </exception>
    public static byte[] Of(ReadOnlyMemory<byte> utf8, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, HowToRead);
            var output = new ArrayBufferWriter<byte>(utf8.Length);
            Write(document.RootElement, output, what);
            return output.WrittenSpan.ToArray();
        }
        catch (JsonException e)
        {
            throw new EndpointException(JobJson.Problem(e, what), e);
        }
        catch (InvalidOperationException e)
        {
            // GetString of a lone surrogate, or of bytes that are no UTF-8.
            throw new EndpointException($"{what} has text that is no Unicode: {e.Message}", e);
        }
    }

    /// <summary>A number as ECMAScript writes it: the shortest digits that give the same 64-bit float.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has finite numbers only.");
        }

        if (value == 0)
        {
            return "0";
        }

        // The value is 0.DIGITS times 10 to the place.
        var (digits, place) = Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        var count = digits.Length;
        var sign = value < 0 ? "-" : "";
        return place switch
        {
            > 21 or <= -6 => sign + digits[0] + (count > 1 ? "." + digits[1..] : "") + (place > 0 ? "e+" : "e-") + Math.Abs(place - 1),
            <= 0 => sign + "0." + new string('0', -place) + digits,
            _ when place >= count => sign + digits + new string('0', place - count),
            _ => sign + digits[..place] + "." + digits[place..],
        };
    }

    private static (string Digits, int Place) Digits(string shortest)
    {
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? shortest : shortest[..e];
        var power = e < 0 ? 0 : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = point < 0 ? mantissa : mantissa.Remove(point, 1);
        var place = (point < 0 ? mantissa.Length : point) + power;
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), place - leading);
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> output, string what)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = element.EnumerateObject().Select(p => (p.Name, p.Value)).ToArray();
                Array.Sort(members, (a, b) => string.CompareOrdinal(a.Name, b.Name));
                output.Write("{"u8);
                for (var i = 0; i < members.Length; i++)
                {
                    output.Write(i == 0 ? ""u8 : ","u8);
                    WriteText(members[i].Name, output);
                    output.Write(":"u8);
                    Write(members[i].Value, output, what);
                }

                output.Write("}"u8);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var isFirst = true;
                foreach (var item in element.EnumerateArray())
                {
                    output.Write(isFirst ? ""u8 : ","u8);
                    isFirst = false;
                    Write(item, output, what);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(element.GetString()!, output);
                break;
            case JsonValueKind.Number:
                output.Write(Encoding.ASCII.GetBytes(NumberOf(element, what)));
                break;
            default:
                output.Write(element.ValueKind switch { JsonValueKind.True => "true"u8, JsonValueKind.False => "false"u8, _ => "null"u8 });
                break;
        }
    }

    private static string NumberOf(JsonElement element, string what)
    {
        var value = element.GetDouble();
        var raw = element.GetRawText();
        if (!double.IsFinite(value) || (Math.Abs(value) >= LargestWhole && !raw.AsSpan().ContainsAny(".eE") && Number(value) != raw))
        {
            throw new EndpointException(
                $"{what} has the number {JobNames.Shown(raw)}, which a 64-bit float does not hold. Numbers beyond 2^53 are written as text.");
        }

        return Number(value);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c != '"' && c != '\\')
            {
                continue;
            }

            Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), output);
            start = i + 1;
            var escape = c switch
            {
                '"' => "\\\"", '\\' => "\\\\", '\b' => "\\b", '\f' => "\\f", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t",
                _ => $"\\u{(int)c:x4}",
            };
            Encoding.ASCII.GetBytes(escape, output);
        }

        Encoding.UTF8.GetBytes(text.AsSpan(start), output);
        output.Write("\""u8);
    }
}
