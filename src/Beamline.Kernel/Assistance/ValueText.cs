using System.Collections;
using System.Numerics;

namespace Beamline.Kernel;

/// <summary>
/// The value of a variable on one line, without running code of a user: numbers, text, dates, arrays' shapes, counts of
/// the framework's collections, and what our own types say of themselves. Of everything else only the type is shown.
/// </summary>
internal static class ValueText
{
    private const int LongestText = 200;
    private const int MostElements = 8;

    /// <returns>The value, or null when it could be read only by running code that is not known.</returns>
    public static string? Of(object? value) => value switch
    {
        null => "null",
        string text => Quoted(text),
        char c => $"'{c}'",
        bool flag => flag ? "true" : "false",
        Enum or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Complex or BigInteger or Half
            or Int128 or UInt128 => BuiltInFormatter.OneLine(value, LongestText),
        Array array => Shape(array),
        _ when value.GetType().IsPrimitive || value is decimal => BuiltInFormatter.OneLine(value, LongestText),
        ICollection collection when IsOfFramework(value.GetType()) => $"{collection.Count} elements",
        _ when IsOurs(value.GetType()) => BuiltInFormatter.Guarded(() => BuiltInFormatter.OneLine(value, LongestText)),
        _ => null,
    };

    private static string Shape(Array array)
    {
        var shape = $"{TypeNames.Of(array.GetType().GetElementType()!)}" +
            $"[{string.Join(", ", Enumerable.Range(0, array.Rank).Select(array.GetLength))}]";
        var element = array.GetType().GetElementType()!;
        if (array.Rank != 1 || !(element.IsPrimitive || element == typeof(string) || element == typeof(decimal)))
        {
            return shape;
        }

        var first = array.Cast<object?>().Take(MostElements).Select(Of);
        return $"{shape} {{ {string.Join(", ", first)}{(array.Length > MostElements ? ", ..." : "")} }}";
    }

    private static string Quoted(string text)
    {
        var shown = text.Length > LongestText ? text[..LongestText] + "…" : text;
        return $"\"{shown.ReplaceLineEndings("⏎")}\"" + (text.Length > LongestText ? $" ({text.Length} characters)" : "");
    }

    // A collection of a user, or of a package, may compute its count in code of its own.
    private static bool IsOfFramework(Type type) =>
        type.Assembly == typeof(List<>).Assembly || type.Assembly == typeof(SortedSet<>).Assembly;

    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name is { } name && name.StartsWith("Beamline.", StringComparison.Ordinal) &&
        Path.GetDirectoryName(type.Assembly.Location) is { Length: > 0 } folder &&
        folder == Path.GetDirectoryName(typeof(ValueText).Assembly.Location);
}
