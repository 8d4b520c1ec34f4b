using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Filtering;

/// <summary>Filters the rows of a sinogram slab in place, all lanes at once.</summary>
/// <remarks>
/// Half of the lanes travel as real and half as imaginary parts of one FFT (<see cref="LanePairs"/>); the response is real and symmetric,
/// so they do not mix.
/// </remarks>
internal sealed unsafe class SinogramFilter : IDisposable
{
    private readonly LaneFft _fft;
    private readonly float[] _response;
    private readonly SinogramPadding _padding;
    private readonly bool _staysPaired;
    private readonly ConcurrentBag<ArrayMemory<float>> _buffers = [];

    /// <param name="columns">Columns of a row.</param>
    /// <param name="lanes">16 or 32.</param>
    /// <param name="options">Filter and padding.</param>
    /// <param name="angularStep">Angle between two columns of a fan, or 0.</param>
    /// <param name="staysPaired">Leaves the lanes as <see cref="LanePairs.Split"/> orders them, for transforms that follow.</param>
    internal SinogramFilter(int columns, int lanes, AnalyticOptions options, double angularStep = 0, bool staysPaired = false)
    {
        _staysPaired = staysPaired;
        Columns = columns;
        Length = PaddedLength(columns, options.Padding);
        _padding = options.Padding;
        _fft = new LaneFft(Length, lanes);
        _response = FilterResponse.Make(Length, options, angularStep);
        for (var k = 0; k < Length; k++)
        {
            // The FFT and its inverse together multiply by the length.
            _response[k] /= Length;
        }
    }

    internal int Columns { get; }

    /// <summary>Length of the FFT.</summary>
    internal int Length { get; }

    internal static int PaddedLength(int columns, SinogramPadding padding) =>
        // Twice the width keeps the ends of a row from wrapping around onto each other.
        (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(padding == SinogramPadding.None ? columns : 2 * columns));

    /// <summary>Bytes of the two buffers that each thread needs.</summary>
    internal static long BytesPerThread(int columns, int lanes, SinogramPadding padding) =>
        2L * PaddedLength(columns, padding) * lanes * sizeof(float);

    internal void Apply(InterleavedSlab sinogram, RunContext context)
    {
        ParallelWork.For(sinogram.OuterCount, context, angle =>
        {
            if (!_buffers.TryTake(out var buffer))
            {
                buffer = ArrayMemory.Allocate<float>(2 * _fft.BufferLength);
            }

            ApplyRow(sinogram.Origin + (angle * sinogram.RowStride), sinogram.Lanes, buffer);
            _buffers.Add(buffer);
            GC.KeepAlive(sinogram);
        });
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        _fft.Dispose();
    }

    private void ApplyRow(float* row, int lanes, ArrayMemory<float> buffer)
    {
        var data = buffer.Pointer;
        var work = data + _fft.BufferLength;
        LanePairs.Split(row, data, Columns, lanes);
        RowPadding.Fill(data, Columns, Length, lanes, _padding);
        var spectrum = _fft.Forward(data, work);
        var other = spectrum == data ? work : data;
        // The inverse transform is a forward one between two exchanges of real and imaginary parts.
        MultiplyAndExchange(spectrum, lanes);
        var result = _fft.Forward(spectrum, other);
        if (_staysPaired)
        {
            Exchange(result, row, lanes);
        }
        else
        {
            LanePairs.JoinExchanged(result, row, Columns, lanes);
        }

        GC.KeepAlive(buffer);
    }

    private void MultiplyAndExchange(float* spectrum, int lanes)
    {
        var half = lanes / 2;
        for (var k = 0; k < Length; k++)
        {
            var factor = Vector256.Create(_response[k]);
            var element = spectrum + ((long)k * lanes);
            for (var v = 0; v < half; v += Vector256<float>.Count)
            {
                var real = Vector256.Load(element + v) * factor;
                var imaginary = Vector256.Load(element + half + v) * factor;
                Vector256.Store(imaginary, element + v);
                Vector256.Store(real, element + half + v);
            }
        }
    }

    private void Exchange(float* source, float* target, int lanes)
    {
        var half = lanes / 2;
        for (long i = 0; i < (long)Columns * lanes; i += lanes)
        {
            for (var v = 0; v < half; v += Vector256<float>.Count)
            {
                Vector256.Store(Vector256.Load(source + i + half + v), target + i + v);
                Vector256.Store(Vector256.Load(source + i + v), target + i + half + v);
            }
        }
    }
}
