using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>
/// Which calls change the object that they are called on. Only what is certain by name and type: a call that is taken
/// for a change by mistake makes cells out of date that are not.
/// </summary>
internal static class Mutators
{
    private static readonly HashSet<string> CollectionMethods = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "AddFirst", "AddLast", "AddAfter", "AddBefore", "AddOrUpdate", "Append", "AppendFormat", "AppendJoin",
        "AppendLine", "Clear", "Dequeue", "Enqueue", "EnqueueRange", "ExceptWith", "GetOrAdd", "Insert", "InsertRange",
        "IntersectWith", "Move", "Pop", "Push", "PushRange", "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast",
        "RemoveRange", "RemoveWhere", "Replace", "Reverse", "SetValue", "Sort", "SymmetricExceptWith", "TryAdd",
        "TryDequeue", "TryPop", "TryRemove", "TryTake", "TryUpdate", "UnionWith",
    };

    private static readonly HashSet<string> ArrayMethods = new(StringComparer.Ordinal) { "Clear", "Fill", "Reverse", "Sort" };

    /// <summary>Whether an instance method changes what it is called on.</summary>
    public static bool ChangesReceiver(IMethodSymbol method) =>
        method is { IsStatic: false, IsExtensionMethod: false, ContainingType: { } type } &&
        CollectionMethods.Contains(method.Name) && IsCollection(type);

    /// <summary>Whether a static method changes its first argument: Array.Sort(x).</summary>
    public static bool ChangesFirstArgument(IMethodSymbol method) =>
        method is { IsStatic: true, ContainingType.SpecialType: SpecialType.System_Array } && ArrayMethods.Contains(method.Name);

    private static bool IsCollection(INamedTypeSymbol type) =>
        type is { Name: "StringBuilder", ContainingNamespace.Name: "Text" } ||
        type.SpecialType == SpecialType.System_Array ||
        (IsMutableNamespace(type.ContainingNamespace) && type.Name != "ReadOnlyCollection") ||
        (type.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) != true &&
            type.AllInterfaces.Any(i => i.Name is "ICollection" or "IList" or "IDictionary" or "ISet"));

    // Immutable and frozen collections answer with a new one instead of changing.
    private static bool IsMutableNamespace(INamespaceSymbol? space) =>
        space?.ToDisplayString() is "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent"
            or "System.Collections.ObjectModel" or "System.Collections.Specialized";
}
