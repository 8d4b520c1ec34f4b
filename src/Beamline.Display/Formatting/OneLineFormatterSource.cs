using System.Net;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// Shows small values as the one line that they write of themselves, in hosts that find formatters by the duck-typed
/// <c>TypeFormatterSourceAttribute</c> convention; without it such a host shows a table of their properties.
/// </summary>
public sealed class OneLineFormatterSource
{
    private readonly OneLineTextFormatter[] _formatters =
    [
        new(MimeTypes.Html, text => $"<span>{WebUtility.HtmlEncode(text)}</span>"),
        new(MimeTypes.Text, text => text),
    ];

    /// <summary>One formatter for each MIME type; each has <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
    public IEnumerable<object> CreateTypeFormatters() => _formatters;
}

/// <summary>Writes a value as its own text in one MIME type. Found by its members' names.</summary>
public sealed class OneLineTextFormatter
{
    private readonly Func<string, string> _write;

    internal OneLineTextFormatter(string mimeType, Func<string, string> write) => (MimeType, _write) = (mimeType, write);

    /// <summary>What it writes.</summary>
    public string MimeType { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="writer">Where to.</param>
    /// <returns>True: every value has a text.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_write(instance.ToString() ?? ""));
        return true;
    }
}
