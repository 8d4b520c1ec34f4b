using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Multiplies the spectrum of two pictures at once by a real response that is even in both frequencies.</summary>
/// <remarks>Beyond its edges a picture goes on with its edge values, up to the next power of two.</remarks>
internal sealed class PlaneFilter
{
    private const int Lanes = FourierTables.Lanes;
    private const int Half = Lanes / 2;

    private readonly int _rows;
    private readonly int _columns;
    private readonly LaneFft _alongRow;
    private readonly LaneFft _alongColumn;
    private readonly float[] _response;

    /// <param name="rows">Rows of the pictures.</param>
    /// <param name="columns">Columns of the pictures.</param>
    /// <param name="margin">Fewest pixels between a picture and its periodic copy.</param>
    /// <param name="response">From frequencies in radians for each pixel (y, x), 0 to pi, to a factor.</param>
    internal PlaneFilter(int rows, int columns, int margin, Func<double, double, double> response)
    {
        (_rows, _columns) = (rows, columns);
        // A margin wider than the picture says nothing more than its edge does.
        _alongRow = FourierTables.Of(Padded(columns, Math.Min(margin, columns)));
        _alongColumn = FourierTables.Of(Padded(rows, Math.Min(margin, rows)));
        _response = new float[_alongRow.Length * _alongColumn.Length];
        for (var y = 0; y < _alongColumn.Length; y++)
        {
            for (var x = 0; x < _alongRow.Length; x++)
            {
                _response[(y * _alongRow.Length) + x] = (float)(response(Frequency(y, _alongColumn.Length), Frequency(x, _alongRow.Length)) / _response.Length);
            }
        }
    }

    private int Height => _alongColumn.Length;

    private int Width => _alongRow.Length;

    /// <summary>Filters in place; the second picture may be empty.</summary>
    internal unsafe void Apply(Span<float> first, Span<float> second)
    {
        using var planes = ArrayMemory.Allocate<float>(2L * Height * Width);
        using var buffers = ArrayMemory.Allocate<float>(2 * Math.Max(_alongRow.BufferLength, _alongColumn.BufferLength));
        var real = planes.Pointer;
        var imaginary = real + ((long)Height * Width);
        for (var y = 0; y < Height; y++)
        {
            var row = Clamp(y, _rows, Height) * _columns;
            for (var x = 0; x < Width; x++)
            {
                var source = row + Clamp(x, _columns, Width);
                real[((long)y * Width) + x] = first[source];
                imaginary[((long)y * Width) + x] = second.IsEmpty ? 0 : second[source];
            }
        }

        Transform(_alongRow, real, imaginary, buffers.Pointer, Height, Width, 1);
        Transform(_alongColumn, real, imaginary, buffers.Pointer, Width, 1, Width);
        for (long i = 0; i < _response.Length; i++)
        {
            // Exchanged, the next forward transform is an inverse one.
            (real[i], imaginary[i]) = (imaginary[i] * _response[i], real[i] * _response[i]);
        }

        Transform(_alongRow, real, imaginary, buffers.Pointer, Height, Width, 1);
        Transform(_alongColumn, real, imaginary, buffers.Pointer, Width, 1, Width);
        for (var y = 0; y < _rows; y++)
        {
            new Span<float>(imaginary + ((long)y * Width), _columns).CopyTo(first[(y * _columns)..]);
            if (!second.IsEmpty)
            {
                new Span<float>(real + ((long)y * Width), _columns).CopyTo(second[(y * _columns)..]);
            }
        }
    }

    private static int Padded(int length, int margin) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(length + margin));

    private static double Frequency(int index, int length) => 2 * Math.PI * Math.Min(index, length - index) / length;

    /// <summary>Where the periodic, padded picture takes a line from: its end goes on, then its beginning.</summary>
    private static int Clamp(int index, int count, int padded) =>
        index < count ? index : index - count < (padded - count) / 2 ? count - 1 : 0;

    /// <summary>Transforms lines that start every <paramref name="lineStep"/> and whose elements lie <paramref name="step"/> apart, 16 at a time.</summary>
    private static unsafe void Transform(LaneFft fft, float* real, float* imaginary, float* buffer, int lines, long lineStep, long step)
    {
        for (var first = 0; first < lines; first += Half)
        {
            var count = Math.Min(Half, lines - first);
            for (var k = 0; k < fft.Length; k++)
            {
                var element = buffer + ((long)k * Lanes);
                for (var lane = 0; lane < count; lane++)
                {
                    var at = ((first + lane) * lineStep) + (k * step);
                    element[lane] = real[at];
                    element[lane + Half] = imaginary[at];
                }
            }

            var result = fft.Forward(buffer, buffer + fft.BufferLength);
            for (var k = 0; k < fft.Length; k++)
            {
                var element = result + ((long)k * Lanes);
                for (var lane = 0; lane < count; lane++)
                {
                    var at = ((first + lane) * lineStep) + (k * step);
                    real[at] = element[lane];
                    imaginary[at] = element[lane + Half];
                }
            }
        }
    }
}
