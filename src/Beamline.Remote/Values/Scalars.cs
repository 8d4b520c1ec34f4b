using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>
/// Values without parts as JSON, so that the same bits come out: what a JSON number does not hold (NaN, infinities, -0, whole numbers
/// beyond 2^53, decimals) is text.
/// </summary>
internal static class Scalars
{
    private const long LargestWhole = 1L << 53;

    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:ss.fffffff";

    private static readonly Dictionary<Type, (Func<object, JsonNode> Write, Func<JsonElement, object> Read)> Known = new()
    {
        [typeof(bool)] = (v => JsonValue.Create((bool)v), j => j.GetBoolean()),
        [typeof(byte)] = (v => JsonValue.Create((byte)v), j => j.GetByte()),
        [typeof(sbyte)] = (v => JsonValue.Create((sbyte)v), j => j.GetSByte()),
        [typeof(short)] = (v => JsonValue.Create((short)v), j => j.GetInt16()),
        [typeof(ushort)] = (v => JsonValue.Create((ushort)v), j => j.GetUInt16()),
        [typeof(int)] = (v => JsonValue.Create((int)v), j => j.GetInt32()),
        [typeof(uint)] = (v => JsonValue.Create((uint)v), j => j.GetUInt32()),
        [typeof(long)] = (v => Whole((long)v), j => j.ValueKind == JsonValueKind.String ? long.Parse(j.GetString()!) : j.GetInt64()),
        [typeof(ulong)] = (v => Whole((ulong)v), j => j.ValueKind == JsonValueKind.String ? ulong.Parse(j.GetString()!) : j.GetUInt64()),
        [typeof(Int128)] = (v => Text(v), j => Int128.Parse(j.GetString()!)),
        [typeof(UInt128)] = (v => Text(v), j => UInt128.Parse(j.GetString()!)),
        [typeof(BigInteger)] = (v => Text(v), j => BigInteger.Parse(j.GetString()!)),
        [typeof(Half)] = (v => Float((double)(Half)v, $"{BitConverter.HalfToUInt16Bits((Half)v):x4}", BitConverter.HalfToUInt16Bits(Half.NaN) == BitConverter.HalfToUInt16Bits((Half)v)),
            j => Float(j, bits => BitConverter.UInt16BitsToHalf((ushort)bits), d => (Half)d, Half.NaN)),
        [typeof(float)] = (v => Float((float)v, $"{BitConverter.SingleToUInt32Bits((float)v):x8}", BitConverter.SingleToUInt32Bits(float.NaN) == BitConverter.SingleToUInt32Bits((float)v)),
            j => Float(j, bits => BitConverter.UInt32BitsToSingle((uint)bits), d => (float)d, float.NaN)),
        [typeof(double)] = (v => Double((double)v), j => Double(j)),
        [typeof(Complex)] = (v => new JsonArray(Double(((Complex)v).Real), Double(((Complex)v).Imaginary)), j => new Complex(Double(Part(j, 0, 2)), Double(Part(j, 1, 2)))),
        [typeof(decimal)] = (v => JsonValue.Create(DecimalText((decimal)v)), j => DecimalOf(j.GetString()!)),
        // A number: half of a surrogate pair is a char and no text.
        [typeof(char)] = (v => JsonValue.Create((ushort)(char)v), j => (char)j.GetUInt16()),
        [typeof(string)] = (v => StringNode((string)v), StringOf),
        [typeof(Guid)] = (v => Text(v), j => Guid.ParseExact(j.GetString()!, "D")),
        [typeof(Version)] = (v => Text(v), j => Version.Parse(j.GetString()!)),
        [typeof(TimeSpan)] = (v => JsonValue.Create(((TimeSpan)v).ToString("c")), j => TimeSpan.ParseExact(j.GetString()!, "c", CultureInfo.InvariantCulture)),
        [typeof(DateTimeOffset)] = (v => JsonValue.Create(((DateTimeOffset)v).ToString("O")), j => DateTimeOffset.ParseExact(j.GetString()!, "O", CultureInfo.InvariantCulture)),
        [typeof(DateOnly)] = (v => JsonValue.Create(((DateOnly)v).ToString("O")), j => DateOnly.ParseExact(j.GetString()!, "O", CultureInfo.InvariantCulture)),
        [typeof(TimeOnly)] = (v => JsonValue.Create(((TimeOnly)v).ToString("O")), j => TimeOnly.ParseExact(j.GetString()!, "O", CultureInfo.InvariantCulture)),
        [typeof(DateTime)] = (v => JsonValue.Create(TimeText((DateTime)v)), j => TimeOf(j.GetString()!)),
        [typeof(Uri)] = (v => new JsonArray(((Uri)v).OriginalString, ((Uri)v).IsAbsoluteUri),
            j => new Uri(Part(j, 0, 2).GetString()!, Part(j, 1, 2).GetBoolean() ? UriKind.Absolute : UriKind.Relative)),
        [typeof(Index)] = (v => Text(v), j => IndexOf(j.GetString()!)),
        [typeof(Range)] = (v => Text(v), j => RangeOf(j.GetString()!)),
        [typeof(Rune)] = (v => JsonValue.Create(((Rune)v).Value), j => new Rune(j.GetInt32())),
    };

