using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning.Tests;

/// <summary>A cylinder with round pores, its exact line integrals, and measurements of them with noise that has no mean.</summary>
internal sealed class SliceScene
{
    public const double Attenuation = 0.02;
    private readonly List<(double X, double Y, double Z, double R)> _pores = [];

    public SliceScene(int columns = 64, int rows = 12, int views = 96, double turnDegrees = 180)
    {
        (Columns, Rows) = (columns, rows);
        var random = new Random(3);
        for (var i = 0; i < 20; i++)
        {
            var r = 2 + (4 * random.NextDouble());
            var (x, y) = (((random.NextDouble() - 0.5) * 0.55 * columns), (random.NextDouble() - 0.5) * 0.55 * columns);
            var pore = (X: x, Y: y, Z: random.NextDouble() * rows, R: r);
            if (_pores.TrueForAll(p => Distance(p, pore.X, pore.Y, pore.Z) > p.R + r))
            {
                _pores.Add(pore);
            }
        }

        Clean = new MemoryProjectionStack([.. Enumerable.Range(0, views).Select(v => turnDegrees * v / views)], rows, columns) { Quantity = Quantity.LineIntegral };
        for (var view = 0; view < views; view++)
        {
            var (sin, cos) = Math.SinCos(Math.PI / 180 * turnDegrees * view / views);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var s = column - Axis.Column;
                    var sum = Chord(Radius, s);
                    foreach (var (x, y, z, r) in _pores)
                    {
                        sum -= Chord(r, Math.Sqrt(Math.Pow(s - (x * cos) - (y * sin), 2) + Math.Pow(row - z, 2)));
                    }

                    Clean.Frame(view)[(row * columns) + column] = (float)(Attenuation * sum);
                }
            }
        }
    }

    public int Columns { get; }

    public int Rows { get; }

    public RotationAxis Axis => RotationAxis.Middle(Columns);

    public MemoryProjectionStack Clean { get; }

    private double Radius => 0.4 * Columns;

    public MemoryProjectionStack Noisy(double sigma, int seed = 1)
    {
        var random = new Random(seed);
        var made = Clean.Materialize();
        foreach (ref var value in made.Memory.Span(0, (int)made.Memory.Length))
        {
            value += (float)(sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return made;
    }

    public Volume Fbp(ProjectionStack stack, FbpFilter filter) => Reconstruction.Fbp(stack, Axis, new FbpOptions { Filter = filter, MaskOutsideCircle = true });

    /// <summary>Voxels of solid with nothing else in four pixels around.</summary>
    public IEnumerable<(int Z, int Y, int X)> Flat() =>
        from z in Enumerable.Range(0, Rows)
        from y in Enumerable.Range(0, Columns)
        from x in Enumerable.Range(0, Columns)
        let dx = x - Axis.Column
        let dy = y - Axis.Column
        where Math.Sqrt((dx * dx) + (dy * dy)) < Radius - 4 && _pores.TrueForAll(p => Distance(p, dx, dy, z) > p.R + 4)
        select (z, y, x);

    public static double Rmse(Volume truth, Volume volume) => Math.Sqrt(Enumerable.Range(0, truth.SliceCount)
        .Average(z => Math.Pow(ImageQuality.Rmse(truth.SliceXY(z), volume.SliceXY(z), 0.95), 2)));

    private static double Chord(double radius, double distance) => 2 * Math.Sqrt(Math.Max(0, (radius * radius) - (distance * distance)));

    private static double Distance((double X, double Y, double Z, double R) pore, double x, double y, double z) =>
        Math.Sqrt(Math.Pow(pore.X - x, 2) + Math.Pow(pore.Y - y, 2) + Math.Pow(pore.Z - z, 2));
}
