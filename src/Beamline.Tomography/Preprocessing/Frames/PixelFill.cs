using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>One bad pixel and the good ones that it is filled from, with their weights.</summary>
internal readonly record struct PixelFill(int Target, (int Source, float Weight)[] Sources)
{
    private static readonly (int Dy, int Dx)[] Directions = [(0, -1), (0, 1), (-1, 0), (1, 0)];

    internal static PixelFill[] Plan(Image mask)
    {
        var fills = new List<PixelFill>();
        for (var y = 0; y < mask.RowCount; y++)
        {
            for (var x = 0; x < mask.ColumnCount; x++)
            {
                if (mask[y, x] != 0)
                {
                    fills.Add(new PixelFill((y * mask.ColumnCount) + x, Nearest(mask, y, x)));
                }
            }
        }

        return [.. fills];
    }

    internal static void Apply(PixelFill[] fills, float[] frame)
    {
        foreach (var fill in fills)
        {
            float sum = 0;
            foreach (var (source, weight) in fill.Sources)
            {
                sum += weight * frame[source];
            }

            frame[fill.Target] = sum;
        }
    }

    private static (int Source, float Weight)[] Nearest(Image mask, int y, int x)
    {
        var found = new List<(int Source, float Weight)>();
        foreach (var (dy, dx) in Directions)
        {
            for (var step = 1; ; step++)
            {
                var (row, column) = (y + (step * dy), x + (step * dx));
                if (row < 0 || row >= mask.RowCount || column < 0 || column >= mask.ColumnCount)
                {
                    break;
                }

                if (mask[row, column] == 0)
                {
                    found.Add(((row * mask.ColumnCount) + column, 1f / step));
                    break;
                }
            }
        }

        var sum = found.Sum(f => f.Weight);
        return [.. found.Select(f => (f.Source, f.Weight / sum))];
    }
}
