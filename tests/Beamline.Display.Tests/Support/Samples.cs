using Beamline.Arrays;

namespace Beamline.Display.Tests;

/// <summary>Arrays to draw. Random numbers come from fixed seeds.</summary>
internal static class Samples
{
    public static Image Ramp(int rows, int columns, Length? pixel = null)
    {
        var image = new Image(rows, columns) { PixelSizeX = pixel, PixelSizeY = pixel };
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                image[y, x] = x;
            }
        }

        return image;
    }

    public static Image Constant(int rows, int columns, float value)
    {
        var image = new Image(rows, columns);
        image.Values.Fill(value);
        return image;
    }

    /// <summary>Bubbles in a cylinder with noise: attenuation about 1.2 /cm in the wall, 0 in air.</summary>
    public static Volume Foam(int slices, int edge, double noise = 0.08, ArrayMemory<float>? memory = null)
    {
        var random = new Random(7);
        var bubbles = new List<(double Z, double Y, double X, double R)>();
        for (var i = 0; i < 60; i++)
        {
            bubbles.Add((random.NextDouble() * slices, edge * (0.15 + (0.7 * random.NextDouble())),
                edge * (0.15 + (0.7 * random.NextDouble())), edge * (0.02 + (0.07 * random.NextDouble()))));
        }

        var volume = new Volume(slices, edge, edge, memory)
        {
            VoxelSize = VoxelSize.Cube(Length.FromMicrometers(0.65)),
            Quantity = Quantity.AttenuationPerCentimeter,
        };
        var middle = (edge - 1) / 2.0;
        for (var z = 0; z < slices; z++)
        {
            var near = bubbles.Where(b => Math.Abs(b.Z - z) < b.R).ToArray();
            for (var y = 0; y < edge; y++)
            {
                var row = volume.Row(z, y);
                for (var x = 0; x < edge; x++)
                {
                    var inside = Math.Sqrt(((x - middle) * (x - middle)) + ((y - middle) * (y - middle))) < edge * 0.44;
                    var value = inside ? 1.2 : 0.0;
                    foreach (var b in near)
                    {
                        if (((x - b.X) * (x - b.X)) + ((y - b.Y) * (y - b.Y)) + ((z - b.Z) * (z - b.Z)) < b.R * b.R)
                        {
                            value = 0.1;
                        }
                    }

                    row[x] = (float)(value + (noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)));
                }
            }
        }

        return volume;
    }

    /// <summary>Parallel projections of disks, exact line integrals, for each row a little different.</summary>
    public static MemoryProjectionStack Disks(int angles, int rows, int columns)
    {
        var degrees = Enumerable.Range(0, angles).Select(i => i * 180.0 / angles).ToArray();
        var stack = new MemoryProjectionStack(degrees, rows, columns)
        {
            PixelSize = Length.FromMicrometers(1.1),
            Quantity = Quantity.LineIntegral,
        };
        var random = new Random(3);
        var disks = Enumerable.Range(0, 14).Select(_ => (
            X: (random.NextDouble() - 0.5) * 0.6 * columns, Y: (random.NextDouble() - 0.5) * 0.6 * columns,
            R: columns * (0.02 + (0.05 * random.NextDouble())), Z: random.NextDouble() * rows,
            Mu: random.NextDouble() < 0.4 ? 0.02 : -0.006)).ToArray();
        for (var a = 0; a < angles; a++)
        {
            var frame = stack.Frame(a);
            var (cos, sin) = (Math.Cos(degrees[a] * Math.PI / 180), Math.Sin(degrees[a] * Math.PI / 180));
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    var s = c - ((columns - 1) / 2.0);
                    var value = Chord(s, 0.44 * columns) * 0.006;
                    foreach (var d in disks)
                    {
                        var radius = (d.R * d.R) - ((r - d.Z) * (r - d.Z));
                        value += radius > 0 ? Chord(s - (d.X * cos) - (d.Y * sin), Math.Sqrt(radius)) * d.Mu : 0;
                    }

                    frame[(r * columns) + c] = (float)(value + (0.01 * (random.NextDouble() - 0.5)));
                }
            }
        }

        return stack;
    }

    private static double Chord(double s, double radius) =>
        Math.Abs(s) < radius ? 2 * Math.Sqrt((radius * radius) - (s * s)) : 0;
}
