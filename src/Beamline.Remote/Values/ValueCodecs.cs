using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>Takes values apart for a journey and puts them together again, bit by bit the same. May be used from several threads.</summary>
/// <remarks>
/// What travels: docs/envelope.md has the list. An object that is reached twice arrives as two; one that contains itself is refused.
/// </remarks>
/// <param name="more">Codecs of extensions; they come before those of Beamline.</param>
internal sealed class ValueCodecs(IEnumerable<IValueCodec>? more = null)
{
    /// <summary>Codec of what goes into the JSON as it is.</summary>
    internal const string Json = "json";

    // Longer JSON goes beside job.json, so that a service can check jobs quickly.
    private const int MostInlineBytes = 64 << 10;

    private const string TextFile = "$file";

    private readonly IReadOnlyList<IValueCodec> _codecs =
    [
        .. more ?? [], new ArrayCodec(), new VolumeCodec(), new StackCodec(), new SinogramCodec(), new ImageCodec(), new ComplexImageCodec(), new GeometryCodec(), new ScanCodec(), new ParsableCodec(),
    ];

    /// <summary>Why no value of a type can travel, with what to do; null when one can. Interfaces, object and base classes are asked again with the value.</summary>
    /// <param name="type">The type.</param>
    public string? Refusal(Type type) => TravelTypes.Refusal(type, t => Find(t, null) is not null);

    /// <summary>Takes a value apart.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="typeName">Its type as C#.</param>
    /// <param name="declared">Its declared type.</param>
    /// <param name="value">The value.</param>
    /// <param name="sink">Takes the arrays at once, written and hashed in one pass; null keeps them as <see cref="EncodedValue.Arrays"/>, hashed and not copied.</param>
    /// <exception cref="EndpointException">It cannot travel: the message names what within it, and what to do.</exception>
    public EncodedValue Encode(string name, string typeName, Type declared, object? value, IArraySink? sink = null)
    {
        var kept = new KeptArrays();
        var writer = new ValueWriter(this, sink ?? kept, name);
        try
        {
            var codec = value is null ? null : Find(value.GetType(), value);
            var json = codec is null ? Short(writer.Write(value, declared), writer) : codec.Encode(value!, writer);
            return new EncodedValue(new JobValue(name, typeName, codec?.Name ?? Json) { Json = json, Arrays = writer.Arrays }, kept.Sources);
        }
        catch (Exception e) when (e is EndpointException or FormatException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            throw new EndpointException($"'{writer.Place}' cannot travel: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Takes a result apart; one that cannot travel says so in <see cref="JobValue.Problem"/>.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="typeName">Its type as C#.</param>
    /// <param name="declared">Its declared type.</param>
    /// <param name="value">The value.</param>
    /// <param name="sink">Takes the arrays.</param>
    public JobValue EncodeOrProblem(string name, string typeName, Type declared, object? value, IArraySink sink)
    {
        try
        {
            return Encode(name, typeName, declared, value, sink).Value;
        }
        catch (EndpointException e)
        {
            return new JobValue(name, typeName, Json) { Problem = e.Message };
        }
    }

    /// <summary>Puts a value together.</summary>
    /// <param name="value">What travelled.</param>
    /// <param name="declared">The type that is wanted.</param>
    /// <param name="fileOf">Path of the file of an array.</param>
    /// <param name="options">How; null for reading everything into memory.</param>
    /// <exception cref="EndpointException">It does not fit the type, a file is missing or damaged, or it has a problem.</exception>
    public object? Decode(JobValue value, Type declared, Func<JobArray, string> fileOf, DecodeOptions? options = null)
    {
        if (value.Problem is { } problem)
        {
            throw new EndpointException(problem);
        }

        try
        {
            var reader = new ValueReader(this, value, fileOf, options ?? new DecodeOptions());
            var json = value.Json is null ? JsonSerializer.SerializeToElement<object?>(null) : value.Json.Deserialize<JsonElement>(JobJson.Options);
            if (value.Codec == Json)
            {
                return reader.Read(Whole(json, reader), declared);
            }

            var wanted = Nullable.GetUnderlyingType(declared) ?? declared;
            var made = Named(value.Codec).Decode(json, wanted, reader);
            return wanted.IsInstanceOfType(made) ? made
                : throw new EndpointException($"{TypeText.Of(made.GetType())} arrived and {TypeText.Of(wanted)} is wanted");
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or AccessViolationException))
        {
            // Parsers, JSON and constructors each throw their own; what arrived is at fault in all cases.
            var cause = e is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new EndpointException($"'{value.Name}' ({value.Type}) cannot be read: {cause.Message.TrimEnd('.')}.", cause);
        }
    }

    /// <summary>The codec of a type, or null for what goes into the JSON.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The value when there is one: small arrays go into the JSON.</param>
    internal IValueCodec? Find(Type type, object? value) =>
        value is Array { Length: <= ValueWriter.MostInline } ? null : _codecs.FirstOrDefault(c => c.Accepts(type));

    /// <summary>The codec of a name.</summary>
    /// <exception cref="EndpointException">There is none here.</exception>
    internal IValueCodec Named(string? name) => _codecs.FirstOrDefault(c => c.Name == name) ??
        throw new EndpointException($"the codec {JobNames.Shown(name)} is not known here: load the extension that brings it");

    private static JsonNode? Short(JsonNode? json, ValueWriter writer)
    {
        if (json is not (JsonArray or JsonObject or JsonValue))
        {
            return json;
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(json, JobJson.Options);
        return text.Length <= MostInlineBytes ? json
            : new JsonObject { [TextFile] = writer.Add(new ArrayContent(Json, [], text.Length, stream => stream.Write(text))) };
    }

    private static JsonElement Whole(JsonElement json, ValueReader reader)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(TextFile, out var place))
        {
            return json;
        }

        var (array, path) = reader.FileAt(place);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0);
        if (file.Length != array.Bytes || array.DType != Json)
        {
            throw new EndpointException($"{path} has {file.Length} bytes and should have {array.Bytes}: fetch it again");
        }

        using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = JobJson.MaxDepth, AllowDuplicateProperties = false });
        return document.RootElement.Clone();
    }
}
