using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Interactive;

/// <summary>Says how a notebook shows values of a type. It holds for this kernel until it ends or <see cref="ResetToDefault"/>.</summary>
public static class Formatter
{
    /// <summary>Shows values of a type by a function.</summary>
    /// <param name="formatter">Writes a value as text of the MIME type.</param>
    /// <param name="mimeType">The MIME type.</param>
    /// <typeparam name="T">The type; values of derived types count.</typeparam>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Register<T>(Func<T, string?> formatter, string mimeType = MimeTypes.Text)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        User().Register(typeof(T), Checked(mimeType), value => formatter((T)value));
    }

    /// <summary>Shows values of a type by a function that writes.</summary>
    /// <param name="formatter">Writes a value as text of the MIME type.</param>
    /// <param name="mimeType">The MIME type.</param>
    /// <typeparam name="T">The type; values of derived types count.</typeparam>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Register<T>(Action<T, TextWriter> formatter, string mimeType = MimeTypes.Text)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        User().Register(typeof(T), Checked(mimeType), value => Written(writer => formatter((T)value, writer)));
    }

    /// <summary>Shows values of a type by a function that writes; the type may be open, as <c>typeof(List&lt;&gt;)</c>.</summary>
    /// <param name="type">The type; values of derived types count.</param>
    /// <param name="formatter">Writes a value as text of the MIME type.</param>
    /// <param name="mimeType">The MIME type.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Register(Type type, Action<object, TextWriter> formatter, string mimeType = MimeTypes.Text)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(formatter);
        User().Register(type, Checked(mimeType), value => Written(writer => formatter(value, writer)));
    }

    /// <summary>Shows values of a type only as the given MIME types (and as plain text, for terminals).</summary>
    /// <param name="type">The type; values of derived types count.</param>
    /// <param name="preferredMimeTypes">The MIME types.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void SetPreferredMimeTypesFor(Type type, params string[] preferredMimeTypes)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(preferredMimeTypes);
        if (preferredMimeTypes.Length == 0)
        {
            throw new ArgumentException("At least one MIME type is needed, for instance text/plain.", nameof(preferredMimeTypes));
        }

        User().Prefer(type, preferredMimeTypes);
    }

    /// <inheritdoc cref="SetPreferredMimeTypesFor"/>
    public static void SetPreferredMimeTypeFor(Type type, string preferredMimeTypes) => SetPreferredMimeTypesFor(type, preferredMimeTypes);

    /// <summary>Forgets all that cells registered.</summary>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void ResetToDefault() => User().Clear();

    internal static MimeBundle Bundle(object? value, string[] mimeTypes) =>
        UserFormatters.Only(Host().Formatters.Format(value) ?? MimeBundle.FromText("null"), value, mimeTypes);

    internal static MimeBundle TextBundle(string text, string mimeType)
    {
        var bundle = MimeBundle.FromText(text);
        return mimeType == MimeTypes.Json || mimeType.EndsWith("+json", StringComparison.Ordinal)
            ? bundle.With(mimeType, JsonNode.Parse(text) ?? throw new ArgumentException("The text is the JSON null, which shows nothing."))
            : bundle.With(mimeType, text);
    }

    private static NotebookKernel Host() => CellScope.Current?.Kernel ?? throw new InvalidOperationException(
        "No notebook cell is running here: Formatter works in code that a cell started.");

    private static UserFormatters User() => Host().Formatters.User;

    private static string Checked(string mimeType) => mimeType.Contains('/', StringComparison.Ordinal)
        ? mimeType
        : throw new ArgumentException($"'{mimeType}' is no MIME type: write for instance text/html.");

    private static string Written(Action<StringWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }
}
