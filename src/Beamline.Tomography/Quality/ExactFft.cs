using System.Numerics;

namespace Beamline.Tomography;

/// <summary>
/// Complex Fourier transform of any length in double precision: radix 2 for powers of two, else Bluestein's chirp (Van Loan,
/// Computational Frameworks for the Fast Fourier Transform, SIAM 1992, sections 1.7 and 4.2). For measures of quality, where exact ring
/// frequencies count more than speed. Not normalized. One instance may be used by many threads.
/// </summary>
internal sealed class ExactFft
{
    private readonly Complex[] _turns;
    private readonly Complex[] _chirp = [];
    private readonly Complex[] _spectrum = [];
    private readonly ExactFft? _inner;

    internal ExactFft(int length)
    {
        Length = length;
        if (BitOperations.IsPow2(length))
        {
            _turns = [.. Enumerable.Range(0, length / 2).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / length))];
            return;
        }

        _turns = [];
        // The square of k is taken modulo 2 N, so that the angle stays exact.
        _chirp = [.. Enumerable.Range(0, length).Select(k => Complex.FromPolarCoordinates(1, -Math.PI * ((long)k * k % (2L * length)) / length))];
        _inner = new ExactFft((int)BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1)));
        _spectrum = new Complex[_inner.Length];
        for (var k = 0; k < length; k++)
        {
            _spectrum[k] = Complex.Conjugate(_chirp[k]);
            _spectrum[(_inner.Length - k) % _inner.Length] = Complex.Conjugate(_chirp[k]);
        }

        _inner.Forward(_spectrum, []);
    }

    internal int Length { get; }

    /// <summary>Elements of a buffer that <see cref="Forward"/> needs.</summary>
    internal int BufferLength => _inner?.Length ?? 0;

    /// <summary>Transforms in place.</summary>
    internal void Forward(Span<Complex> values, Span<Complex> buffer)
    {
        if (_inner is null)
        {
            Radix2(values);
            return;
        }

        buffer = buffer[.._inner.Length];
        buffer.Clear();
        for (var k = 0; k < Length; k++)
        {
            buffer[k] = values[k] * _chirp[k];
        }

        _inner.Radix2(buffer);
        // The inverse is the forward transform of the conjugate.
        for (var k = 0; k < buffer.Length; k++)
        {
            buffer[k] = Complex.Conjugate(buffer[k] * _spectrum[k]);
        }

        _inner.Radix2(buffer);
        for (var k = 0; k < Length; k++)
        {
            values[k] = Complex.Conjugate(buffer[k]) / buffer.Length * _chirp[k];
        }
    }

    private void Radix2(Span<Complex> values)
    {
        var count = values.Length;
        for (int i = 1, j = 0; i < count; i++)
        {
            var bit = count >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j ^= bit;
            if (i < j)
            {
                (values[i], values[j]) = (values[j], values[i]);
            }
        }

        for (var half = 1; half < count; half *= 2)
        {
            var step = count / (2 * half);
            for (var start = 0; start < count; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var odd = values[start + half + k] * _turns[k * step];
                    values[start + half + k] = values[start + k] - odd;
                    values[start + k] += odd;
                }
            }
        }
    }
}
