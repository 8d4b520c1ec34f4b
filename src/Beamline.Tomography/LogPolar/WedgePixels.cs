using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.LogPolar;

/// <summary>Reads the log-polar grids of the wedges at the pixels and adds them up: [y, x, lane].</summary>
internal sealed unsafe class WedgePixels : IDisposable
{
    private readonly LogPolarGrid _grid;
    private readonly LaneVectors _vectors;
    private readonly int _lanes;
    private readonly int _size;
    private readonly ArrayMemory<float> _places;
    private readonly ArrayMemory<float> _image;

    internal WedgePixels(LogPolarGrid grid, int lanes, LaneVectors vectors, RunContext context)
    {
        (_grid, _lanes, _vectors, _size) = (grid, lanes, vectors, grid.Geometry.ImageSize);
        _places = ArrayMemory.Allocate<float>(PlaceFloats(grid));
        _image = ArrayMemory.Allocate<float>((long)_size * _size * lanes);
        ParallelWork.For(grid.WedgeCount * _size, context, i => MakePlaces(i / _size, i % _size));
    }

    internal static long PlaceFloats(LogPolarGrid grid) => 2L * grid.WedgeCount * grid.Geometry.ImageSize * grid.Geometry.ImageSize;

    internal float* Row(int y) => _image.Pointer + ((long)y * _size * _lanes);

    /// <summary>Adds a wedge; the first one begins anew.</summary>
    internal void Add(WedgeConvolution wedge, int index, RunContext context)
    {
        ParallelWork.For(_size, context, y =>
        {
            switch (VectorUnit.For(_vectors, _lanes))
            {
                case LaneVectors.Bits512:
                    AddRow<Width512, Vector512<float>>(wedge, index, y);
                    break;
                case LaneVectors.Bits256:
                    AddRow<Width256, Vector256<float>>(wedge, index, y);
                    break;
                default:
                    AddRow<Width1, float>(wedge, index, y);
                    break;
            }
        });
        GC.KeepAlive(wedge);
    }

    public void Dispose()
    {
        _places.Dispose();
        _image.Dispose();
    }

    private float* Places(int wedge, int y) => _places.Pointer + (2 * (((long)wedge * _size) + y) * _size);

    /// <summary>Where the pixels of a row fall on a wedge's grid, in cells; -1 outside the disc.</summary>
    private void MakePlaces(int wedge, int y)
    {
        var middle = _grid.Geometry.ImageCenter;
        var (sin, cos) = Math.SinCos(_grid.Middle(wedge));
        var places = Places(wedge, y);
        var radius = _size / 2.0;
        for (var x = 0; x < _size; x++)
        {
            var (dx, dy) = (x - middle, y - middle);
            if ((dx * dx) + (dy * dy) > radius * radius)
            {
                (places[2 * x], places[(2 * x) + 1]) = (-1, -1);
                continue;
            }

            var scale = _grid.Shrink / _grid.Radius;
            var along = (((dx * cos) + (dy * sin)) * scale) + 1 - _grid.Shrink;
            var across = ((dy * cos) - (dx * sin)) * scale;
            places[2 * x] = (float)((Math.Atan2(across, along) - _grid.FirstAngle) / _grid.AngularStep);
            places[(2 * x) + 1] = (float)(((0.5 * Math.Log((along * along) + (across * across))) - _grid.FirstRadius) / _grid.RadialStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRow<TWidth, TVector>(WedgeConvolution wedge, int index, int y)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var lanes = _lanes;
        var radialFloats = (long)_grid.RadialCount * lanes;
        var places = Places(index, y);
        var target = Row(y);
        var angular = stackalloc float[4];
        var radial = stackalloc float[4];
        var weights = stackalloc float[16];
        for (var x = 0; x < _size; x++, target += lanes)
        {
            var (p, r) = (places[2 * x], places[(2 * x) + 1]);
            if (p < 0)
            {
                new Span<float>(target, lanes).Clear();
                continue;
            }

            var (row, column) = ((int)p, (int)r);
            Splines.Weights(p - row, angular);
            Splines.Weights(r - column, radial);
            for (var i = 0; i < 16; i++)
            {
                weights[i] = angular[i / 4] * radial[i % 4];
            }

            var source = wedge.Row(row - 1) + ((long)(column - 1) * lanes);
            for (var v = 0; v < lanes; v += TWidth.Count)
            {
                var sum = index == 0 ? TWidth.Zero : TWidth.Load(target + v);
                var cell = source + v;
                for (var i = 0; i < 16; i += 4, cell += radialFloats)
                {
                    sum = TWidth.MultiplyAdd(TWidth.Broadcast(weights[i]), TWidth.Load(cell), sum);
                    sum = TWidth.MultiplyAdd(TWidth.Broadcast(weights[i + 1]), TWidth.Load(cell + lanes), sum);
                    sum = TWidth.MultiplyAdd(TWidth.Broadcast(weights[i + 2]), TWidth.Load(cell + (2 * lanes)), sum);
                    sum = TWidth.MultiplyAdd(TWidth.Broadcast(weights[i + 3]), TWidth.Load(cell + (3 * lanes)), sum);
                }

                TWidth.Store(sum, target + v);
            }
        }
    }
}
