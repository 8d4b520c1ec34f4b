using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Beamline.Remote;

/// <summary>Values that have parts: arrays, tuples, collections, objects.</summary>
internal sealed partial class ValueReader
{
    private object ReadParts(JsonElement json, Type type)
    {
        if (Scalars.IsScalar(type))
        {
            return Scalars.Read(json, type);
        }

        if (type.IsArray)
        {
            return ReadItemsOfArray(json, type);
        }

        if (Tuples.Is(type))
        {
            return ReadTuple(json, type);
        }

        return Collections.IsList(type) ? ReadList(json, type) : Collections.IsMap(type) ? ReadMap(json, type) : ReadState(json, type);
    }

    private Array ReadItemsOfArray(JsonElement json, Type type)
    {
        var element = type.GetElementType()!;
        var (items, shape) = type.IsSZArray ? (json, [json.GetArrayLength()])
            : (json.GetProperty("items"), json.GetProperty("lengths").EnumerateArray().Select(n => n.GetInt64()).ToArray());
        if (shape.Length != type.GetArrayRank() || shape.Any(n => n is < 0 or > int.MaxValue) || NpyFile.CountOf(shape, 1, "an array") != items.GetArrayLength())
        {
            throw new EndpointException($"an array of the shape ({string.Join(", ", shape)}) has {items.GetArrayLength()} elements");
        }

        var array = ArrayMaker.Make(element, shape);
        var place = new int[shape.Length];
        foreach (var item in items.EnumerateArray())
        {
            array.SetValue(Read(item, element), place);
            for (var axis = shape.Length - 1; axis >= 0 && ++place[axis] == shape[axis] && axis > 0; axis--)
            {
                place[axis] = 0;
            }
        }

        return array;
    }

    private object ReadTuple(JsonElement json, Type type)
    {
        var types = type.GenericTypeArguments;
        return json.GetArrayLength() == types.Length
            ? Activator.CreateInstance(type, [.. types.Select((t, i) => Read(json[i], t))])!
            : throw new EndpointException($"a tuple of {types.Length} parts arrived with {json.GetArrayLength()}");
    }

    private object ReadList(JsonElement json, Type type)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("isDefault", out _) && type.IsValueType)
        {
            return Activator.CreateInstance(type)!;
        }

        var (items, comparer) = Content(json);
        var element = type.GenericTypeArguments[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        if (items.ValueKind == JsonValueKind.Object)
        {
            var number = NumberType.Of(element) ?? throw new EndpointException($"a list of {TypeText.Of(element)} is no array of numbers");
            list = (IList)Activator.CreateInstance(list.GetType(), ReadArray(items.GetProperty("array"), number, 1))!;
        }
        else
        {
            foreach (var item in items.EnumerateArray())
            {
                list.Add(Read(item, element));
            }
        }

        return Collections.Make(type, list, comparer);
    }

    private IDictionary ReadMap(JsonElement json, Type type)
    {
        var (items, comparer) = Content(json);
        var map = Collections.MakeMap(type, comparer);
        foreach (var pair in items.EnumerateArray())
        {
            if (pair.GetArrayLength() != 2)
            {
                throw new EndpointException("a dictionary has pairs");
            }

            map.Add(Read(pair[0], type.GenericTypeArguments[0])!, Read(pair[1], type.GenericTypeArguments[1]));
        }

        return map;
    }

    private object ReadState(JsonElement json, Type type)
    {
        if (_codecs.Find(type, null) is { } codec)
        {
            // Field by field nobody would check that its memory is as long as its shape says.
            throw new EndpointException($"{TypeText.Of(type)} did not arrive through its codec '{codec.Name}'");
        }

        var plan = ObjectPlan.Of(type);
        var isOurs = type.Assembly.GetName().Name!.StartsWith("Beamline.", StringComparison.Ordinal);
        var made = RuntimeHelpers.GetUninitializedObject(type);
        var count = 0;
        foreach (var property in json.EnumerateObject())
        {
            var member = plan.Members.FirstOrDefault(m => m.Name == property.Name) ??
                throw new EndpointException($"{TypeText.Of(type)} has no {JobNames.Shown(property.Name)} here: is it declared the same way at both ends?");
            var value = Read(property.Value, member.Field.FieldType);
            count++;
            // The checks of our own classes hold for what comes from outside as well.
            if (isOurs && member.Setter is { } setter)
            {
                setter.SetValue(made, value);
            }
            else
            {
                member.Field.SetValue(made, value);
            }
        }

        return count == plan.Members.Count ? made
            : throw new EndpointException($"{TypeText.Of(type)} arrived with {count} of {plan.Members.Count} parts: is it declared the same way at both ends?");
    }

    private static (JsonElement Items, string? Comparer) Content(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("comparer", out var comparer) ? (json.GetProperty("items"), comparer.GetString()) : (json, null);
}
