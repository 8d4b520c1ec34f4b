using System.Globalization;

namespace Beamline.Kernel;

/// <summary>A part of the items of a map as text: "0-99", or one number.</summary>
internal static class WorkerItems
{
    /// <exception cref="FormatException">It is neither.</exception>
    public static (int First, int Last)? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split('-');
        return parts.Length <= 2 &&
            int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) &&
            int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last
            ? (first, last)
            : throw new FormatException($"'{text}' is no range of items. Write for instance 0-99.");
    }
}
