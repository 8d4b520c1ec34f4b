namespace Beamline.Kernel;

/// <summary>Names of types as a user writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal", [typeof(char)] = "char", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(void)] = "void",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        if (type.Name.StartsWith("<>", StringComparison.Ordinal))
        {
            return "anonymous";
        }

        var name = type.Name;
        if (!type.IsGenericType)
        {
            return name;
        }

        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return name.StartsWith("ValueTuple`", StringComparison.Ordinal)
            ? $"({arguments})"
            : name.IndexOf('`', StringComparison.Ordinal) is var at and > 0 ? $"{name[..at]}<{arguments}>" : name;
    }
}
