using System.Reflection;

namespace Beamline.Kernel;

/// <summary>What the exception of a cancelled computation hands over. The kernel knows no computations, so it looks by name.</summary>
internal static class PartialResult
{
    private static readonly string[] Names = ["Partial", "Best"];

    /// <summary>
    /// The value of a public property Partial or Best of an exception of a stop, or of one that it wraps; of a result that is more than a volume its
    /// Volume. Null for none.
    /// </summary>
    public static object? Of(Exception? exception)
    {
        for (var next = exception; next is not null; next = next is AggregateException many ? many.InnerExceptions[0] : next.InnerException)
        {
            if (next is OperationCanceledException && Names.Select(name => Value(next, name)).FirstOrDefault(value => value is not null) is { } found)
            {
                return Value(found, "Volume") ?? found;
            }
        }

        return null;
    }

    private static object? Value(object holder, string name) =>
        holder.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanRead: true } property && property.GetIndexParameters().Length == 0
            ? property.GetValue(holder)
            : null;
}
