using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// Serves hosts that find formatters by the duck-typed <c>TypeFormatterSourceAttribute</c> convention: such a host
/// makes one of these and calls <see cref="CreateTypeFormatters"/>, all by reflection.
/// </summary>
public sealed class ArrayFormatterSource
{
    private readonly ArrayTextFormatter[] _formatters =
    [
        new(MimeTypes.Html, isInteractive: true, view => view.Html),
        // Hosts of this convention write text only.
        new(MimeTypes.Png, isInteractive: true, view => Convert.ToBase64String(view.Png)),
        new(MimeTypes.Text, isInteractive: false, view => view.Text),
    ];

    /// <summary>One formatter for each MIME type; each has <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
    public IEnumerable<object> CreateTypeFormatters() => _formatters;
}

/// <summary>Writes an array as text of one MIME type; image/png as base64. Found by its members' names.</summary>
public sealed class ArrayTextFormatter
{
    private readonly Func<PictureView, string> _part;

    private readonly ViewOptions _options;

    internal ArrayTextFormatter(string mimeType, bool isInteractive, Func<PictureView, string> part) =>
        (MimeType, _options, _part) = (mimeType, ViewOptions.Default with { Interactive = isInteractive }, part);

    /// <summary>What it writes.</summary>
    public string MimeType { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="instance">An image, sinogram, projection stack, volume or picture.</param>
    /// <param name="writer">Where to.</param>
    /// <returns>False when the value is of another type and nothing was written.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(writer);
        if (!Pictures.CanDraw(instance.GetType()))
        {
            return false;
        }

        writer.Write(_part(Pictures.Draw(instance, _options)));
        return true;
    }
}
