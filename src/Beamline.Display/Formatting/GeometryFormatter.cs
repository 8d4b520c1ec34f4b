using System.Net;
using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>Shows a geometry as a sketch of source, sample and detector beside its numbers.</summary>
public sealed class GeometryFormatter : IMimeFormatter
{
    /// <inheritdoc/>
    public bool CanFormat(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(Geometry).IsAssignableFrom(type);
    }

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value is not Geometry geometry)
        {
            throw new ArgumentException($"A {value.GetType().Name} is no geometry.", nameof(value));
        }

        var facts = GeometryFacts.Of(geometry);
        var line = GeometryFacts.Line(geometry, facts);
        var sketch = GeometrySketch.Draw(geometry);
        return MimeBundle.FromHtml(
            "<figure style=\"margin:0;display:flex;flex-wrap:wrap;gap:1em;align-items:center\">" +
            $"<div style=\"font-size:0px\">{sketch.Svg(line)}</div><figcaption>{FactTable.Html(facts)}" +
            (sketch.Note.Length > 0 ? $"<small>{WebUtility.HtmlEncode(sketch.Note)}</small>" : "") + "</figcaption></figure>",
            line).With(MimeTypes.Png, sketch.Png());
    }
}

/// <summary>Serves hosts that find formatters by the duck-typed convention; see <see cref="GeometryFormatter"/>.</summary>
public sealed class GeometryFormatterSource() : BundleFormatterSource(new GeometryFormatter());
