using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.Gridding;

/// <summary>The filtered spectra of all projections of a slab: [sorted angle, frequency -Reach ... Reach, lane].</summary>
/// <remarks>
/// Each is multiplied by the response, the weight of its angle, and the phase that moves the rotation axis to the origin. Half of
/// the lanes are real and half imaginary parts. Both are exchanged here, because the inverse transforms that
/// follow are forward ones between two exchanges.
/// </remarks>
internal sealed unsafe class SpectrumRows : IDisposable
{
    private readonly FourierGrid _grid;
    private readonly LaneFft _fft;
    private readonly LaneVectors _vectors;
    private readonly SinogramPadding _padding;
    private readonly float[] _response;
    private readonly double[] _weights;
    private readonly ArrayMemory<float> _values;
    private readonly ConcurrentBag<ArrayMemory<float>> _buffers = [];

    internal SpectrumRows(FourierGrid grid, AnalyticOptions options, double[] angleWeights, int lanes, LaneVectors vectors)
    {
        (_grid, Lanes, _vectors, _padding) = (grid, lanes, vectors, options.Padding);
        _fft = new LaneFft(grid.RowLength, lanes, vectors);
        _weights = [.. grid.Order.Select(a => angleWeights[a])];
        var half = grid.RowLength / 2;
        var response = FilterResponse.Make(grid.RowLength, options);
        _response = [.. response.Take(half + 1).Select(r => r / grid.RowLength)];
        // The row's highest frequency stands for both signs: half of it for each.
        _response[half] /= 2;
        Reach = Math.Max(Array.FindLastIndex(_response, r => r != 0), 0);
        _values = ArrayMemory.AllocateToFill<float>(FloatsFor(grid.Order.Length, Reach, lanes));
    }

    internal int Lanes { get; }

    /// <summary>The highest frequency that the filter lets through.</summary>
    internal int Reach { get; }

    internal static long FloatsFor(int angles, int reach, int lanes) => (long)angles * ((2L * reach) + 1) * lanes;

    /// <summary>The element of frequency 0 of a sorted angle.</summary>
    internal float* Middle(int angle) => _values.Pointer + ((((long)angle * ((2 * Reach) + 1)) + Reach) * Lanes);

    /// <summary>Makes the spectra of a sinogram.</summary>
    internal void Fill(InterleavedSlab sinogram, RunContext context) => ParallelWork.For(_grid.Order.Length, context, angle =>
    {
        if (!_buffers.TryTake(out var buffer))
        {
            buffer = ArrayMemory.Allocate<float>(2 * _fft.BufferLength);
        }

        var data = buffer.Pointer;
        LanePairs.Split(sinogram.Origin + (_grid.Order[angle] * sinogram.RowStride), data, sinogram.InnerCount, Lanes);
        RowPadding.Fill(data, sinogram.InnerCount, _fft.Length, Lanes, _padding);
        var spectrum = _fft.Forward(data, data + _fft.BufferLength);
        switch (VectorUnit.For(_vectors, Lanes))
        {
            case LaneVectors.Bits512:
                Filter<Width512, Vector512<float>>(spectrum, angle);
                break;
            case LaneVectors.Bits256:
                Filter<Width256, Vector256<float>>(spectrum, angle);
                break;
            default:
                Filter<Width1, float>(spectrum, angle);
                break;
        }

        _buffers.Add(buffer);
        GC.KeepAlive(sinogram);
    });

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        _values.Dispose();
        _fft.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Filter<TWidth, TVector>(float* spectrum, int angle)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var half = Lanes / 2;
        var (sin, cos) = _grid.Directions[angle];
        // A column c lies at c - axis, and the middle of the image half a pixel off when its size is even.
        var shift = _grid.Geometry.Axis.Column - (_grid.HalfPixel * (cos + sin));
        var (turnSin, turnCos) = Math.SinCos(2 * Math.PI * shift / _grid.RowLength);
        var (re, im) = (1.0, 0.0);
        var middle = Middle(angle);
        for (var k = 0; k <= Reach; k++)
        {
            var scale = _response[k] * _weights[angle];
            var (pr, pi) = ((float)(scale * re), (float)(scale * im));
            var (vr, vi, minusVi) = (TWidth.Broadcast(pr), TWidth.Broadcast(pi), TWidth.Broadcast(-pi));
            var positive = spectrum + ((long)k * Lanes);
            var negative = spectrum + ((long)((_grid.RowLength - k) % _grid.RowLength) * Lanes);
            var up = middle + ((long)k * Lanes);
            var down = middle - ((long)k * Lanes);
            for (var v = 0; v < half; v += TWidth.Count)
            {
                Turn<TWidth, TVector>(positive + v, up + v, vr, vi, half);
                if (k > 0)
                {
                    Turn<TWidth, TVector>(negative + v, down + v, vr, minusVi, half);
                }
            }

            (re, im) = ((re * turnCos) - (im * turnSin), (re * turnSin) + (im * turnCos));
        }
    }

    /// <summary>Multiplies by a complex number and stores the imaginary part first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<TWidth, TVector>(float* source, float* target, TVector re, TVector im, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var (sr, si) = (TWidth.Load(source), TWidth.Load(source + half));
        TWidth.Store(TWidth.MultiplyAdd(sr, im, TWidth.Multiply(si, re)), target);
        TWidth.Store(TWidth.Subtract(TWidth.Multiply(sr, re), TWidth.Multiply(si, im)), target + half);
    }
}
