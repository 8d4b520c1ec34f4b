using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beamline.Remote;

/// <summary>Which types travel.</summary>
internal static class TravelTypes
{
    private static readonly ValueCodecs Own = new();

    /// <summary>Why no value of a type can travel, with what to do; null when one can. Interfaces, object and base classes are asked again with the value.</summary>
    /// <param name="type">The type.</param>
    public static string? Refusal(Type type) => Own.Refusal(type);

    /// <summary>The same with the codecs of extensions.</summary>
    /// <param name="type">The type.</param>
    /// <param name="hasCodec">Whether a codec takes a type.</param>
    internal static string? Refusal(Type type, Func<Type, bool> hasCodec) => Check(type, hasCodec, []);

    private static string? Check(Type type, Func<Type, bool> hasCodec, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.IsGenericParameter || type == typeof(object) || Scalars.IsScalar(type))
        {
            return null;
        }

        if (Address(type) is { } address)
        {
            return address;
        }

        if (hasCodec(type))
        {
            return null;
        }

        if (Live(type) is { } live)
        {
            return live;
        }

        if (type.IsArray)
        {
            return Check(type.GetElementType()!, hasCodec, seen);
        }

        if (Nullable.GetUnderlyingType(type) is not null || Collections.IsList(type) || Collections.IsMap(type) || Collections.StandFor(type) is not null || Tuples.Is(type))
        {
            return type.GenericTypeArguments.Select(a => Check(a, hasCodec, seen)).FirstOrDefault(r => r is not null);
        }

        if (type.IsInterface || type.IsAbstract)
        {
            return null;
        }

        if (type.Name.StartsWith('<') && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        {
            return "it is of a type without a name (new { ... }): declare a record, or use a tuple";
        }

        return TypeNames.IsOfDotNet(type) && !TypeNames.IsKnown(type)
            ? $"{TypeText.Of(type)} is a class of .NET that cannot be taken apart: send what you need of it as numbers, text, arrays, lists or records"
            : OfState(type, hasCodec, seen);
    }

    private static string? OfState(Type type, Func<Type, bool> hasCodec, HashSet<Type> seen)
    {
        var plan = ObjectPlan.Of(type);
        if (plan.Hidden is { } hidden)
        {
            return $"{TypeText.Of(type)} keeps something in '{Plain(hidden)}', which is not public, so that it would arrive without it: make it a public property, or send its parts";
        }

        foreach (var member in plan.Members)
        {
            if (member.MayBeNull && typeof(Delegate).IsAssignableFrom(member.Field.FieldType))
            {
                // Mostly null: FbpOptions.Response. One that is there is refused with the value.
                continue;
            }

            if (Check(member.Field.FieldType, hasCodec, seen) is { } reason)
            {
                return $"{TypeText.Of(type)}.{member.Name}: {reason}";
            }
        }

        return null;
    }

    private static string? Address(Type type) => type switch
    {
        { IsPointer: true } or { IsByRef: true } or { IsFunctionPointer: true } => $"{TypeText.Of(type)} is an address, which means nothing on another machine: send an array",
        _ when type == typeof(nint) || type == typeof(nuint) => $"{TypeText.Of(type)} may be an address, which means nothing on another machine: use long",
        { IsByRefLike: true } => $"{TypeText.Of(type)} is a view of memory (a ref struct): call ToArray() and send the array",
        _ => null,
    };

    /// <summary>What is bound to this process.</summary>
    private static string? Live(Type type)
    {
        var text = TypeText.Of(type);
        return type switch
        {
            _ when typeof(Delegate).IsAssignableFrom(type) => $"{text} is a delegate: declare a function in a cell and call it by its name; its code then travels",
            _ when typeof(Task).IsAssignableFrom(type) || type.Namespace == "System.Threading.Tasks" => $"{text} is running work: await it, and send its result",
            _ when typeof(Stream).IsAssignableFrom(type) || typeof(TextReader).IsAssignableFrom(type) || typeof(TextWriter).IsAssignableFrom(type) ||
                typeof(SafeHandle).IsAssignableFrom(type) || typeof(CriticalHandle).IsAssignableFrom(type) => $"{text} is an open file or connection: send the path, and open it in the cell",
            { Namespace: { } space } when space == "ILGPU" || space.StartsWith("ILGPU.", StringComparison.Ordinal) =>
                $"{text} lies on the GPU of this machine: copy it into an array first, for instance with GetAsArray1D()",
            { IsGenericType: true } when type.GetGenericTypeDefinition() is var d && (d == typeof(Memory<>) || d == typeof(ReadOnlyMemory<>) || d == typeof(ArraySegment<>)) =>
                $"{text} is a view of memory: call ToArray() and send the array",
            _ when typeof(Exception).IsAssignableFrom(type) => $"{text} is an exception: send its message",
            _ => null,
        };
    }

    private static string Plain(string field) => field.StartsWith('<') && field.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? field[1..end] : field;
}

/// <summary>Tuples of both kinds and pairs of a dictionary: a list of parts whose types are all known.</summary>
internal static class Tuples
{
    public static bool Is(Type type) => typeof(ITuple).IsAssignableFrom(type) && TypeNames.IsKnown(type) ||
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    /// <summary>The parts with their types; the eighth part of a long tuple is a tuple.</summary>
    public static IEnumerable<(Type Type, object? Value)> Parts(object tuple)
    {
        var type = tuple.GetType();
        string[] names = type.GetGenericTypeDefinitionOrSelf() == typeof(KeyValuePair<,>) ? ["Key", "Value"]
            : [.. type.GenericTypeArguments.Select((_, i) => i == 7 ? "Rest" : $"Item{i + 1}")];
        return names.Select((name, i) => (type.GenericTypeArguments[i], type.IsValueType && names[0] != "Key"
            ? type.GetField(name)!.GetValue(tuple) : type.GetProperty(name)!.GetValue(tuple)));
    }

    private static Type GetGenericTypeDefinitionOrSelf(this Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
