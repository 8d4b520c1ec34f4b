using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>Discs with analytic projections, written anew here so that tests do not lean on the simulator.</summary>
internal static class Phantoms
{
    /// <summary>A disc in pixels from the axis (x right, y down), with its attenuation for each pixel.</summary>
    internal sealed record Disc(double X, double Y, double Radius, double Value);

    internal static readonly Disc[] Three =
    [
        new(0, 0, 0.7, 0.01), new(0.25, -0.2, 0.18, 0.02), new(-0.3, 0.25, 0.12, -0.006),
    ];

    internal static double[] Angles(int count, double range = 180) =>
        [.. Enumerable.Range(0, count).Select(i => i * range / count)];

    /// <summary>Line integrals of discs given in parts of half the width, averaged over each bin.</summary>
    internal static MemoryProjectionStack Project(
        Disc[] discs, double[] angles, int rows, int columns, double axis, Length? pixelSize = null, int subRays = 4)
    {
        var stack = new MemoryProjectionStack(angles, rows, columns)
        {
            Quantity = Quantity.LineIntegral,
            PixelSize = pixelSize,
        };
        var half = columns / 2.0;
        for (var a = 0; a < angles.Length; a++)
        {
            var (sin, cos) = Math.SinCos(angles[a] * Math.PI / 180);
            var frame = stack.Frame(a);
            for (var row = 0; row < rows; row++)
            {
                // Each row is a little fainter, so that mixed-up rows show.
                var strength = 1 - (0.25 * row / Math.Max(1, rows));
                for (var d = 0; d < columns; d++)
                {
                    double sum = 0;
                    for (var s = 0; s < subRays; s++)
                    {
                        var t = d - axis + (((s + 0.5) / subRays) - 0.5);
                        foreach (var disc in discs)
                        {
                            var distance = t - (disc.X * half * cos) - (disc.Y * half * sin);
                            var r = disc.Radius * half;
                            sum += Math.Abs(distance) < r ? 2 * disc.Value * Math.Sqrt((r * r) - (distance * distance)) : 0;
                        }
                    }

                    frame[(row * columns) + d] = (float)(strength * sum / subRays);
                }
            }
        }

        return stack;
    }

    /// <summary>The value of the first row's slice at a pixel.</summary>
    internal static double Truth(Disc[] discs, int size, double x, double y)
    {
        var half = size / 2.0;
        var middle = (size - 1) / 2.0;
        return discs.Sum(d =>
        {
            var (dx, dy) = (x - middle - (d.X * half), y - middle - (d.Y * half));
            return (dx * dx) + (dy * dy) < d.Radius * half * d.Radius * half ? d.Value : 0;
        });
    }
}
