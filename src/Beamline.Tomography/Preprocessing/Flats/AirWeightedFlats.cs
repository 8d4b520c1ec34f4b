using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Weights by least squares in air: of all sums of flats with weights of 0 or more, the one that is nearest to the projection in the air columns.
/// </summary>
internal sealed class AirWeightedFlats : FlatMixture
{
    private const int MostRows = 64;

    private readonly float[] _dark;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly double[,] _products;
    private readonly double _ridge;
    private readonly int _width;

    internal AirWeightedFlats(float[][] flats, float[] dark, bool[] bad, int rows, int columns, NormalizeOptions options)
        : base(flats)
    {
        (_dark, _width) = (dark, columns);
        _columns = [.. Enumerable.Range(0, options.AirColumnsLeft), .. Enumerable.Range(columns - options.AirColumnsRight, options.AirColumnsRight)];
        if (_columns.Length == 0 || options.AirColumnsLeft + options.AirColumnsRight > columns)
        {
            throw new ArgumentException(
                $"Weighted flats need air columns at the sides of the detector ({columns} columns): {options.AirColumnsLeft} at the left and {options.AirColumnsRight} at the right were given.");
        }

        // Some rows tell the weights as well as all; rows with a pixel that cannot be normalized are no use.
        var usable = Enumerable.Range(0, rows).Where(r => _columns.All(c => !bad[(r * columns) + c])).ToArray();
        var step = Math.Max(1, usable.Length / MostRows);
        _rows = [.. usable.Where((_, i) => i % step == 0)];
        if (_rows.Length == 0)
        {
            throw new ArgumentException("The air columns of every detector row have a pixel without light; choose other columns.");
        }

        _products = new double[flats.Length, flats.Length];
        for (var i = 0; i < flats.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                foreach (var at in Pixels())
                {
                    sum += ((double)flats[i][at] - dark[at]) * (flats[j][at] - dark[at]);
                }

                _products[i, j] = _products[j, i] = sum;
            }
        }

        // Flats that are alike may share their weight in any way; a little pull to equal shares decides.
        _ridge = 1e-6 * Enumerable.Range(0, flats.Length).Average(i => _products[i, i]);
    }

    internal override float[] WeightsOf(int angle, ProjectionStack counts)
    {
        var n = Flats.Length;
        var right = new double[n];
        var line = new float[_width];
        foreach (var row in _rows)
        {
            counts.Read(new StackRegion(angle, 1, row, 1), line);
            foreach (var column in _columns)
            {
                var at = (row * _width) + column;
                var value = float.IsFinite(line[column]) ? line[column] - _dark[at] : 0;
                for (var k = 0; k < n; k++)
                {
                    right[k] += (double)value * (Flats[k][at] - _dark[at]);
                }
            }
        }

        return Solve(right);
    }

    private IEnumerable<int> Pixels() => _rows.SelectMany(r => _columns.Select(c => (r * _width) + c));

    /// <summary>Non-negative least squares: one weight after the other takes its best value until none moves.</summary>
    private float[] Solve(double[] right)
    {
        var n = right.Length;
        var w = new double[n];
        Array.Fill(w, 1.0 / n);
        for (var round = 0; round < 20000; round++)
        {
            double moved = 0;
            for (var i = 0; i < n; i++)
            {
                var sum = right[i] + (_ridge / n);
                for (var j = 0; j < n; j++)
                {
                    sum -= i == j ? 0 : _products[i, j] * w[j];
                }

                var best = Math.Max(0, sum / (_products[i, i] + _ridge));
                moved = Math.Max(moved, Math.Abs(best - w[i]));
                w[i] = best;
            }

            if (moved < 1e-9)
            {
                break;
            }
        }

        if (!(w.Sum() > 0))
        {
            throw new InvalidDataException("A projection has no light in its air columns, so no flat fits it. Was the beam lost, or are these columns not air?");
        }

        return [.. w.Select(v => (float)v)];
    }
}
