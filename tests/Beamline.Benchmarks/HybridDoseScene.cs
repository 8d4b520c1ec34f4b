using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Benchmarks;

/// <summary>
/// A cylinder with 450 spherical voids, 256 x 256 pixels, 180 views, exact line integrals up to 2.16: the phantom on which the bars of denoising were set.
/// Low dose 500 photons a pixel, normal dose ten times that at 12 views.
/// </summary>
internal sealed class HybridDoseScene
{
    public const int Size = 256, ViewCount = 180, NormalCount = 12;
    public const double LowPhotons = 500, NormalPhotons = 5000;

    public HybridDoseScene()
    {
        Clean = Project(Size, ViewCount, 450);
        Low = PhotonNoise.Measure(Clean, LowPhotons, 11);
        NormalViews = [.. Enumerable.Range(0, NormalCount).Select(i => (int)((i + 0.5) * ViewCount / NormalCount))];
        using var all = PhotonNoise.Measure(Clean, NormalPhotons, 12);
        Normal = Views(all, NormalViews);
        Uniform = PhotonNoise.Measure(Clean, LowPhotons + (NormalCount * NormalPhotons / ViewCount), 13);
    }

    public MemoryProjectionStack Clean { get; }

    public MemoryProjectionStack Low { get; }

    public MemoryProjectionStack Normal { get; }

    /// <summary>All views at the dose that low and normal views have together.</summary>
    public MemoryProjectionStack Uniform { get; }

    public int[] NormalViews { get; }

    public static MemoryProjectionStack Views(MemoryProjectionStack stack, IReadOnlyList<int> views)
    {
        var made = new MemoryProjectionStack([.. views.Select(v => stack.AnglesDegrees[v])], stack.RowCount, stack.ColumnCount) { Quantity = stack.Quantity };
        for (var i = 0; i < views.Count; i++)
        {
            stack.Frame(views[i]).CopyTo(made.Frame(i));
        }

        return made;
    }

    private static MemoryProjectionStack Project(int n, int views, int count)
    {
        var random = new Random(7);
        var balls = new List<(double X, double Y, double Z, double R)>();
        for (var t = 0; t < 200_000 && balls.Count < count; t++)
        {
            var r = 0.02 + (0.12 * Math.Pow(random.NextDouble(), 3));
            var (x, y, z) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            if (Math.Sqrt((x * x) + (y * y)) + r <= 0.85 && balls.TrueForAll(b => Math.Pow(b.X - x, 2) + Math.Pow(b.Y - y, 2) + Math.Pow(b.Z - z, 2) >= Math.Pow(b.R + r, 2)))
            {
                balls.Add((x, y, z, r));
            }
        }

        const double Mu = 1.2;
        const double Radius = 0.9;
        var stack = new MemoryProjectionStack([.. Enumerable.Range(0, views).Select(a => 180.0 * a / views)], n, n) { Quantity = Quantity.LineIntegral };
        Parallel.For(0, views, a =>
        {
            var (sin, cos) = Math.SinCos(Math.PI * a / views);
            var frame = stack.Frame(a);
            double Place(int pixel) => (((2.0 * pixel) + 1) / n) - 1;
            for (var column = 0; column < n; column++)
            {
                var chord = 2 * Math.Sqrt(Math.Max(0, (Radius * Radius) - Math.Pow(Place(column), 2)));
                for (var row = 0; row < n; row++)
                {
                    frame[(row * n) + column] = (float)(Mu * chord);
                }
            }

            foreach (var b in balls)
            {
                var middle = (b.X * cos) + (b.Y * sin);
                var (c0, c1) = (Math.Max(0, (int)((middle - b.R + 1) * n / 2)), Math.Min(n - 1, (int)((middle + b.R + 1) * n / 2)));
                var (r0, r1) = (Math.Max(0, (int)((b.Z - b.R + 1) * n / 2)), Math.Min(n - 1, (int)((b.Z + b.R + 1) * n / 2)));
                for (var row = r0; row <= r1; row++)
                {
                    for (var column = c0; column <= c1; column++)
                    {
                        var q = (b.R * b.R) - Math.Pow(Place(column) - middle, 2) - Math.Pow(Place(row) - b.Z, 2);
                        if (q > 0)
                        {
                            frame[(row * n) + column] -= (float)(2 * Mu * Math.Sqrt(q));
                        }
                    }
                }
            }
        });
        return stack;
    }
}
