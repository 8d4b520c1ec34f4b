using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Display;

/// <summary>How many values fall into each of some equally wide intervals.</summary>
/// <param name="Low">Where the first interval begins.</param>
/// <param name="Width">Width of an interval.</param>
/// <param name="Counts">Values in each; a value on an inner border counts to the right.</param>
/// <param name="Looked">How many values were looked at, finite or not.</param>
/// <param name="Total">How many there are.</param>
internal sealed record HistogramCount(double Low, double Width, long[] Counts, long Looked, long Total)
{
    public const int MostBins = 65536;

    /// <summary>Counts values that come in blocks. Reads everything twice: for the range, and for the counts.</summary>
    public static HistogramCount Of(Action<Action<ReadOnlySpan<float>>> readAll, long total, int bins)
    {
        if (bins is < 1 or > MostBins)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, $"A histogram has 1 to {MostBins} bins.");
        }

        var summary = ValueSummary.None;
        readAll(block => summary = summary.And(ValueSummary.Of(block)));
        if (!summary.HasFinite)
        {
            throw new ArgumentException("There is no finite value to count: all are NaN or infinite.");
        }

        double low = summary.Minimum, high = summary.Maximum;
        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var counts = new long[bins];
        var scale = bins / (high - low);
        readAll(block =>
        {
            foreach (var value in block)
            {
                if (float.IsFinite(value))
                {
                    counts[Math.Min((int)((value - low) * scale), bins - 1)]++;
                }
            }
        });
        return new(low, (high - low) / bins, counts, summary.Count, total);
    }

    public static HistogramCount Of(Image image, int bins) =>
        Of(use => use(image.Values), image.Values.Length, bins);

    public static HistogramCount Of(Volume volume, int bins)
    {
        // Of a larger volume whole slices, evenly spaced, that hold at most as many values.
        var area = (long)volume.RowCount * volume.ColumnCount;
        var slices = (int)Math.Clamp(VolumePlanes.ExactLimit / area, 1, volume.SliceCount);
        return Of(
            use =>
            {
                for (var i = 0; i < slices; i++)
                {
                    RunContext.Current.Report("Histogram", (double)i / slices);
                    var z = (int)((i + 0.5) * volume.SliceCount / slices);
                    for (var y = 0; y < volume.RowCount; y++)
                    {
                        use(volume.Row(z, y));
                    }
                }
            },
            volume.Memory.Length,
            bins);
    }

    public static HistogramCount Of(ProjectionStack stack, int bins)
    {
        var area = (long)stack.RowCount * stack.ColumnCount;
        var frames = (int)Math.Clamp(VolumePlanes.ExactLimit / area, 1, stack.AngleCount);
        var frame = new float[area];
        return Of(
            use =>
            {
                for (var i = 0; i < frames; i++)
                {
                    RunContext.Current.Report("Histogram", (double)i / frames);
                    stack.Read(new StackRegion((int)((i + 0.5) * stack.AngleCount / frames), 1, 0, stack.RowCount), frame);
                    use(frame);
                }
            },
            stack.AngleCount * area,
            bins);
    }
}
