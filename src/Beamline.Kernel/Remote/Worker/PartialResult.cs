using System.Reflection;

namespace Beamline.Kernel;

/// <summary>What the exception of a cancelled computation hands over. The kernel knows no computations, so it looks by name.</summary>
internal static class PartialResult
{
    private static readonly string[] Names = ["Partial", "Best"];

    /// <summary>The value of a public property Partial or Best of an exception of a stop, or of one that it wraps; null for none.</summary>
    public static object? Of(Exception? exception)
    {
        for (var next = exception; next is not null; next = next is AggregateException many ? many.InnerExceptions[0] : next.InnerException)
        {
            if (next is OperationCanceledException && Names.Select(name => Value(next, name)).FirstOrDefault(value => value is not null) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The volume of a result that is more than that: what travels when the whole does not.</summary>
    public static object? VolumeOf(object result) => Value(result, "Volume");

    private static object? Value(object holder, string name) =>
        holder.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanRead: true } property && property.GetIndexParameters().Length == 0
            ? property.GetValue(holder)
            : null;
}
