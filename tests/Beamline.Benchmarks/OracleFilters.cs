using Beamline.Arrays;

namespace Beamline.Benchmarks;

/// <summary>Classical filters of volumes in three dimensions, tuned on the truth: more than anybody could do who does not know it.</summary>
internal static class OracleFilters
{
    private delegate void Lines(float[] values, int start, int count, int step);

    /// <summary>Gaussian of a width in voxels.</summary>
    public static Volume Gaussian(Volume volume, double sigma)
    {
        var radius = (int)Math.Ceiling(3 * sigma);
        var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma))).ToArray();
        var sum = weights.Sum();
        return EachLine(volume, (values, start, count, step) =>
        {
            var line = new float[count];
            for (var i = 0; i < count; i++)
            {
                line[i] = values[start + (i * step)];
            }

            for (var i = 0; i < count; i++)
            {
                var total = 0.0;
                for (var j = -radius; j <= radius; j++)
                {
                    total += weights[j + radius] * line[Math.Clamp(i + j, 0, count - 1)];
                }

                values[start + (i * step)] = (float)(total / sum);
            }
        });
    }

    /// <summary>Median over a cube.</summary>
    public static Volume Median(Volume volume, int radius)
    {
        var (depth, rows, columns) = (volume.SliceCount, volume.RowCount, volume.ColumnCount);
        var made = new Volume(depth, rows, columns);
        Parallel.For(0, depth, z =>
        {
            var near = new float[(int)Math.Pow((2 * radius) + 1, 3)];
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++)
                {
                    var n = 0;
                    for (var dz = -radius; dz <= radius; dz++)
                    {
                        for (var dy = -radius; dy <= radius; dy++)
                        {
                            var row = volume.Row(Math.Clamp(z + dz, 0, depth - 1), Math.Clamp(y + dy, 0, rows - 1));
                            for (var dx = -radius; dx <= radius; dx++)
                            {
                                near[n++] = row[Math.Clamp(x + dx, 0, columns - 1)];
                            }
                        }
                    }

                    Array.Sort(near);
                    made[z, y, x] = near[near.Length / 2];
                }
            }
        });
        return made;
    }

    /// <summary>Total variation in three dimensions: the fast gradient projection of Beck and Teboulle, IEEE Trans. Image Process. 18 (2009) 2419.</summary>
    public static Volume TotalVariation(Volume volume, double weight, int iterations = 60)
    {
        var (depth, rows, columns) = (volume.SliceCount, volume.RowCount, volume.ColumnCount);
        var (area, size) = (rows * columns, depth * rows * columns);
        var (noisy, now) = (volume.Memory.Span(0, size).ToArray(), new float[size]);
        float[][] dual = [new float[size], new float[size], new float[size]];
        float[][] ahead = [new float[size], new float[size], new float[size]];
        var (lambda, step, t) = ((float)weight, (float)(1 / (12 * weight)), 1.0);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var next = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            var momentum = (float)((t - 1) / next);
            t = next;
            Each((i, x, y, z) =>
            {
                var divergence = ahead[0][i] - (x > 0 ? ahead[0][i - 1] : 0) + ahead[1][i] - (y > 0 ? ahead[1][i - columns] : 0) + ahead[2][i] - (z > 0 ? ahead[2][i - area] : 0);
                now[i] = noisy[i] + (lambda * divergence);
            });
            Each((i, x, y, z) =>
            {
                // At an edge there is no difference, and the dual stays zero there.
                var a = x + 1 < columns ? ahead[0][i] + (step * (now[i + 1] - now[i])) : 0;
                var b = y + 1 < rows ? ahead[1][i] + (step * (now[i + columns] - now[i])) : 0;
                var c = z + 1 < depth ? ahead[2][i] + (step * (now[i + area] - now[i])) : 0;
                var length = Math.Max(1, MathF.Sqrt((a * a) + (b * b) + (c * c)));
                (a, b, c) = (a / length, b / length, c / length);
                ahead[0][i] = a + (momentum * (a - dual[0][i]));
                ahead[1][i] = b + (momentum * (b - dual[1][i]));
                ahead[2][i] = c + (momentum * (c - dual[2][i]));
                (dual[0][i], dual[1][i], dual[2][i]) = (a, b, c);
            });
        }

        var made = new Volume(depth, rows, columns);
        now.CopyTo(made.Memory.Span(0, size));
        return made;

        void Each(Action<int, int, int, int> work) => Parallel.For(0, depth * rows, line =>
        {
            for (var x = 0; x < columns; x++)
            {
                work((line * columns) + x, x, line % rows, line / rows);
            }
        });
    }

    private static Volume EachLine(Volume volume, Lines work)
    {
        var (depth, rows, columns) = (volume.SliceCount, volume.RowCount, volume.ColumnCount);
        var area = rows * columns;
        var values = volume.Memory.Span(0, depth * area).ToArray();
        Parallel.For(0, depth * rows, i => work(values, i * columns, columns, 1));
        Parallel.For(0, depth * columns, i => work(values, (i / columns * area) + (i % columns), rows, columns));
        Parallel.For(0, area, i => work(values, i, depth, area));
        var made = new Volume(depth, rows, columns);
        values.CopyTo(made.Memory.Span(0, values.Length));
        return made;
    }
}
