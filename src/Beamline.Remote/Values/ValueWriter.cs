using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>Takes one value apart. For codecs: gives them arrays' places and takes values within theirs.</summary>
internal sealed class ValueWriter
{
    /// <summary>Arrays of more numbers go beside the JSON.</summary>
    internal const int MostInline = 64;

    private const int DeepestLevel = 40;

    private const int MostParts = 5_000_000;

    private readonly ValueCodecs _codecs;
    private readonly IArraySink _sink;
    private readonly List<JobArray> _arrays = [];
    private readonly List<string> _path = [];
    private readonly HashSet<object> _within = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, string?> _refusals = [];
    private int _parts;

    internal ValueWriter(ValueCodecs codecs, IArraySink sink, string name)
    {
        (_codecs, _sink) = (codecs, sink);
        _path.Add(name);
    }

    internal IReadOnlyList<JobArray> Arrays => _arrays;

    /// <summary>Where the writer is, for messages: "scan.Angles[3]".</summary>
    internal string Place => string.Concat(_path.TakeLast(12));

    /// <summary>Adds a file beside the JSON.</summary>
    /// <returns>Its place in <see cref="JobValue.Arrays"/>.</returns>
    public int Add(ArrayContent content)
    {
        _arrays.Add(_sink.Add(content));
        return _arrays.Count - 1;
    }

    /// <summary>Takes a value within another apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">The type that a reader will know; when the value is of another one, its name goes with it.</param>
    /// <param name="step">How one gets there, for messages: ".Name" or "[3]".</param>
    /// <exception cref="EndpointException">It cannot travel.</exception>
    public JsonNode? Write(object? value, Type declared, string step = "")
    {
        if (value is null)
        {
            return null;
        }

        _path.Add(step);
        if (_path.Count > DeepestLevel)
        {
            throw new EndpointException($"it is nested deeper than {DeepestLevel} levels ({Place}): send it as a flat list");
        }

        if (++_parts > MostParts)
        {
            throw new EndpointException($"it has more than {MostParts:N0} parts: send arrays of numbers instead of objects");
        }

        var node = WriteKnown(value, Nullable.GetUnderlyingType(declared) ?? declared);
        _path.RemoveAt(_path.Count - 1);
        return node;
    }

    private JsonNode? WriteKnown(object value, Type declared)
    {
        var type = value.GetType();
        if (_codecs.Find(type, value) is { } codec)
        {
            return new JsonObject { ["$codec"] = codec.Name, ["$value"] = codec.Encode(value, this) };
        }

        var stand = Collections.StandFor(declared);
        var refusal = RefusalOf(type);
        if (refusal is null)
        {
            return type == declared || type == stand ? WriteParts(value, type)
                : new JsonObject { ["$type"] = TypeNames.Write(type), ["$value"] = WriteParts(value, type) };
        }

        // A class of somebody else's behind an interface of collections: what is in it counts.
        if (stand is not null && HasCount(type, stand))
        {
            return Collections.IsMap(stand) ? WriteMap((IEnumerable)value, stand, null) : WriteItems((IEnumerable)value, stand, null);
        }

        throw new EndpointException(stand is null ? refusal
            : $"{TypeText.Of(type)} is a query that has not run, or a collection that is not known: call ToArray() or ToList() and send that");
    }

    private JsonNode WriteParts(object value, Type type)
    {
        if (Scalars.IsScalar(type))
        {
            return Scalars.Write(value);
        }

        if (Tuples.Is(type))
        {
            return new JsonArray([.. Tuples.Parts(value).Select((part, i) => Write(part.Value, part.Type, $".Item{i + 1}"))]);
        }

        if (!type.IsValueType && !_within.Add(value))
        {
            throw new EndpointException($"{Place} leads back to an object that contains it: circles do not travel. Send what the cell needs of it, for instance with numbers in place of references");
        }

        var node = value switch
        {
            Array array => WriteArray(array),
            IEnumerable items when Collections.IsList(type) => WriteItems(items, type, Collections.ComparerOf(value)),
            IEnumerable items when Collections.IsMap(type) => WriteMap(items, type, Collections.ComparerOf(value)),
            _ => WriteState(value, type),
        };
        if (!type.IsValueType)
        {
            _within.Remove(value);
        }

        return node;
    }

    private JsonNode WriteArray(Array array)
    {
        var element = array.GetType().GetElementType()!;
        var items = new JsonArray();
        var place = 0;
        foreach (var item in array)
        {
            items.Add(Write(item, element, $"[{place++}]"));
        }

        if (array.Rank == 1 && array.GetLowerBound(0) == 0)
        {
            return items;
        }

        var ranks = Enumerable.Range(0, array.Rank).ToArray();
        return ranks.Any(r => array.GetLowerBound(r) != 0)
            ? throw new EndpointException("its first index is not 0: copy it into a usual array")
            : new JsonObject { ["lengths"] = new JsonArray([.. ranks.Select(r => (JsonNode)array.GetLength(r))]), ["items"] = items };
    }

    private JsonNode WriteItems(IEnumerable items, Type type, string? comparer)
    {
        if (items.GetType() is { Name: "ImmutableArray`1" } && (bool)items.GetType().GetProperty("IsDefault")!.GetValue(items)!)
        {
            return new JsonObject { ["isDefault"] = true };
        }

        var element = type.GenericTypeArguments[0];
        JsonNode list;
        if (NumberType.Of(element) is { } number && items is ICollection { Count: > MostInline } many)
        {
            var copy = Array.CreateInstance(element, many.Count);
            many.CopyTo(copy, 0);
            list = new JsonObject { ["array"] = Add(NpyFile.Content(copy, number)) };
        }
        else
        {
            var written = new JsonArray();
            var place = 0;
            foreach (var item in items)
            {
                written.Add(Write(item, element, $"[{place++}]"));
            }

            list = written;
        }

        return comparer is null ? list : new JsonObject { ["comparer"] = comparer, ["items"] = list };
    }

    private JsonNode WriteMap(IEnumerable pairs, Type type, string? comparer)
    {
        var (key, item) = (type.GenericTypeArguments[0], type.GenericTypeArguments[1]);
        var written = new JsonArray();
        foreach (var pair in pairs)
        {
            var (k, v) = (pair.GetType().GetProperty("Key")!.GetValue(pair), pair.GetType().GetProperty("Value")!.GetValue(pair));
            written.Add(new JsonArray(Write(k, key, ".Keys"), Write(v, item, $"[{k}]")));
        }

        return comparer is null ? written : new JsonObject { ["comparer"] = comparer, ["items"] = written };
    }

    private JsonObject WriteState(object value, Type type)
    {
        var json = new JsonObject();
        foreach (var member in ObjectPlan.Of(type).Members)
        {
            json.Add(member.Name, Write(member.Field.GetValue(value), member.Field.FieldType, "." + member.Name));
        }

        return json;
    }

    private static bool HasCount(Type type, Type stand) =>
        type.GetInterfaces().Any(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>) || i.GetGenericTypeDefinition() == typeof(ICollection<>))) &&
        // Lists that LINQ makes count without running, and their elements may still be the work of delegates.
        type.Namespace != "System.Linq" && stand is not null;

    private string? RefusalOf(Type type)
    {
        if (!_refusals.TryGetValue(type, out var refusal))
        {
            _refusals[type] = refusal = _codecs.Refusal(type) ?? (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.IsPublic && type.Name.StartsWith('<') ? "it has no name" : null);
        }

        return refusal;
    }
}
