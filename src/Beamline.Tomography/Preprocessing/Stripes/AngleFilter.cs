using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Multiplies the spectrum of each column of a picture by a real, even response. The ends are mirrored.</summary>
internal sealed class AngleFilter
{
    private const int Lanes = FourierTables.Lanes;

    private readonly int _rows;
    private readonly LaneFft _fft;
    private readonly float[] _response;

    /// <param name="rows">Length of the columns.</param>
    /// <param name="response">From cycles over the length of a column, 0 or more, to a factor.</param>
    internal AngleFilter(int rows, Func<double, double> response)
    {
        _rows = rows;
        var length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(rows + Math.Min(rows - 1, Math.Max(rows / 2, 16))));
        _fft = FourierTables.Of(length);
        _response = [.. Enumerable.Range(0, length).Select(k =>
            (float)(response(Math.Min(k, length - k) * (double)rows / length) / length))];
    }

    /// <summary>A low pass exp(-k^2 / 2 sigma^2), k in cycles over all rows.</summary>
    internal static AngleFilter Gaussian(int rows, double sigma) => new(rows, k => Math.Exp(-k * k / (2 * sigma * sigma)));

    /// <summary>Filters [row, column] in place.</summary>
    internal unsafe void Apply(Span<float> values, int columns)
    {
        using var buffers = ArrayMemory.Allocate<float>(2 * _fft.BufferLength);
        for (var first = 0; first < columns; first += Lanes)
        {
            var count = Math.Min(Lanes, columns - first);
            var data = buffers.Pointer;
            var work = data + _fft.BufferLength;
            for (var k = 0; k < _fft.Length; k++)
            {
                var lane = new Span<float>(data + ((long)k * Lanes), Lanes);
                values.Slice((SourceRow(k) * columns) + first, count).CopyTo(lane);
                lane[count..].Clear();
            }

            var spectrum = _fft.Forward(data, work);
            Multiply(spectrum);
            // The inverse transform is a forward one between two exchanges of real and imaginary parts.
            var result = _fft.Forward(spectrum, spectrum == data ? work : data);
            for (var row = 0; row < _rows; row++)
            {
                var lane = new Span<float>(result + ((long)row * Lanes), Lanes);
                var target = values.Slice((row * columns) + first, count);
                for (var i = 0; i < count; i++)
                {
                    target[i] = lane[i ^ (Lanes / 2)];
                }
            }
        }
    }

    /// <summary>The padding behind the column mirrors its end, then its beginning: the transform sees a periodic column.</summary>
    private int SourceRow(int k)
    {
        if (k < _rows)
        {
            return k;
        }

        var behind = k - _rows;
        var pad = _fft.Length - _rows;
        return behind < pad / 2
            ? Math.Max(_rows - 2 - behind, 0)
            : Math.Min(pad - behind, _rows - 1);
    }

    private unsafe void Multiply(float* spectrum)
    {
        for (var k = 0; k < _fft.Length; k++)
        {
            var element = spectrum + ((long)k * Lanes);
            var factor = _response[k];
            for (var i = 0; i < Lanes / 2; i++)
            {
                (element[i], element[i + (Lanes / 2)]) = (element[i + (Lanes / 2)] * factor, element[i] * factor);
            }
        }
    }
}
