using System.Collections.Concurrent;

namespace Beamline.Display;

/// <summary>
/// The arrays that were shown while a front end listens, so that viewers can ask for their exact values. Held weakly: an
/// output keeps no volume in memory.
/// </summary>
internal static class LiveArrays
{
    private static readonly ConcurrentDictionary<string, WeakReference<object>[]> Shown = new(StringComparer.Ordinal);

    /// <summary>Whether a front end can ask at all. Without one (a run without Jupyter) outputs name no kernel.</summary>
    public static bool IsListening { get; set; }

    /// <summary>Remembers what was shown.</summary>
    /// <returns>The name by which viewers ask for it, which no other kernel knows; null when none can ask. The same arrays have the same name.</returns>
    public static string? Add(object[] arrays)
    {
        if (!IsListening)
        {
            return null;
        }

        foreach (var gone in Shown.Where(s => s.Value.Any(a => !a.TryGetTarget(out _))).Select(s => s.Key).ToList())
        {
            Shown.TryRemove(gone, out _);
        }

        // Shown again, for instance 50 times by a loop that clears its output: one name is enough.
        if (Shown.FirstOrDefault(s => IsOf(s.Value, arrays)).Key is { } known)
        {
            return known;
        }

        var id = Guid.NewGuid().ToString("N");
        Shown[id] = [.. arrays.Select(a => new WeakReference<object>(a))];
        return id;
    }

    /// <summary>How many names there are.</summary>
    public static int Count => Shown.Count;

    /// <summary>The array, or null when it is no longer in memory or another kernel showed it.</summary>
    public static object? Find(string id, int part) =>
        Shown.TryGetValue(id, out var arrays) && part >= 0 && part < arrays.Length && arrays[part].TryGetTarget(out var array) ? array : null;

    private static bool IsOf(WeakReference<object>[] held, object[] arrays) =>
        held.Length == arrays.Length && held.Zip(arrays).All(pair => pair.First.TryGetTarget(out var array) && ReferenceEquals(array, pair.Second));
}
