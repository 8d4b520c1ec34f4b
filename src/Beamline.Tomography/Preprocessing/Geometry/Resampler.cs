namespace Beamline.Tomography.Preprocessing;

/// <summary>Values between pixels by Keys's cubic convolution (IEEE Trans. ASSP 29 (1981) 1153, a = -1/2): exact for parabolas.</summary>
internal static class Resampler
{
    /// <summary>The value at a place; beyond the edges the edge values go on.</summary>
    internal static float At(ReadOnlySpan<float> image, int rows, int columns, double y, double x)
    {
        y = Math.Clamp(y, 0, rows - 1);
        x = Math.Clamp(x, 0, columns - 1);
        var (y0, x0) = ((int)y, (int)x);
        Span<float> wy = stackalloc float[4];
        Span<float> wx = stackalloc float[4];
        Weights((float)(y - y0), wy);
        Weights((float)(x - x0), wx);
        float sum = 0;
        for (var i = 0; i < 4; i++)
        {
            var row = Math.Clamp(y0 - 1 + i, 0, rows - 1) * columns;
            float line = 0;
            for (var j = 0; j < 4; j++)
            {
                line += wx[j] * image[row + Math.Clamp(x0 - 1 + j, 0, columns - 1)];
            }

            sum += wy[i] * line;
        }

        return sum;
    }

    private static void Weights(float t, Span<float> w)
    {
        var (t2, t3) = (t * t, t * t * t);
        w[0] = (-t3 + (2 * t2) - t) / 2;
        w[1] = ((3 * t3) - (5 * t2) + 2) / 2;
        w[2] = ((-3 * t3) + (4 * t2) + t) / 2;
        w[3] = (t3 - t2) / 2;
    }
}
