using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>Arrays of numbers with any number of axes.</summary>
internal sealed class ArrayCodec : IValueCodec
{
    public string Name => "array";

    public bool Accepts(Type type) => type.IsArray && NumberType.Of(type.GetElementType()) is not null;

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var array = (Array)value;
        if (Enumerable.Range(0, array.Rank).Any(axis => array.GetLowerBound(axis) != 0))
        {
            throw new EndpointException("its first index is not 0: copy it into a usual array");
        }

        var number = NumberType.Of(array.GetType().GetElementType())!;
        return new JsonObject { ["element"] = number.Name, ["array"] = writer.Add(NpyFile.Content(array, number)) };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var name = json.GetProperty("element").GetString();
        var number = NumberType.Named(name) ?? throw new EndpointException($"{JobNames.Shown(name)} is no type of numbers");
        return reader.ReadArray(json.GetProperty("array"), number, 0);
    }
}
