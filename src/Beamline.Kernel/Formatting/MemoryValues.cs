using System.Collections;
using System.Reflection;

namespace Beamline.Kernel;

/// <summary>The first values of a Memory or ReadOnlyMemory, which can be no sequence by themselves.</summary>
internal static class MemoryValues
{
    /// <summary>Copies the first values.</summary>
    /// <returns>The values and how many there are; null for other types.</returns>
    public static (IEnumerable First, long Count)? Of(object value, int most)
    {
        var type = value.GetType();
        if (!type.IsGenericType || (type.GetGenericTypeDefinition() != typeof(Memory<>) && type.GetGenericTypeDefinition() != typeof(ReadOnlyMemory<>)))
        {
            return null;
        }

        var count = (int)type.GetProperty("Length")!.GetValue(value)!;
        var first = type.GetMethod("Slice", BindingFlags.Instance | BindingFlags.Public, [typeof(int), typeof(int)])!.Invoke(value, [0, Math.Min(count, most)])!;
        return ((IEnumerable)type.GetMethod("ToArray")!.Invoke(first, null)!, count);
    }
}
