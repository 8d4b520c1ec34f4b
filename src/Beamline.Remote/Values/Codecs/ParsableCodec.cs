using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>
/// Objects whose state nobody sees but whose text says all, as color maps do: what ToString gives, read by <see cref="IParsable{TSelf}"/>.
/// A value that would not be equal after that is refused.
/// </summary>
internal sealed class ParsableCodec : IValueCodec
{
    private static readonly MethodInfo Reader = typeof(ParsableCodec).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    public string Name => "text";

    public bool Accepts(Type type) =>
        type != typeof(string) && type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && ObjectPlan.Of(type).Hidden is not null &&
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GenericTypeArguments[0] == type);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var text = value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString() ?? "";
        return Parse(value.GetType(), text) is { } same && same.Equals(value) ? JsonValue.Create(text)
            : throw new EndpointException($"the {TypeText.Of(value.GetType())} '{text}' is not what its name says: send its parts");
    }

    public object Decode(JsonElement json, Type type, ValueReader reader) =>
        Accepts(type) && json.ValueKind == JsonValueKind.String && Parse(type, json.GetString()!) is { } value ? value
            : throw new EndpointException($"{(json.ValueKind == JsonValueKind.String ? JobNames.Shown(json.GetString()!) : "this")} is no {TypeText.Of(type)} here: is the endpoint's Beamline another one?");

    private static object? Parse(Type type, string text) => Reader.MakeGenericMethod(type).Invoke(null, [text]);

    private static T? Read<T>(string text)
        where T : class, IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
