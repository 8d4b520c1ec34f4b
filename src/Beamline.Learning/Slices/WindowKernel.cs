using Beamline.Tomography;
using Beamline.Tomography.Filtering;

namespace Beamline.Learning;

/// <summary>
/// What the window of filtered backprojection does to a slice, as a kernel: slices with a window are those of the bare ramp, convolved with it
/// (the window is a function of the radius in the plane of frequencies, by the Fourier slice theorem).
/// </summary>
internal sealed record WindowKernel(int Edge, float[] Values)
{
    private const int Grid = 64;

    /// <summary>The kernel [y, x] of a window, with a sum of 1.</summary>
    /// <param name="options">Window and cutoff.</param>
    public static WindowKernel Of(FbpOptions options)
    {
        // A narrow window is a wide kernel; beyond this what is left out is below a hundredth.
        var reach = (int)Math.Clamp(Math.Ceiling(2.5 / options.Cutoff), 2, 12);
        var edge = (2 * reach) + 1;
        var window = new double[Grid, Grid];
        for (var v = 0; v < Grid; v++)
        {
            for (var u = 0; u < Grid; u++)
            {
                var (fy, fx) = (Frequency(v), Frequency(u));
                window[v, u] = FilterResponse.Window(Math.Min(1, Math.Sqrt((fx * fx) + (fy * fy))), options);
            }
        }

        var cosines = Enumerable.Range(0, Grid).Select(i => Math.Cos(2 * Math.PI * i / Grid)).ToArray();
        var kernel = new double[edge * edge];
        for (var y = 0; y < edge; y++)
        {
            for (var x = 0; x < edge; x++)
            {
                var sum = 0.0;
                for (var v = 0; v < Grid; v++)
                {
                    for (var u = 0; u < Grid; u++)
                    {
                        // Even in both directions: only the product of cosines is left.
                        sum += window[v, u] * cosines[v * Math.Abs(y - reach) % Grid] * cosines[u * Math.Abs(x - reach) % Grid];
                    }
                }

                kernel[(y * edge) + x] = sum / (Grid * Grid);
            }
        }

        var all = kernel.Sum();
        return new WindowKernel(edge, [.. kernel.Select(k => (float)(k / all))]);

        static double Frequency(int i) => 2.0 * Math.Min(i, Grid - i) / Grid;
    }
}
