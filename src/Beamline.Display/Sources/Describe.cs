using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The words of one line about an array, and of a picture's caption.</summary>
internal static class Describe
{
    /// <summary>For instance "range [0.01, 2.5] 1/cm", with the number of values that are not finite.</summary>
    /// <param name="summary">The values that were looked at.</param>
    /// <param name="quantity">What they mean.</param>
    /// <param name="ofShown">True when only the shown planes were looked at.</param>
    public static string Range(ValueSummary summary, Quantity quantity, bool ofShown = false)
    {
        var shown = ofShown ? " of the shown planes" : "";
        var unit = string.IsNullOrEmpty(quantity.Unit) ? "" : " " + quantity.Unit;
        var range = summary.HasFinite
            ? $"range{shown} [{NumberText.Short(summary.Minimum)}, {NumberText.Short(summary.Maximum)}]{unit}"
            : $"no finite value{(ofShown ? " in the shown planes" : "")}";
        return summary.NotFinite == 0 || !summary.HasFinite
            ? range
            : $"{range}, {summary.NotFinite} {(summary.NotFinite == 1 ? "value is" : "values are")} NaN or infinite";
    }

    /// <summary>For instance "window 1% to 99% = [0.1, 0.9]".</summary>
    public static string Window(ViewOptions options, ValueRange range, ValueSample sample)
    {
        string End(double value, bool isPercent) => isPercent ? $"{value:0.###}%" : NumberText.Short(value);

        var window = options.Window;
        var ends = $"[{NumberText.Short(range.Low)}, {NumberText.Short(range.High)}]";
        if (options.Map.Kind == ColorMapKind.Cyclic && window.LowIsPercent && window.HighIsPercent)
        {
            return $"window {ends} (one turn)";
        }

        return window.LowIsPercent || window.HighIsPercent
            ? $"window {End(window.Low, window.LowIsPercent)} to {End(window.High, window.HighIsPercent)} = {ends}" +
                (sample.IsExact ? "" : $" from {sample.Count:N0} sampled values") +
                (options.Map.Kind == ColorMapKind.Diverging ? ", symmetric about zero" : "")
            : $"window {ends}";
    }

    public static string PixelSize(Length? x, Length? y) => (x, y) switch
    {
        (null, null) => "",
        ({ } width, { } height) when width != height => $", {NumberText.PixelSize(height)} × {NumberText.PixelSize(width)}",
        _ => $", {NumberText.PixelSize((x ?? y)!.Value)}",
    };

    public static string VoxelSize(VoxelSize? size) => size switch
    {
        null => "",
        { } s when s.X == s.Y && s.Y == s.Z => $", {NumberText.PixelSize(s.X)}",
        { } s => $", {NumberText.PixelSize(s.Z)} × {NumberText.PixelSize(s.Y)} × {NumberText.PixelSize(s.X)}",
    };
}
