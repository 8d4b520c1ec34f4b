using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// Serves hosts that find formatters by the duck-typed <c>TypeFormatterSourceAttribute</c> convention with the parts of a MIME bundle.
/// </summary>
public abstract class BundleFormatterSource
{
    private readonly IMimeFormatter _formatter;

    /// <summary>Makes a source of what a formatter writes.</summary>
    /// <param name="formatter">The formatter.</param>
    protected BundleFormatterSource(IMimeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        _formatter = formatter;
    }

    /// <summary>One formatter for each MIME type; each has <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        new[] { MimeTypes.Html, MimeTypes.Png, MimeTypes.Plotly, MimeTypes.Text }.Select(type => new BundlePartFormatter(type, _formatter));
}

/// <summary>Writes one part of a MIME bundle as text; image/png as base64. Found by its members' names.</summary>
public sealed class BundlePartFormatter
{
    private readonly IMimeFormatter _formatter;

    internal BundlePartFormatter(string mimeType, IMimeFormatter formatter) => (MimeType, _formatter) = (mimeType, formatter);

    /// <summary>What it writes.</summary>
    public string MimeType { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="writer">Where to.</param>
    /// <returns>False when the value has no such part and nothing was written.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(writer);
        if (!_formatter.CanFormat(instance.GetType()) || !_formatter.Format(instance).Parts.TryGetValue(MimeType, out var part))
        {
            return false;
        }

        writer.Write(part is byte[] bytes ? Convert.ToBase64String(bytes) : part.ToString());
        return true;
    }
}
