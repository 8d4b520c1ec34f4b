using System.Globalization;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>How the noise of an image spreads over spatial frequency.</summary>
/// <remarks>
/// NPS(f) = (Δx Δy / (Nx Ny)) ⟨|DFT(patch - its mean)|²⟩ over square patches that overlap by half, then the mean over rings: ICRU Report 54;
/// Siewerdsen, Cunningham and Jaffray, Med. Phys. 29 (2002) 2655. The sum over all Fourier pixels over their area is the variance.
/// </remarks>
[TypeFormatterSource("Beamline.Extension.Formatting.ScienceFormatterSource, Beamline.Extension")]
public sealed class NoisePowerSpectrum
{
    private NoisePowerSpectrum(double[] frequencies, double[] values, int patches, double variance, Length? pixelSize, Quantity quantity) =>
        (CyclesPerPixel, Values, PatchCount, Variance, PixelSize, Quantity) = (frequencies, values, patches, variance, pixelSize, quantity);

    /// <summary>Frequency of each ring in cycles per pixel; the first is 0.</summary>
    public IReadOnlyList<double> CyclesPerPixel { get; }

    /// <summary>Power of each ring, in squares of the image's values times pixel area in pixels; 0 at frequency 0, because means are taken out.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>How many patches were averaged.</summary>
    public int PatchCount { get; }

    /// <summary>Mean variance of the patches (divided by their number of pixels).</summary>
    public double Variance { get; }

    /// <summary>Edge of a square pixel; null when not known.</summary>
    public Length? PixelSize { get; }

    /// <summary>What the values of the image mean.</summary>
    public Quantity Quantity { get; }

    /// <summary>Analyzes an image, or a part of it, that should be even but for its noise.</summary>
    /// <param name="image">The image.</param>
    /// <param name="patchEdge">Edge of the square patches in pixels, 8 or more; the shorter edge of a smaller image is taken instead.</param>
    /// <exception cref="ArgumentException">The image is smaller than 8 x 8, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The patches are smaller than 8 pixels.</exception>
    public static NoisePowerSpectrum Of(Image image, int patchEdge = 64)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchEdge, 8);
        var edge = Math.Min(patchEdge, Math.Min(image.RowCount, image.ColumnCount));
        if (edge < 8)
        {
            throw new ArgumentException($"A noise power spectrum needs 8 x 8 pixels or more, but the image has {image.RowCount} x {image.ColumnCount}.", nameof(image));
        }

        var grid = new FrequencyGrid([1, edge, edge], [null, null, null]);
        var (sums, counts) = (new double[grid.RingCount], new long[grid.RingCount]);
        var (patches, variance) = (0, 0.0);
        using var patch = new Spectrum3D(1, edge, edge);
        var context = RunContext.Current;
        foreach (var top in Starts(image.RowCount, edge))
        {
            context.Report("Noise power spectrum", (double)top / image.RowCount);
            foreach (var left in Starts(image.ColumnCount, edge))
            {
                variance += Load(image, top, left, patch);
                patch.Forward(context);
                Add(patch, grid, sums, counts);
                patches++;
            }
        }

        // The area of a pixel is 1: lengths come in where they are shown.
        var values = sums.Select((sum, ring) => counts[ring] > 0 ? sum / counts[ring] / ((double)edge * edge) : double.NaN).ToArray();
        var (x, y) = (image.PixelSizeX ?? image.PixelSizeY, image.PixelSizeY ?? image.PixelSizeX);
        return new(grid.CyclesPerPixel(), values, patches, variance / patches, x == y ? x : null, image.Quantity);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Noise power spectrum of {PatchCount} patches, standard deviation {Math.Sqrt(Variance):g4}{(string.IsNullOrEmpty(Quantity.Unit) ? "" : " " + Quantity.Unit)}, " +
        $"strongest at {CyclesPerPixel[Peak()]:0.###} cycles per pixel");

    private int Peak()
    {
        var best = 1;
        for (var ring = 2; ring < Values.Count; ring++)
        {
            best = Values[ring] > Values[best] ? ring : best;
        }

        return best;
    }

    // Half overlapping, and the last one at the end.
    private static IEnumerable<int> Starts(int count, int edge) =>
        Enumerable.Range(0, ((count - edge) / Math.Max(1, edge / 2)) + 1).Select(i => i * Math.Max(1, edge / 2)).Append(count - edge).Distinct();

    private static double Load(Image image, int top, int left, Spectrum3D patch)
    {
        double sum = 0, squares = 0;
        for (var y = 0; y < patch.Height; y++)
        {
            foreach (var value in image.Row(top + y).Slice(left, patch.Width))
            {
                sum += value;
            }
        }

        if (!double.IsFinite(sum))
        {
            throw new ArgumentException("The image holds NaN or infinite values, which spread over all frequencies: cut them out or replace them first.", nameof(image));
        }

        var mean = sum / ((double)patch.Height * patch.Width);
        for (var y = 0; y < patch.Height; y++)
        {
            var from = image.Row(top + y).Slice(left, patch.Width);
            var to = patch.Row(0, y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = from[x] - mean;
                squares += (from[x] - mean) * (from[x] - mean);
            }
        }

        return squares / ((double)patch.Height * patch.Width);
    }

    private static void Add(Spectrum3D patch, FrequencyGrid grid, double[] sums, long[] counts)
    {
        for (var y = 0; y < patch.Height; y++)
        {
            var row = patch.Row(0, y);
            for (var x = 0; x < row.Length; x++)
            {
                var ring = grid.Ring(0, y, x);
                if (ring < sums.Length)
                {
                    sums[ring] += (row[x].Real * row[x].Real) + (row[x].Imaginary * row[x].Imaginary);
                    counts[ring]++;
                }
            }
        }
    }
}
