using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>The keywords of C#, by where they are offered.</summary>
internal static class KeywordTable
{
    /// <summary>Those that may start or stand in a statement.</summary>
    public static IReadOnlyList<string> Statement { get; } =
    [
        .. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText),
        "async", "await", "dynamic", "field", "file", "from", "get", "global", "init", "managed", "nameof", "nint", "nuint",
        "partial", "record", "required", "scoped", "set", "unmanaged", "value", "var", "when", "where", "with", "yield",
    ];

    /// <summary>Those that name types.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint", "nuint", "object", "sbyte",
        "short", "string", "uint", "ulong", "ushort",
    ];

    /// <summary>Those that may follow a value.</summary>
    public static IReadOnlyList<string> Operator { get; } = ["and", "as", "in", "is", "or", "switch", "when", "with"];

    /// <summary>Those that may follow a value in a query.</summary>
    public static IReadOnlyList<string> Query { get; } =
    [
        "ascending", "by", "descending", "equals", "from", "group", "in", "into", "join", "let", "on", "orderby", "select", "where",
    ];
}
