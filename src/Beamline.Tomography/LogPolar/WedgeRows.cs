using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.LogPolar;

/// <summary>Brings the projections of a wedge to the logarithm of the radius and transforms them along it: [projection, frequency -K ... K, lane].</summary>
internal sealed unsafe class WedgeRows : IDisposable
{
    private readonly LogPolarGrid _grid;
    private readonly double[] _weights;
    private readonly LaneFft _fft;
    private readonly LaneVectors _vectors;
    private readonly ArrayMemory<float> _values;
    private readonly LaneBuffers _buffers;

    internal WedgeRows(LogPolarGrid grid, double[] angleWeights, int lanes, LaneVectors vectors)
    {
        (_grid, _weights, Lanes, _vectors) = (grid, angleWeights, lanes, vectors);
        _fft = new LaneFft(grid.RadialCount, lanes, vectors);
        _values = ArrayMemory.Allocate<float>(FloatsFor(grid, lanes));
        _buffers = new LaneBuffers(2 * _fft.BufferLength);
    }

    internal int Lanes { get; }

    internal static long FloatsFor(LogPolarGrid grid, int lanes) => (long)grid.AnglesInWedge * ((2 * grid.HighestFrequency) + 1) * lanes;

    /// <summary>The element of a projection of the wedge at a frequency from -K to K.</summary>
    internal float* At(int projection, int frequency) =>
        _values.Pointer + ((((long)projection * ((2 * _grid.HighestFrequency) + 1)) + frequency + _grid.HighestFrequency) * Lanes);

    internal void Fill(InterleavedSlab coefficients, int wedge, RunContext context) =>
        ParallelWork.For(_grid.AnglesInWedge, context, projection =>
        {
            var sorted = (wedge * _grid.AnglesInWedge) + projection;
            var kept = (long)((2 * _grid.HighestFrequency) + 1) * Lanes;
            if (sorted >= _grid.Angles.Count)
            {
                new Span<float>(At(projection, -_grid.HighestFrequency), checked((int)kept)).Clear();
                return;
            }

            var buffer = _buffers.Take();
            switch (VectorUnit.For(_vectors, Lanes))
            {
                case LaneVectors.Bits512:
                    Resample<Width512, Vector512<float>>(coefficients, projection, _grid.Angles.Order[sorted], buffer.Pointer);
                    break;
                case LaneVectors.Bits256:
                    Resample<Width256, Vector256<float>>(coefficients, projection, _grid.Angles.Order[sorted], buffer.Pointer);
                    break;
                default:
                    Resample<Width1, float>(coefficients, projection, _grid.Angles.Order[sorted], buffer.Pointer);
                    break;
            }

            var spectrum = _fft.Forward(buffer.Pointer, buffer.Pointer + _fft.BufferLength);
            var (high, bytes) = (_grid.HighestFrequency, (long)_grid.HighestFrequency * Lanes * sizeof(float));
            Buffer.MemoryCopy(spectrum + ((long)(_grid.RadialCount - high) * Lanes), At(projection, -high), bytes, bytes);
            bytes += Lanes * sizeof(float);
            Buffer.MemoryCopy(spectrum, At(projection, 0), bytes, bytes);
            _buffers.Return(buffer);
        });

    public void Dispose()
    {
        _buffers.Dispose();
        _values.Dispose();
        _fft.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Resample<TWidth, TVector>(InterleavedSlab coefficients, int projection, int angle, float* target)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var row = coefficients.Origin + (angle * coefficients.RowStride);
        var weight = (float)_weights[angle];
        var step = _grid.AngularStep * _grid.Fraction;
        var middle = (1 - _grid.Shrink) * Math.Cos((projection - ((_grid.AnglesInWedge - 1) / 2.0)) * step);
        var scale = _grid.Radius / _grid.Shrink;
        var axis = _grid.Geometry.Axis.Column;
        var taps = stackalloc float[4];
        for (var m = 0; m < _grid.RadialCount; m++, target += Lanes)
        {
            var column = axis + ((_grid.Radii[m] - middle) * scale);
            if (column <= -1 || column >= coefficients.InnerCount)
            {
                new Span<float>(target, Lanes).Clear();
                continue;
            }

            var whole = (int)Math.Floor(column);
            Splines.Weights((float)(column - whole), taps);
            // The slab has two columns of zeros on each side.
            var source = row + ((long)(whole - 1) * Lanes);
            var (w0, w1) = (TWidth.Broadcast(weight * taps[0]), TWidth.Broadcast(weight * taps[1]));
            var (w2, w3) = (TWidth.Broadcast(weight * taps[2]), TWidth.Broadcast(weight * taps[3]));
            for (var v = 0; v < Lanes; v += TWidth.Count)
            {
                var sum = TWidth.Multiply(w0, TWidth.Load(source + v));
                sum = TWidth.MultiplyAdd(w1, TWidth.Load(source + Lanes + v), sum);
                sum = TWidth.MultiplyAdd(w2, TWidth.Load(source + (2 * Lanes) + v), sum);
                TWidth.Store(TWidth.MultiplyAdd(w3, TWidth.Load(source + (3 * Lanes) + v), sum), target + v);
            }
        }

        GC.KeepAlive(coefficients);
    }
}
