using System.Collections.Concurrent;
using System.ComponentModel;

namespace Beamline.Kernel;

/// <summary>Hands objects from the kernel to code that it wrote, for what cannot or must not be written as text (a password).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellValues
{
    private static readonly ConcurrentDictionary<string, object> Waiting = new();

    /// <summary>Takes an object that waits; each can be taken once.</summary>
    /// <param name="key">The key that the kernel wrote.</param>
    /// <exception cref="InvalidOperationException">Nothing waits under this key: the code was run a second time.</exception>
    public static object Take(string key) => Waiting.TryRemove(key, out var value) ? value : throw new InvalidOperationException(
        "This value was given to a magic command and cannot be taken again: run the command again.");

    /// <summary>The C# expression that takes an object, once.</summary>
    internal static string Expression(object value, string type)
    {
        var key = Guid.NewGuid().ToString("N");
        Waiting[key] = value;
        return $"({type})Beamline.Kernel.CellValues.Take(\"{key}\")";
    }
}
