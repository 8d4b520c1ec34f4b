using Beamline.Notebook;

namespace Beamline.Kernel.Interactive;

/// <summary>Shows values where they are: <c>x.Display()</c>, <c>html.DisplayAs("text/html")</c>.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value in the cell's output.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The MIME types to show it as; all that it has when none is given.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>A handle to replace the output with.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static IDisplayHandle Display<T>(this T value, params string[] mimeTypes) => Kernel.display(value, mimeTypes);

    /// <summary>Shows a text as what it is, for instance HTML.</summary>
    /// <param name="content">The text.</param>
    /// <param name="mimeType">Its MIME type, for instance text/html or text/markdown.</param>
    /// <returns>A handle to replace the output with.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static IDisplayHandle DisplayAs(this string content, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(content);
        return CellGlobals.Display(Formatter.TextBundle(content, mimeType));
    }

    /// <summary>What a value looks like as one MIME type.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeType">The MIME type.</param>
    /// <exception cref="ArgumentException">The value cannot be shown as this.</exception>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static string ToDisplayString(this object? value, string mimeType = MimeTypes.Text) =>
        Formatter.Bundle(value, [mimeType]).Parts[mimeType] switch
        {
            byte[] bytes => Convert.ToBase64String(bytes),
            var part => part.ToString() ?? "",
        };
}
