using System.Globalization;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>
/// How well two independent pictures of the same thing agree, ring by ring of spatial frequency: Fourier ring correlation of images,
/// Fourier shell correlation of volumes.
/// </summary>
/// <remarks>
/// FRC(r) = Re Σ A conj(B) / √(Σ|A|² Σ|B|²) over the Fourier pixels of a ring: Saxton and Baumeister, J. Microsc. 127 (1982) 127; Harauz
/// and van Heel, Optik 73 (1986) 146. The mean is taken out of both, and their edges fade (<see cref="FourierCorrelationOptions.TaperFraction"/>).
/// Rings are one Fourier pixel of the shortest edge wide, and go to the Nyquist frequency of the coarsest pixel edge.
/// </remarks>
[TypeFormatterSource("Beamline.Extension.Formatting.ScienceFormatterSource, Beamline.Extension")]
public sealed class FourierCorrelation
{
    /// <summary>The value of <see cref="FourierCriterion.OneSeventh"/>.</summary>
    public const double OneSeventh = 0.143;

    private FourierCorrelation(bool isOfVolumes, double[] frequencies, double[] values, long[] counts, Length? pixelSize) =>
        (IsOfVolumes, CyclesPerPixel, Values, Counts, PixelSize, HalfBit) =
        (isOfVolumes, frequencies, values, counts, pixelSize, Array.ConvertAll(counts, HalfBitOf));

    /// <summary>Whether shells of volumes were compared, not rings of images.</summary>
    public bool IsOfVolumes { get; }

    /// <summary>Frequency of each ring in cycles per pixel (per shortest pixel edge, when the edges differ); the first is 0.</summary>
    public IReadOnlyList<double> CyclesPerPixel { get; }

    /// <summary>Correlation of each ring, -1 to 1; NaN where one of the two has no power. The first, of the mean, is NaN.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Fourier pixels in each ring, both halves of the symmetric spectrum counted.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>The half-bit threshold of each ring: (0.2071 + 1.9102/√n) / (1.2071 + 0.9102/√n) for n Fourier pixels.</summary>
    public IReadOnlyList<double> HalfBit { get; }

    /// <summary>The shortest pixel edge; null when not known.</summary>
    public Length? PixelSize { get; }

