using Beamline.Arrays;

namespace Beamline.Learning.Tests;

/// <summary>A cylinder with spherical pores seen at low and at normal dose; exact line integrals, Poisson counts.</summary>
internal static class LowDoseScene
{
    public static float[] Clean(int size, int views, int spheres = 60)
    {
        var random = new Random(7);
        var balls = new List<(double X, double Y, double Z, double R)>();
        for (var i = 0; i < 20000 && balls.Count < spheres; i++)
        {
            var (r, x, y, z) = (0.04 + (0.14 * Math.Pow(random.NextDouble(), 2)), (2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            if (Math.Sqrt((x * x) + (y * y)) + r < 0.85 && balls.TrueForAll(b => Square(b.X - x) + Square(b.Y - y) + Square(b.Z - z) > Square(b.R + r)))
            {
                balls.Add((x, y, z, r));
            }
        }

        var values = new float[views * size * size];
        for (var view = 0; view < views; view++)
        {
            var (sin, cos) = Math.SinCos(Math.PI * view / views);
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                {
                    var (u, v) = (((2.0 * column) + 1) / size - 1, (((2.0 * row) + 1) / size) - 1);
                    var sum = 2 * Math.Sqrt(Math.Max(0, 0.81 - (u * u)));
                    foreach (var b in balls)
                    {
                        sum -= 2 * Math.Sqrt(Math.Max(0, (b.R * b.R) - Square(u - (b.X * cos) - (b.Y * sin)) - Square(v - b.Z)));
                    }

                    values[(((view * size) + row) * size) + column] = (float)(1.2 * sum);
                }
            }
        }

        return values;
    }

    /// <summary>What a detector measures of line integrals with so many photons a pixel.</summary>
    public static float[] Noisy(float[] clean, double photons, int seed)
    {
        var random = new Random(seed);
        return [.. clean.Select(p => (float)-Math.Log(Math.Max(1, Poisson(random, photons * Math.Exp(-p))) / photons))];
    }

    public static MemoryProjectionStack Stack(float[] values, int size)
    {
        var views = values.Length / (size * size);
        var stack = new MemoryProjectionStack([.. Enumerable.Range(0, views).Select(i => 180.0 * i / views)], size, size) { Quantity = Quantity.LineIntegral };
        values.CopyTo(stack.Memory.Span(0, values.Length));
        return stack;
    }

    public static MemoryProjectionStack Views(MemoryProjectionStack stack, IReadOnlyList<int> views)
    {
        var made = new MemoryProjectionStack([.. views.Select(v => stack.AnglesDegrees[v])], stack.RowCount, stack.ColumnCount) { Quantity = stack.Quantity };
        for (var i = 0; i < views.Count; i++)
        {
            stack.Frame(views[i]).CopyTo(made.Frame(i));
        }

        return made;
    }

    public static double Rmse(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += Square(a[i] - b[i]);
        }

        return Math.Sqrt(sum / a.Length);
    }

    private static double Square(double x) => x * x;

    /// <summary>Exact for small means by multiplication; for large ones the normal approximation, rounded.</summary>
    private static double Poisson(Random random, double mean)
    {
        if (mean > 200)
        {
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * gauss)));
        }

        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}
