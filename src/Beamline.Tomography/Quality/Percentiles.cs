namespace Beamline.Tomography;

/// <summary>Percentiles of many values.</summary>
internal static class Percentiles
{
    /// <summary>The difference of two percentiles, on straight lines between sorted values; NaN when a value is, or when there is none.</summary>
    internal static double Between(IEnumerable<float> values, double lowPercent, double highPercent)
    {
        var sorted = values.Order().ToArray();
        // NaN sorts to the front.
        return sorted.Length == 0 || float.IsNaN(sorted[0]) ? double.NaN : At(sorted, highPercent) - At(sorted, lowPercent);
    }

    /// <summary>One percentile of sorted values.</summary>
    internal static double At(float[] sorted, double percent)
    {
        var place = percent / 100 * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - (double)sorted[below]));
    }
}
