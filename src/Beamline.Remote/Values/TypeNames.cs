using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>
/// Types as JSON, for values whose class the declared type does not say: "int", ["List", "int"] for a generic one, ["[,]", "int"] for an
/// array. Of .NET's own types only those of a list have names, so that nobody can have another one made.
/// </summary>
internal static class TypeNames
{
    /// <summary>What stands before the name of a type that a cell declares; the number of the submission differs from end to end.</summary>
    private const string OfCells = "cell:";

    private const string Submission = "Submission#";

    private static readonly Dictionary<string, Type> Known = new Type[]
    {
        typeof(object), typeof(string), typeof(decimal), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Guid), typeof(Version), typeof(TimeSpan),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(Uri), typeof(Index), typeof(Range), typeof(Rune),
        typeof(Vector2), typeof(Vector3), typeof(Vector4), typeof(Quaternion), typeof(Plane), typeof(Matrix3x2), typeof(Matrix4x4),
        typeof(List<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(ReadOnlyCollection<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>),
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(IEnumerable<>), typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IList<>),
        typeof(ICollection<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
        typeof(ValueTuple<,,,,,,,>),
    }.ToDictionary(t => t.Name).Concat(NumberType.All.Select(n => KeyValuePair.Create(n.Name, n.Type))).ToDictionary();

    private static readonly Dictionary<Type, string> Names = Known.ToDictionary(k => k.Value, k => k.Key);

    /// <summary>Whether it is one of .NET's types that may be named.</summary>
    public static bool IsKnown(Type type) => Names.ContainsKey(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    /// <summary>Whether a type is one of .NET's own, whose private state means nothing elsewhere.</summary>
    public static bool IsOfDotNet(Type type)
    {
        var name = type.Assembly.GetName().Name ?? "";
        return name is "mscorlib" or "netstandard" or "WindowsBase" or "System" ||
            name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);
    }

    /// <summary>The JSON of a type.</summary>
    public static JsonNode Write(Type type)
    {
        if (type.IsArray)
        {
            return new JsonArray($"[{new string(',', type.GetArrayRank() - 1)}]", Write(type.GetElementType()!));
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var name = Names.TryGetValue(definition, out var known) ? known : Outside(definition);
        return type.IsGenericType ? new JsonArray([name, .. type.GenericTypeArguments.Select(Write)]) : JsonValue.Create(name);
    }

    /// <summary>The type of JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="near">Another type: its library may be where the type is.</param>
    /// <param name="find">Finds types that cells declare; may be null.</param>
    /// <param name="depth">Levels that it may have.</param>
    /// <exception cref="FormatException">There is no such type here.</exception>
    public static Type Read(JsonElement json, Type near, Func<string, Type?>? find, int depth = 16)
    {
        if (depth == 0)
        {
            throw new FormatException("The name of a type is nested too deep.");
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return Named(json.GetString()!, near, find);
        }

        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() < 2 || json[0].GetString() is not { } name)
        {
            throw new FormatException("This is no name of a type.");
        }

        var arguments = json.EnumerateArray().Skip(1).Select(j => Read(j, near, find, depth - 1)).ToArray();
        if (name.StartsWith('['))
        {
            return name.Length is >= 2 and <= 6 && name.Trim('[', ']', ',').Length == 0 && arguments.Length == 1
                ? name.Length == 2 ? arguments[0].MakeArrayType() : arguments[0].MakeArrayType(name.Length - 1)
                : throw new FormatException($"{JobNames.Shown(name)} is no array.");
        }

        var definition = Named(name, near, find);
        return definition.IsGenericTypeDefinition && definition.GetGenericArguments().Length == arguments.Length
            ? definition.MakeGenericType(arguments) : throw new FormatException($"{JobNames.Shown(name)} is no generic type with {arguments.Length} arguments.");
    }

    private static string Outside(Type type)
    {
        var full = type.FullName ?? throw new FormatException($"{type} has no name.");
        return full.StartsWith(Submission, StringComparison.Ordinal) && full.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus
            ? OfCells + full[(plus + 1)..] : $"{full}, {type.Assembly.GetName().Name}";
    }

    private static Type Named(string name, Type near, Func<string, Type?>? find)
    {
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        var found = name.StartsWith(OfCells, StringComparison.Ordinal) ? OfCell(name[OfCells.Length..], near, find) : OfLibrary(name, near, find);
        return found ?? throw new FormatException($"The type {JobNames.Shown(name)} is not known here.");
    }

    private static Type? OfCell(string name, Type near, Func<string, Type?>? find) =>
        find?.Invoke(name) ?? near.Assembly.GetTypes().FirstOrDefault(t => t.FullName is { } full && full.StartsWith(Submission, StringComparison.Ordinal) && full.EndsWith("+" + name, StringComparison.Ordinal));

    private static Type? OfLibrary(string name, Type near, Func<string, Type?>? find)
    {
        var comma = name.LastIndexOf(", ", StringComparison.Ordinal);
        if (comma < 0)
        {
            return null;
        }

        var (type, library) = (name[..comma], name[(comma + 2)..]);
        // Loaded ones only: a name from outside must not load a library.
        var found = find?.Invoke(type) ?? (near.Assembly.GetName().Name == library ? near.Assembly.GetType(type) : null) ??
            AppDomain.CurrentDomain.GetAssemblies().Where(a => a.GetName().Name == library).Select(a => a.GetType(type)).FirstOrDefault(t => t is not null);
        return found is null || IsOfDotNet(found) ? null : found;
    }
}
