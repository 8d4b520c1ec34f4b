namespace Beamline.Remote;

/// <summary>Types as a user wrote them, for messages.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(object)] = "object", [typeof(string)] = "string", [typeof(decimal)] = "decimal", [typeof(void)] = "void",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    /// <summary>A type as C#, without namespaces.</summary>
    public static string Of(Type type)
    {
        if (NumberType.Of(type) is { } number)
        {
            return number.Name;
        }

        if (Words.TryGetValue(type, out var word))
        {
            return word;
        }

        if (type.IsArray)
        {
            // C# names the outer array's brackets first.
            var (suffix, element) = ("", type);
            for (; element!.IsArray; element = element.GetElementType()!)
            {
                suffix += $"[{new string(',', element.GetArrayRank() - 1)}]";
            }

            return Of(element) + suffix;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        if (type.IsPointer || type.IsByRef)
        {
            return Of(type.GetElementType()!) + (type.IsPointer ? "*" : "&");
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
