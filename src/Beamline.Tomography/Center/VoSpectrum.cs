using System.Numerics;
using Beamline.Arrays;
using MathNet.Numerics.IntegralTransforms;
using Scaling = MathNet.Numerics.IntegralTransforms.FourierOptions;

namespace Beamline.Tomography.Center;

/// <summary>
/// The Fourier coefficients that decide where the axis is, prepared once for a sinogram.
/// </summary>
/// <remarks>
/// Vo, Drakopoulos, Atwood and Reinhard, Opt. Express 22 (2014) 19078. A sinogram over a full turn has a Fourier transform
/// inside a double wedge. The second half turn is the first one mirrored about the axis; with a wrong axis the halves do not
/// meet and energy appears outside the wedge. Mirroring about another column is a phase in the column frequency,
/// so each candidate costs one pass over stored coefficients: |P + exp(-2 pi i v shift / n) Q|, at any fraction of a pixel.
/// </remarks>
internal sealed class VoSpectrum
{
    /// <summary>Radius of the object over half the width that the wedge assumes (the paper's ratio).</summary>
    private const double ObjectFraction = 0.5;

    private readonly int _columns;
    private readonly int _length;
    private readonly List<Coefficients> _byFrequency = [];

    internal VoSpectrum(Sinogram sinogram)
    {
        _columns = sinogram.ColumnCount;
        var (angles, values) = UniformHalfTurn.Make(sinogram);
        // Room for the mirrored half to move without wrapping onto itself.
        _length = (int)BitOperations.RoundUpToPowerOf2((uint)(_columns + (_columns / 2)));
        // Frequencies up to half of Nyquist: noise rules above.
        var frequencies = _length / 4;
        var direct = ColumnSpectra(values, angles, frequencies, mirrored: false);
        var mirrored = ColumnSpectra(values, angles, frequencies, mirrored: true);
        // Slow changes with the angle lie inside every wedge, and rings at 0.
        var drop = Math.Min(20, Math.Max(2, angles / 10));
        var turn = 2 * angles;
        for (var v = 1; v < frequencies; v++)
        {
            var wedge = 2 * Math.PI * v / _length * (ObjectFraction * _columns / 2);
            var first = (int)Math.Ceiling(Math.Max(wedge, drop));
            if (first >= angles)
            {
                break;
            }

            var p = AngleSpectrum(direct[v], turn);
            var q = AngleSpectrum(mirrored[v], turn);
            _byFrequency.Add(Coefficients.Outside(v, p, q, first, angles));
        }
    }

    /// <summary>
    /// Mean amplitude outside the wedge for an axis at a column, weighted by the column frequency: least at the right one.
    /// The weight makes edges inside the sample count more than slow changes.
    /// </summary>
    internal double Metric(double column)
    {
        var shift = (2 * column) - (_columns - 1);
        double sum = 0;
        long count = 0;
        foreach (var c in _byFrequency)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * c.Frequency * shift / _length);
            sum += c.Frequency * c.SumOfAmplitudes((float)cos, (float)sin);
            count += (long)c.Frequency * c.Count;
        }

        return count == 0 ? 0 : sum / count;
    }

    private Complex[][] ColumnSpectra(float[] values, int angles, int frequencies, bool mirrored)
    {
        var spectra = new Complex[frequencies][];
        for (var v = 0; v < frequencies; v++)
        {
            spectra[v] = new Complex[angles];
        }

        var taper = Math.Max(1, _columns / 16);
        Parallel.For(0, angles, k =>
        {
            var row = new Complex[_length];
            var line = values.AsSpan(k * _columns, _columns);
            var ends = Math.Max(1, _columns / 32);
            var (head, tail) = (Mean(line[..ends]), Mean(line[^ends..]));
            for (var x = 0; x < _columns; x++)
            {
                // Without the line through both ends, and with soft ends: a sample that leaves the field of view
                // must not look like an edge, which would pull the answer to the middle of the detector.
                var baseline = head + ((tail - head) * x / Math.Max(1, _columns - 1));
                var toEnd = Math.Min(x, _columns - 1 - x);
                var window = toEnd >= taper ? 1 : 0.5 * (1 - Math.Cos(Math.PI * (toEnd + 0.5) / taper));
                row[mirrored ? _columns - 1 - x : x] = window * (line[x] - baseline);
            }

            Fourier.Forward(row, Scaling.NoScaling);
            for (var v = 0; v < frequencies; v++)
            {
                // The mirrored half follows half a turn later.
                spectra[v][k] = row[v];
            }
        });
        return spectra;
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static Complex[] AngleSpectrum(Complex[] halfTurn, int turn)
    {
        var full = new Complex[turn];
        halfTurn.CopyTo(full, 0);
        Fourier.Forward(full, Scaling.NoScaling);
        return full;
    }

    /// <summary>The coefficients of one column frequency outside the wedge.</summary>
    private sealed class Coefficients
    {
        private readonly float[] _pr;
        private readonly float[] _pi;
        private readonly float[] _qr;
        private readonly float[] _qi;

        private Coefficients(int frequency, int count)
        {
            Frequency = frequency;
            (_pr, _pi, _qr, _qi) = (new float[count], new float[count], new float[count], new float[count]);
        }

        internal int Frequency { get; }

        internal int Count => _pr.Length;

        internal static Coefficients Outside(int frequency, Complex[] p, Complex[] q, int first, int angles)
        {
            // Angular frequencies first to angles - 1 and their negatives.
            var made = new Coefficients(frequency, 2 * (angles - first));
            var i = 0;
            for (var u = first; u < angles; u++)
            {
                made.Set(i++, p[u], q[u], u);
                made.Set(i++, p[p.Length - u], q[p.Length - u], u);
            }

            return made;
        }

        internal double SumOfAmplitudes(float cos, float sin)
        {
            var c = new Vector<float>(cos);
            var s = new Vector<float>(sin);
            var sum = Vector<float>.Zero;
            var i = 0;
            for (; i <= Count - Vector<float>.Count; i += Vector<float>.Count)
            {
                var qr = new Vector<float>(_qr, i);
                var qi = new Vector<float>(_qi, i);
                var re = new Vector<float>(_pr, i) + (c * qr) - (s * qi);
                var im = new Vector<float>(_pi, i) + (c * qi) + (s * qr);
                sum += Vector.SquareRoot((re * re) + (im * im));
            }

            double total = Vector.Sum(sum);
            for (; i < Count; i++)
            {
                var re = _pr[i] + (cos * _qr[i]) - (sin * _qi[i]);
                var im = _pi[i] + (cos * _qi[i]) + (sin * _qr[i]);
                total += MathF.Sqrt((re * re) + (im * im));
            }

            return total;
        }

        private void Set(int i, Complex p, Complex q, int u)
        {
            // Half a turn later is a sign for odd angular frequencies.
            var sign = (u & 1) == 0 ? 1 : -1;
            (_pr[i], _pi[i]) = ((float)p.Real, (float)p.Imaginary);
            (_qr[i], _qi[i]) = ((float)(sign * q.Real), (float)(sign * q.Imaginary));
        }
    }
}
