using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Beamline.Remote;

/// <summary>Collections that travel as the list of what is in them.</summary>
internal static class Collections
{
    private static readonly HashSet<Type> Lists =
    [
        typeof(List<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(ReadOnlyCollection<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>),
    ];

    private static readonly HashSet<Type> Maps = [typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>)];

    /// <summary>Interfaces, and what stands for them when the value's own class does not travel or is the same.</summary>
    private static readonly Dictionary<Type, Type> Interfaces = new()
    {
        [typeof(IEnumerable<>)] = typeof(List<>),
        [typeof(IReadOnlyCollection<>)] = typeof(List<>),
        [typeof(IReadOnlyList<>)] = typeof(List<>),
        [typeof(ICollection<>)] = typeof(List<>),
        [typeof(IList<>)] = typeof(List<>),
        [typeof(ISet<>)] = typeof(HashSet<>),
        [typeof(IReadOnlySet<>)] = typeof(HashSet<>),
        [typeof(IDictionary<,>)] = typeof(Dictionary<,>),
        [typeof(IReadOnlyDictionary<,>)] = typeof(Dictionary<,>),
    };

    private static readonly Dictionary<string, IEqualityComparer<string>> Comparers = new()
    {
        ["ordinal"] = StringComparer.Ordinal,
        ["ordinalIgnoreCase"] = StringComparer.OrdinalIgnoreCase,
        ["invariantCulture"] = StringComparer.InvariantCulture,
        ["invariantCultureIgnoreCase"] = StringComparer.InvariantCultureIgnoreCase,
    };

    /// <summary>Whether a class is a list, a set, a queue ... of one kind of element.</summary>
    public static bool IsList(Type type) => type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition());

    /// <summary>Whether a class maps keys to values.</summary>
    public static bool IsMap(Type type) => type.IsGenericType && Maps.Contains(type.GetGenericTypeDefinition());

    /// <summary>The class that stands for an interface of collections; null for any other type.</summary>
    public static Type? StandFor(Type type) => type.IsGenericType && Interfaces.TryGetValue(type.GetGenericTypeDefinition(), out var made)
        ? made.MakeGenericType(type.GenericTypeArguments) : null;

    /// <summary>Name of the comparer of a set or dictionary; null for the default one.</summary>
    /// <exception cref="EndpointException">It has one of its own.</exception>
    public static string? ComparerOf(object collection)
    {
        var type = collection.GetType();
        var element = type.GenericTypeArguments[0];
        var comparer = type.GetProperty("Comparer")?.GetValue(collection);
        if (comparer is null || comparer.Equals(DefaultComparer(type, element)))
        {
            return null;
        }

        // A dictionary of text that was made without a comparer shows one that equals Ordinal's.
        var name = Comparers.FirstOrDefault(c => ReferenceEquals(c.Value, comparer) || c.Value.Equals(comparer)).Key;
        return name is not null && !IsSorted(type) ? name : throw new EndpointException(
            "its comparer is one of its own, which cannot travel: copy it into a collection with the default comparer first");
    }

    /// <summary>Makes a list-like collection.</summary>
    /// <param name="type">The class.</param>
    /// <param name="items">What is in it, in the order in which it is enumerated.</param>
    /// <param name="comparer">Name of its comparer; null for the default one.</param>
    public static object Make(Type type, IList items, string? comparer)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(List<>))
        {
            return items;
        }

        var element = type.GenericTypeArguments[0];
        if (definition == typeof(ImmutableArray<>) || definition == typeof(ImmutableList<>))
        {
            var maker = definition == typeof(ImmutableArray<>) ? typeof(ImmutableArray) : typeof(ImmutableList);
            return maker.GetMethods().Single(m => m.Name == "CreateRange" && m.GetGenericArguments().Length == 1 && m.GetParameters().Length == 1)
                .MakeGenericMethod(element).Invoke(null, [items])!;
        }

        if (definition == typeof(Stack<>))
        {
            // A stack is enumerated from its top.
            items = Reversed(items);
        }

        return comparer is null ? Activator.CreateInstance(type, items)! : Activator.CreateInstance(type, items, ComparerNamed(comparer))!;
    }

    /// <summary>Makes a dictionary.</summary>
    public static IDictionary MakeMap(Type type, string? comparer) =>
        (IDictionary)(comparer is null ? Activator.CreateInstance(type)! : Activator.CreateInstance(type, ComparerNamed(comparer))!);

    private static IEqualityComparer<string> ComparerNamed(string name) =>
        Comparers.TryGetValue(name, out var comparer) ? comparer : throw new EndpointException($"has the comparer {JobNames.Shown(name)}, which is not known");

    private static bool IsSorted(Type type) => type.GetGenericTypeDefinition() is var d && (d == typeof(SortedSet<>) || d == typeof(SortedDictionary<,>) || d == typeof(SortedList<,>));

    private static object? DefaultComparer(Type type, Type element) =>
        (IsSorted(type) ? typeof(Comparer<>) : typeof(EqualityComparer<>)).MakeGenericType(element).GetProperty("Default")!.GetValue(null);

    private static IList Reversed(IList items)
    {
        for (var (i, j) = (0, items.Count - 1); i < j; i++, j--)
        {
            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }
}
