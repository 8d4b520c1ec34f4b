using Beamline.Arrays;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display;

/// <content>How often which values occur.</content>
public static partial class Plot
{
    /// <summary>How often which values of an image occur; NaN and infinity are left out.</summary>
    /// <param name="image">The image.</param>
    /// <param name="bins">Number of equal intervals between the smallest and the largest value, 1 to 65536.</param>
    /// <exception cref="ArgumentException">There is no finite value.</exception>
    public static GenericChart Histogram(Image image, int bins = 256)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Histogram(HistogramCount.Of(image, bins), image.Quantity);
    }

    /// <summary>How often which values of a volume occur; NaN and infinity are left out.</summary>
    /// <remarks>Up to 64 Mi values all are counted; of a larger volume evenly spaced slices, and the title says how many values.</remarks>
    /// <param name="volume">The volume.</param>
    /// <param name="bins">Number of equal intervals between the smallest and the largest value, 1 to 65536.</param>
    /// <exception cref="ArgumentException">There is no finite value.</exception>
    public static GenericChart Histogram(Volume volume, int bins = 256)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return Histogram(HistogramCount.Of(volume, bins), volume.Quantity);
    }

    /// <summary>How often which values of a projection stack occur; NaN and infinity are left out.</summary>
    /// <remarks>
    /// Up to 64 Mi values all are counted; of a larger stack evenly spaced projections, and the title says how many
    /// values. A lazy stack is computed twice for it.
    /// </remarks>
    /// <param name="stack">The stack.</param>
    /// <param name="bins">Number of equal intervals between the smallest and the largest value, 1 to 65536.</param>
    /// <exception cref="ArgumentException">There is no finite value.</exception>
    public static GenericChart Histogram(ProjectionStack stack, int bins = 256)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return Histogram(HistogramCount.Of(stack, bins), stack.Quantity);
    }

    private static GenericChart Histogram(HistogramCount histogram, Quantity quantity)
    {
        var centers = histogram.Counts.Select((_, i) => histogram.Low + ((i + 0.5) * histogram.Width)).ToArray();
        var bars = Chart.Column<double, double, string>(
            histogram.Counts.Select(count => (double)count), centers, Name: "count", ShowLegend: false, Width: histogram.Width);
        var title = histogram.Looked == histogram.Total
            ? $"Histogram of {histogram.Total:N0} values"
            : $"Histogram of {histogram.Looked:N0} sampled values of {histogram.Total:N0}";
        return Labeled(bars, new(title, NameOf(quantity), "count"));
    }
}
