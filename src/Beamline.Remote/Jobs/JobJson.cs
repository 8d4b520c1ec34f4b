using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Beamline.Remote;

/// <summary>How the files of a job are written and read. docs/envelope.md describes them.</summary>
internal static class JobJson
{
    /// <summary>Levels of nesting that are read and written.</summary>
    public const int MaxDepth = 128;

    /// <summary>For all files: camelCase, enums as words, durations in seconds, nothing that is null, default or empty. Fields that are not known are passed over.</summary>
    public static JsonSerializerOptions Options { get; } = Make(JsonUnmappedMemberHandling.Skip);

    /// <summary>The same for what is signed: a field that is not known is an error.</summary>
    public static JsonSerializerOptions Strict { get; } = Make(JsonUnmappedMemberHandling.Disallow);

    /// <summary>The JSON of a value in UTF-8, on one line.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads a value; fields that are not known are passed over.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="what">What errors call it, for instance "status.json".</param>
    /// <exception cref="EndpointException">It is not JSON of this type; names field and line.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8, string what)
        where T : class => Read<T>(utf8, what, Options);

    /// <summary>Reads a value with one of the two sets of options.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> utf8, string what, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, options) ?? throw new EndpointException($"{what} says null and nothing else.");
        }
        catch (JsonException e)
        {
            throw new EndpointException(Problem(e, what), e);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new EndpointException($"{what} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with JSON, with its place.</summary>
    internal static string Problem(JsonException error, string what)
    {
        var field = error.Path is { Length: > 2 } path ? $", field '{Short(path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..])}'" : "";
        var line = error.LineNumber is { } number ? $", line {number + 1}, byte {error.BytePositionInLine}" : "";
        // What .NET adds about the place is said already.
        var end = error.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = (end < 0 ? error.Message : error.Message[..end]).Replace(", 'Beamline.Remote.", ", '", StringComparison.Ordinal);
        return $"{what}{line}{field}: {text}";
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    private static JsonSerializerOptions Make(JsonUnmappedMemberHandling unmapped)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = unmapped,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            MaxDepth = MaxDepth,
            // The files are no HTML: only what JSON itself wants is escaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new SecondsConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutDefaults } },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A field that a reader fills with the same value by itself is not written; those that a constructor needs are.</summary>
    private static void LeaveOutDefaults(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is null && !property.IsRequired)
            {
                var zero = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                property.ShouldSerialize = (_, value) => value switch
                {
                    null => false,
                    ICollection list => list.Count > 0,
                    _ => !value.Equals(zero),
                };
            }
        }
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw new JsonException("A duration is a number of seconds.");
            }

            var ticks = reader.GetDouble() * TimeSpan.TicksPerSecond;
            return Math.Abs(ticks) < 9e18 ? TimeSpan.FromTicks((long)Math.Round(ticks)) : throw new JsonException("The duration is longer than can be counted.");
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Ticks / (double)TimeSpan.TicksPerSecond);
    }
}