    /// <summary>Compares two images.</summary>
    /// <param name="first">One image.</param>
    /// <param name="second">The other, of the same shape; noise that is not independent of the first counts as structure.</param>
    /// <param name="options">The fading of the edges; null for the defaults.</param>
    /// <exception cref="ArgumentException">The shapes differ, an edge is shorter than 8 pixels, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static FourierCorrelation Between(Image first, Image second, FourierCorrelationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int[] shape = [1, first.RowCount, first.ColumnCount];
        CheckShapes(shape, [1, second.RowCount, second.ColumnCount]);
        Length? y = first.PixelSizeY ?? first.PixelSizeX, x = first.PixelSizeX ?? first.PixelSizeY;
        return Make(shape, [null, y, x], (_, row) => first.Row(row), (_, row) => second.Row(row), options);
    }

    /// <summary>Compares two volumes.</summary>
    /// <param name="first">One volume.</param>
    /// <param name="second">The other, of the same shape; noise that is not independent of the first counts as structure.</param>
    /// <param name="options">The fading of the edges; null for the defaults.</param>
    /// <remarks>Takes 16 bytes of memory for each voxel: compare a part of a large volume.</remarks>
    /// <exception cref="ArgumentException">The shapes differ, an edge is shorter than 8 voxels, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static FourierCorrelation Between(Volume first, Volume second, FourierCorrelationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int[] shape = [first.SliceCount, first.RowCount, first.ColumnCount];
        CheckShapes(shape, [second.SliceCount, second.RowCount, second.ColumnCount]);
        return Make(shape, [first.VoxelSize?.Z, first.VoxelSize?.Y, first.VoxelSize?.X], (z, y) => first.Row(z, y), (z, y) => second.Row(z, y), options);
    }

    /// <summary>The frequency at which the correlation first falls below a criterion, on a straight line between rings.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <returns>Cycles per pixel; null when it stays above up to the Nyquist frequency; 0 when it begins below.</returns>
    public double? CrossingCyclesPerPixel(FourierCriterion criterion)
    {
        double Above(int ring) => Values[ring] - (criterion == FourierCriterion.HalfBit ? HalfBit[ring] : OneSeventh);
        var last = -1;
        for (var ring = 1; ring < Values.Count; ring++)
        {
            var above = Above(ring);
            if (double.IsNaN(above))
            {
                continue;
            }

            if (above < 0)
            {
                return last < 0 ? 0 : CyclesPerPixel[last] + ((CyclesPerPixel[ring] - CyclesPerPixel[last]) * Above(last) / (Above(last) - above));
            }

            last = ring;
        }

        return null;
    }

    /// <summary>The resolution: the period of the frequency at which the correlation first falls below a criterion.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <returns>Pixels; 2 or less means that the pixels, not the noise, limit it; infinite when nothing correlates.</returns>
    public double ResolutionPixels(FourierCriterion criterion) => CrossingCyclesPerPixel(criterion) is { } crossing ? 1 / crossing : 1 / CyclesPerPixel[^1];

    /// <summary>The resolution as a length.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <returns>Null when the pixel size is not known or nothing correlates.</returns>
    public Length? Resolution(FourierCriterion criterion) =>
        PixelSize is { } size && ResolutionPixels(criterion) is var pixels && double.IsFinite(pixels) ? new Length(size.Meters * pixels) : null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Fourier {(IsOfVolumes ? "shell" : "ring")} correlation: {Say(FourierCriterion.HalfBit)}, {Say(FourierCriterion.OneSeventh)}";

    /// <summary>For instance "half-bit 4.2 µm (6.5 px)".</summary>
    internal string Say(FourierCriterion criterion)
    {
        var name = criterion == FourierCriterion.HalfBit ? "half-bit" : "1/7";
        var pixels = ResolutionPixels(criterion);
        if (double.IsInfinity(pixels))
        {
            return $"{name}: not reached by any ring";
        }

        var limit = CrossingCyclesPerPixel(criterion) is null ? "at least as good as the pixels: " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name} {limit}{(Resolution(criterion) is { } length ? $"{length} ({pixels:0.##} px)" : $"{pixels:0.##} px")}");
    }

    private static double HalfBitOf(long count)
    {
        var root = Math.Sqrt(count);
        return (0.2071 + (1.9102 / root)) / (1.2071 + (0.9102 / root));
    }

    private delegate ReadOnlySpan<float> RowOf(int z, int y);

    private static FourierCorrelation Make(int[] shape, Length?[] sizes, RowOf first, RowOf second, FourierCorrelationOptions? options)
    {
        var context = RunContext.Current;
        var grid = new FrequencyGrid(shape, sizes);
        using var both = new Spectrum3D(shape[0], shape[1], shape[2]);
        var windows = Array.ConvertAll(shape, n => Taper(n, (options ?? new()).TaperFraction));
        var (meanA, meanB) = (Mean(shape, first, "first"), Mean(shape, second, "second"));
        for (var z = 0; z < shape[0]; z++)
        {
            for (var y = 0; y < shape[1]; y++)
            {
                var a = first(z, y);
                var b = second(z, y);
                var row = both.Row(z, y);
                var window = windows[0][z] * windows[1][y];
                for (var x = 0; x < row.Length; x++)
                {
                    // Two real arrays in one transform: the second as imaginary part.
                    row[x] = new((a[x] - meanA) * window * windows[2][x], (b[x] - meanB) * window * windows[2][x]);
                }
            }
        }

        context.Report("Fourier correlation", 0.1);
        both.Forward(context);
        context.Report("Fourier correlation", 0.9);
        return Sum(both, grid, shape[0] > 1);
    }

    private static FourierCorrelation Sum(Spectrum3D both, FrequencyGrid grid, bool isOfVolumes)
    {
        var rings = grid.RingCount;
        var (cross, powerA, powerB, counts) = (new double[rings], new double[rings], new double[rings], new long[rings]);
        for (var z = 0; z < both.Depth; z++)
        {
            for (var y = 0; y < both.Height; y++)
            {
                var row = both.Row(z, y);
                var mirrored = both.Row((both.Depth - z) % both.Depth, (both.Height - y) % both.Height);
                for (var x = 0; x < row.Length; x++)
                {
                    var ring = grid.Ring(z, y, x);
                    if (ring >= rings)
                    {
                        continue;
                    }

                    var (here, there) = (row[x], System.Numerics.Complex.Conjugate(mirrored[(row.Length - x) % row.Length]));
                    var a = (here + there) / 2;
                    var b = (here - there) / new System.Numerics.Complex(0, 2);
                    cross[ring] += (a.Real * b.Real) + (a.Imaginary * b.Imaginary);
                    powerA[ring] += (a.Real * a.Real) + (a.Imaginary * a.Imaginary);
                    powerB[ring] += (b.Real * b.Real) + (b.Imaginary * b.Imaginary);
                    counts[ring]++;
                }
            }
        }

        var values = new double[rings];
        values[0] = double.NaN;
        for (var ring = 1; ring < rings; ring++)
        {
            var power = Math.Sqrt(powerA[ring] * powerB[ring]);
            values[ring] = power > 0 ? cross[ring] / power : double.NaN;
        }

        return new(isOfVolumes, grid.CyclesPerPixel(), values, counts, grid.Pixel);
    }

    private static double[] Taper(int count, double fraction)
    {
        var window = new double[count];
        var edge = fraction * (count - 1) / 2;
        for (var i = 0; i < count; i++)
        {
            var from = Math.Min(i, count - 1 - i);
            window[i] = count == 1 || from >= edge ? 1 : 0.5 * (1 - Math.Cos(Math.PI * from / edge));
        }

        return window;
    }

    private static double Mean(int[] shape, RowOf rows, string which)
    {
        double sum = 0;
        for (var z = 0; z < shape[0]; z++)
        {
            for (var y = 0; y < shape[1]; y++)
            {
                foreach (var value in rows(z, y))
                {
                    sum += value;
                }
            }
        }

        return double.IsFinite(sum) ? sum / ((double)shape[0] * shape[1] * shape[2]) : throw new ArgumentException(
            $"The {which} of the two holds NaN or infinite values, which spread over all frequencies: cut them out or replace them first.");
    }

    private static void CheckShapes(int[] first, int[] second)
    {
        if (!first.SequenceEqual(second))
        {
            throw new ArgumentException(
                $"The shapes differ: {string.Join(" x ", first)} and {string.Join(" x ", second)}. Cut both to the same part.");
        }

        if (first[1] < 8 || first[2] < 8 || first[0] is > 1 and < 8)
        {
            throw new ArgumentException($"A Fourier correlation needs edges of 8 pixels or more, but the shape is {string.Join(" x ", first)}.");
        }
    }
}
