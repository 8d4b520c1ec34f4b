using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.LogPolar;

/// <summary>Backprojects a wedge on its log-polar grid: [angle, logarithm of the radius, lane], as spline coefficients.</summary>
/// <remarks>Real and imaginary lanes change places when the response is applied, and stay so: the transforms back are forward ones.</remarks>
internal sealed unsafe class WedgeConvolution : IDisposable
{
    private readonly LogPolarGrid _grid;
    private readonly WedgeResponse _response;
    private readonly LaneFft _inner;
    private readonly LaneFft _angular;
    private readonly LaneFft _radial;
    private readonly ArrayMemory<float> _values;
    private readonly LaneBuffers _buffers;
    private readonly int _lanes;

    internal WedgeConvolution(LogPolarGrid grid, WedgeResponse response, int lanes, LaneVectors vectors)
    {
        (_grid, _response, _lanes) = (grid, response, lanes);
        _inner = new LaneFft(grid.AngularCount / grid.Fraction, lanes, vectors);
        _angular = new LaneFft(grid.AngularCount, lanes, vectors);
        _radial = new LaneFft(grid.RadialCount, lanes, vectors);
        _values = ArrayMemory.Allocate<float>(FloatsFor(grid, lanes));
        _buffers = new LaneBuffers(FloatsPerThread(grid, lanes));
    }

    internal static long FloatsFor(LogPolarGrid grid, int lanes) => (long)grid.OutputCount * grid.RadialCount * lanes;

    internal static long FloatsPerThread(LogPolarGrid grid, int lanes) =>
        lanes * (2L * Math.Max((grid.AngularCount / grid.Fraction) + grid.AngularCount, grid.RadialCount));

    internal float* Row(int angle) => _values.Pointer + ((long)angle * _grid.RadialCount * _lanes);

    internal void Apply(WedgeRows rows, RunContext context)
    {
        ParallelWork.For((2 * _grid.HighestFrequency) + 1, context, i =>
        {
            var buffer = _buffers.Take();
            OverAngles(rows, i - _grid.HighestFrequency, buffer.Pointer);
            _buffers.Return(buffer);
        });
        ParallelWork.For(_grid.OutputCount, context, angle =>
        {
            var buffer = _buffers.Take();
            var row = Row(angle);
            var high = _grid.HighestFrequency;
            new Span<float>(row + ((high + 1L) * _lanes), checked((_grid.RadialCount - (2 * high) - 1) * _lanes)).Clear();
            var result = _radial.Forward(row, buffer.Pointer);
            if (result != row)
            {
                var bytes = _radial.BufferLength * sizeof(float);
                Buffer.MemoryCopy(result, row, bytes, bytes);
            }

            _buffers.Return(buffer);
        });
        GC.KeepAlive(rows);
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _values.Dispose();
        _inner.Dispose();
        _angular.Dispose();
        _radial.Dispose();
    }

    private void OverAngles(WedgeRows rows, int frequency, float* buffer)
    {
        var lanes = _lanes;
        var half = lanes / 2;
        for (var j = 0; j < _grid.AnglesInWedge; j++)
        {
            new Span<float>(rows.At(j, frequency), lanes).CopyTo(new Span<float>(buffer + ((long)j * lanes), lanes));
        }

        new Span<float>(buffer + ((long)_grid.AnglesInWedge * lanes), checked((_inner.Length - _grid.AnglesInWedge) * lanes)).Clear();
        var angles = _inner.Forward(buffer, buffer + _inner.BufferLength);
        var product = buffer + (2 * _inner.BufferLength);
        var response = _response.Row(Math.Abs(frequency));
        for (var p = 0; p < _angular.Length; p++)
        {
            // Zeros between the projections make their spectrum periodic.
            var source = angles + ((long)(p % _inner.Length) * lanes);
            var factor = response + (2 * Math.Min(p, _angular.Length - p));
            var re = Vector256.Create(factor[0]);
            var im = Vector256.Create(frequency < 0 ? -factor[1] : factor[1]);
            var target = product + ((long)p * lanes);
            for (var v = 0; v < half; v += Vector256<float>.Count)
            {
                var sr = Vector256.Load(source + v);
                var si = Vector256.Load(source + half + v);
                Vector256.Store((sr * im) + (si * re), target + v);
                Vector256.Store((sr * re) - (si * im), target + half + v);
            }
        }

        var result = _angular.Forward(product, buffer + (2 * _inner.BufferLength) + _angular.BufferLength);
        var edge = (_grid.OutputCount - 1 - ((_grid.AnglesInWedge - 1) * _grid.Fraction)) / 2;
        var column = ((frequency + _grid.RadialCount) % _grid.RadialCount) * (long)lanes;
        for (var i = 0; i < _grid.OutputCount; i++)
        {
            var at = result + ((long)((i - edge + _angular.Length) % _angular.Length) * lanes);
            new Span<float>(at, lanes).CopyTo(new Span<float>(Row(i) + column, lanes));
        }
    }
}
