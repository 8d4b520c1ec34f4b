using System.Collections.Immutable;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Finds how to show a value: the last added formatter that accepts its type, then the type's own formatter
/// source, then what is built in.
/// </summary>
internal sealed class FormatterRegistry(IReadOnlyList<IMimeFormatter> formatters)
{
    private readonly DuckFormatterSource _sources = new();
    private ImmutableList<IMimeFormatter> _formatters = [.. formatters];

    /// <summary>What cells registered with Formatter.Register.</summary>
    public UserFormatters User { get; } = new();

    public void Add(IMimeFormatter formatter) => ImmutableInterlocked.Update(ref _formatters, all => all.Add(formatter));

    /// <summary>Shows a value. A formatter that fails gives a note about that, never an exception.</summary>
    /// <returns>The bundle, or null when there is nothing to show.</returns>
    public MimeBundle? Format(object? value)
    {
        switch (value)
        {
            case null or IDisplayHandle:
                return null;
            case MimeBundle ready:
                return ready.Parts.Count > 0 ? Checked(ready, value) : null;
        }

        try
        {
            var bundle = User.Show(value, Default);
            return bundle.Parts.Count > 0 ? Checked(bundle, value) : null;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return Note(value, exception);
        }
    }

    private MimeBundle Default(object value)
    {
        var type = value.GetType();
        return _formatters.FindLast(f => f.CanFormat(type)) is { } formatter
            ? formatter.Format(value)
            : _sources.Format(value) ?? BuiltInFormatter.Format(value);
    }

    private static MimeBundle Checked(MimeBundle bundle, object value)
    {
        try
        {
            // Written out once here, so that a part that is no JSON (NaN, a cycle) is the formatter's failure.
            MimeJson.Data(bundle).ToJsonString();
            return bundle.Parts.ContainsKey(MimeTypes.Text)
                ? bundle
                : bundle.With(MimeTypes.Text, $"<{TypeNames.Of(value.GetType())}>");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException
            or System.Text.Json.JsonException)
        {
            return Note(value, exception);
        }
    }

    private static MimeBundle Note(object value, Exception exception)
    {
        var cause = RuntimeErrorReport.Unwrap(exception);
        var text = $"{TypeNames.Of(value.GetType())}: it could not be shown. " +
            $"{cause.GetType().Name}: {cause.Message}";

        // The plainest way to show it, which asks nobody but the value.
        text += "\n" + BuiltInFormatter.OneLine(value);
        return MimeBundle.FromHtml(
            $"<p style=\"color:#b58900;white-space:pre-wrap\">{System.Net.WebUtility.HtmlEncode(text)}</p>", text);
    }
}
