using System.Numerics;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A picture [row, column] while a wavelet transform works on it.</summary>
internal readonly record struct Plane(int Rows, int Columns, float[] Values)
{
    internal static Plane Of(int rows, int columns) => new(rows, columns, new float[rows * columns]);

    internal Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    internal Plane Transposed()
    {
        var turned = Of(Columns, Rows);
        ColumnTranspose.Run(Values, turned.Values, Rows, Columns);
        return turned;
    }
}

/// <summary>One level of an orthogonal wavelet transform along the rows' index; the ends are mirrored.</summary>
/// <remarks>The same order and lengths as PyWavelets in its mode "symmetric": (n + taps - 1) / 2 coefficients.</remarks>
internal sealed class WaveletTransform
{
    private readonly float[] _low;
    private readonly float[] _high;

    internal WaveletTransform(int moments)
    {
        var low = Daubechies.LowPass(moments);
        _low = [.. low.Select(v => (float)v)];
        _high = [.. low.Reverse().Select((v, i) => (float)(i % 2 == 0 ? v : -v))];
    }

    internal int Taps => _low.Length;

    /// <summary>Splits into a smooth half and details.</summary>
    internal (Plane Smooth, Plane Detail) Split(Plane source)
    {
        var rows = (source.Rows + Taps - 1) / 2;
        var (smooth, detail) = (Plane.Of(rows, source.Columns), Plane.Of(rows, source.Columns));
        for (var k = 0; k < rows; k++)
        {
            for (var j = 0; j < Taps; j++)
            {
                var row = source.Row(RunningMedian.Mirror((2 * k) + 1 - j, source.Rows));
                AddTimes(smooth.Row(k), row, _low[Taps - 1 - j]);
                AddTimes(detail.Row(k), row, _high[Taps - 1 - j]);
            }
        }

        return (smooth, detail);
    }

    /// <summary>Puts the halves together again; the first <paramref name="rows"/> rows.</summary>
    internal Plane Join(Plane smooth, Plane detail, int rows)
    {
        var made = Plane.Of(rows, smooth.Columns);
        for (var m = 0; m < rows; m++)
        {
            var target = made.Row(m);
            for (var k = m / 2; k < smooth.Rows; k++)
            {
                var tap = m + Taps - 2 - (2 * k);
                if (tap < 0)
                {
                    break;
                }

                if (tap < Taps)
                {
                    AddTimes(target, smooth.Row(k), _low[tap]);
                    AddTimes(target, detail.Row(k), _high[tap]);
                }
            }
        }

        return made;
    }

    private static void AddTimes(Span<float> target, ReadOnlySpan<float> source, float factor)
    {
        var wide = new Vector<float>(factor);
        var i = 0;
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (wide * new Vector<float>(source[i..]))).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