    /// <summary>Whether a type is one of these.</summary>
    public static bool IsScalar(Type type) => type.IsEnum || Known.ContainsKey(type);

    /// <summary>A value as JSON.</summary>
    public static JsonNode Write(object value)
    {
        var type = value.GetType();
        return type.IsEnum ? Write(Convert.ChangeType(value, Enum.GetUnderlyingType(type))) : Known[type].Write(value);
    }

    /// <summary>A value from JSON. Throws what JSON, parsers and constructors throw.</summary>
    public static object Read(JsonElement json, Type type) =>
        type.IsEnum ? Enum.ToObject(type, Known[Enum.GetUnderlyingType(type)].Read(json)) : Known[type].Read(json);

    private static JsonValue Text(object value) => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)!);

    private static JsonValue Whole(long value) => value is > -LargestWhole and < LargestWhole ? JsonValue.Create(value) : Text(value);

    private static JsonValue Whole(ulong value) => value < LargestWhole ? JsonValue.Create(value) : Text(value);

    private static JsonValue Double(double value) =>
        Float(value, $"{BitConverter.DoubleToUInt64Bits(value):x16}", BitConverter.DoubleToUInt64Bits(double.NaN) == BitConverter.DoubleToUInt64Bits(value));

    private static double Double(JsonElement json) => Float(json, BitConverter.UInt64BitsToDouble, d => d, double.NaN);

    /// <summary>Shorter floats go as the 64-bit float that they equal, which is exact.</summary>
    private static JsonValue Float(double value, string bits, bool isUsualNaN) => value switch
    {
        0 when double.IsNegative(value) => JsonValue.Create("-0"),
        _ when double.IsFinite(value) => JsonValue.Create(value),
        _ when isUsualNaN => JsonValue.Create("NaN"),
        _ when double.IsNaN(value) => JsonValue.Create("NaN:" + bits),
        _ => JsonValue.Create(value > 0 ? "Infinity" : "-Infinity"),
    };

    private static T Float<T>(JsonElement json, Func<ulong, T> ofBits, Func<double, T> of, T usualNaN) =>
        json.ValueKind == JsonValueKind.Number ? of(json.GetDouble()) : json.GetString() switch
        {
            "-0" => of(-0.0),
            "NaN" => usualNaN,
            "Infinity" => of(double.PositiveInfinity),
            "-Infinity" => of(double.NegativeInfinity),
            { } text when text.StartsWith("NaN:", StringComparison.Ordinal) => ofBits(ulong.Parse(text.AsSpan(4), NumberStyles.AllowHexSpecifier)),
            _ => throw new FormatException("This is no number."),
        };

    private static JsonElement Part(JsonElement json, int index, int count) =>
        json.GetArrayLength() == count ? json[index] : throw new FormatException($"{count} values belong here.");

    private static string DecimalText(decimal value) => string.Join(',', decimal.GetBits(value)[3] < 0 && value == 0
        ? ["bits", .. decimal.GetBits(value).Select(b => b.ToString(CultureInfo.InvariantCulture))] : [value.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>A decimal keeps its zeros behind the point as text; its negative zero has no text.</summary>
    private static decimal DecimalOf(string text) => text.StartsWith("bits,", StringComparison.Ordinal)
        ? new decimal([.. text.Split(',')[1..].Select(b => int.Parse(b, CultureInfo.InvariantCulture))])
        : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Half a surrogate pair cannot be written in UTF-8.</summary>
    private static JsonNode StringNode(string text) => IsUnicode(text) ? JsonValue.Create(text)
        : new JsonArray([.. text.Select(c => (JsonNode)JsonValue.Create((ushort)c))]);

    private static bool IsUnicode(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static string StringOf(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? string.Concat(json.EnumerateArray().Select(c => (char)c.GetUInt16())) : json.GetString() ?? throw new FormatException("Text belongs here.");

    /// <summary>Neither end's time zone plays a part: the clock time and its kind stay what they are.</summary>
    private static string TimeText(DateTime time) =>
        time.ToString(LocalTime, CultureInfo.InvariantCulture) + time.Kind switch { DateTimeKind.Utc => "Z", DateTimeKind.Local => "L", _ => "" };

    private static DateTime TimeOf(string text)
    {
        var kind = text[^1] switch { 'Z' => DateTimeKind.Utc, 'L' => DateTimeKind.Local, _ => DateTimeKind.Unspecified };
        return DateTime.SpecifyKind(DateTime.ParseExact(text.TrimEnd('Z', 'L'), LocalTime, CultureInfo.InvariantCulture), kind);
    }

    private static Index IndexOf(string text) => text.StartsWith('^') ? new Index(int.Parse(text.AsSpan(1)), fromEnd: true) : new Index(int.Parse(text));

    private static Range RangeOf(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots < 0 ? throw new FormatException("This is no range.") : new Range(IndexOf(text[..dots]), IndexOf(text[(dots + 2)..]));
    }
}
