using Beamline.Display;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a denoiser, or its card, as the card.</summary>
public sealed class DenoiserFormatter : IMimeFormatter
{
    /// <inheritdoc/>
    public bool CanFormat(Type type) => type == typeof(Denoiser) || type == typeof(ModelCard);

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var card = value is Denoiser denoiser ? denoiser.Card : (ModelCard)value;
        var html = new FactRows();
        foreach (var (name, text) in card.Rows)
        {
            html.Add(name, text);
        }

        return MimeBundle.FromHtml(html.ToString(), card.ToString());
    }
}

/// <summary>Serves hosts that find formatters by the duck-typed convention; see <see cref="DenoiserFormatter"/>.</summary>
public sealed class DenoiserFormatterSource() : BundleFormatterSource(new DenoiserFormatter());
