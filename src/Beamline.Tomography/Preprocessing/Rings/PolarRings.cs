namespace Beamline.Tomography.Preprocessing;

/// <summary>Finds the rings of one slice in polar coordinates and subtracts them.</summary>
internal sealed class PolarRings
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _radii;
    private readonly int _angles;
    private readonly int _arc;
    private readonly RingOptions _options;

    internal PolarRings(int rows, int columns, RingOptions options)
    {
        (_rows, _columns, _options) = (rows, columns, options);
        _radii = (Math.Min(rows, columns) / 2) + 1;
        // About one sample for each two pixels of the outer circle, a multiple of 4.
        _angles = Math.Max(64, (int)(Math.PI * _radii) / 4 * 4);
        _arc = Math.Min((int)Math.Round(options.ArcDegrees / 360 * _angles) | 1, _angles - 1 | 1);
    }

    private double MiddleY => (_rows - 1) / 2.0;

    private double MiddleX => (_columns - 1) / 2.0;

    /// <summary>Works in place; used by several threads at once.</summary>
    internal void Apply(Span<float> slice)
    {
        var rings = Thin(slice);
        AlongArc(rings);
        Subtract(rings, slice);
    }

    /// <summary>What a radial median takes away, [radius, angle].</summary>
    private float[] Thin(ReadOnlySpan<float> slice)
    {
        var thin = new float[_radii * _angles];
        var median = new RunningMedian(_options.Size);
        var most = (float)(_options.MostAmplitude ?? double.PositiveInfinity);
        // A diameter at a time: a median that stops in the middle would be blind to small rings.
        var line = new float[(2 * _radii) - 1];
        var smooth = new float[line.Length];
        for (var a = 0; a < _angles / 2; a++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * a / _angles);
            for (var i = 0; i < line.Length; i++)
            {
                var r = i - (_radii - 1);
                line[i] = Resampler.At(slice, _rows, _columns, MiddleY + (r * sin), MiddleX + (r * cos));
            }

            NonFiniteRepair.Line(line);
            median.Apply(line, smooth);
            for (var r = 0; r < _radii; r++)
            {
                thin[(r * _angles) + a] = Faint(line[_radii - 1 + r] - smooth[_radii - 1 + r]);
                thin[(r * _angles) + a + (_angles / 2)] = Faint(line[_radii - 1 - r] - smooth[_radii - 1 - r]);
            }
        }

        return thin;

        float Faint(float value) => Math.Abs(value) <= most ? value : 0;
    }

    /// <summary>Running medians along the circle: what is the same over an arc stays, what a grain or an edge leaves goes.</summary>
    private void AlongArc(float[] thin)
    {
        var around = new float[_angles + (2 * _arc)];
        var smooth = new float[around.Length];
        var median = new RunningMedian(_arc);
        for (var r = 0; r < _radii; r++)
        {
            var circle = thin.AsSpan(r * _angles, _angles);
            for (var i = 0; i < around.Length; i++)
            {
                around[i] = circle[(((i - _arc) % _angles) + _angles) % _angles];
            }

            median.Apply(around, smooth);
            smooth.AsSpan(_arc, _angles).CopyTo(circle);
        }
    }

    private void Subtract(float[] rings, Span<float> slice)
    {
        for (var y = 0; y < _rows; y++)
        {
            for (var x = 0; x < _columns; x++)
            {
                var (dy, dx) = (y - MiddleY, x - MiddleX);
                var r = Math.Sqrt((dy * dy) + (dx * dx));
                if (r > _radii - 1)
                {
                    continue;
                }

                var angle = Math.Atan2(dy, dx) / (2 * Math.PI) * _angles;
                angle += angle < 0 ? _angles : 0;
                var (r0, a0) = (Math.Min((int)r, _radii - 2), (int)angle % _angles);
                var (fr, fa) = (r - r0, angle - Math.Floor(angle));
                var a1 = (a0 + 1) % _angles;
                var inner = rings[(r0 * _angles) + a0] + (fa * (rings[(r0 * _angles) + a1] - rings[(r0 * _angles) + a0]));
                var outer = rings[((r0 + 1) * _angles) + a0] + (fa * (rings[((r0 + 1) * _angles) + a1] - rings[((r0 + 1) * _angles) + a0]));
                slice[(y * _columns) + x] -= (float)(inner + (fr * (outer - inner)));
            }
        }
    }
}
