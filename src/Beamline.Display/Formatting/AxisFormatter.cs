using System.Globalization;
using System.Net;
using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>Shows a rotation axis with how it was found, how sure that is, and what a user should know about it.</summary>
public sealed class AxisFormatter : IMimeFormatter
{
    /// <inheritdoc/>
    public bool CanFormat(Type type) => type == typeof(RotationAxis);

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value is not RotationAxis axis)
        {
            throw new ArgumentException($"A {value.GetType().Name} is no rotation axis.", nameof(value));
        }

        var warnings = string.Concat(axis.Warnings.Select(w => $"<div role=\"note\">⚠ {WebUtility.HtmlEncode(w)}</div>"));
        var html = FactTable.Html(
        [
            ("rotation axis", string.Create(CultureInfo.InvariantCulture, $"column {axis.Column:0.00}")),
            ("uncertainty", axis.UncertaintyPixels is { } u ? string.Create(CultureInfo.InvariantCulture, $"± {u:0.##} px") : "not estimated"),
            ("found by", axis.Method.Length > 0 ? axis.Method : "given by hand"),
        ]);
        return MimeBundle.FromHtml(html + warnings, string.Join('\n', axis.Warnings.Select(w => "warning: " + w).Prepend(axis.ToString())));
    }
}

/// <summary>Serves hosts that find formatters by the duck-typed convention; see <see cref="AxisFormatter"/>.</summary>
public sealed class AxisFormatterSource() : BundleFormatterSource(new AxisFormatter());
