using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Gridding;

/// <summary>
/// Spreads the samples of the spectra over the frequency grid and transforms its columns: what is left are the rows of the
/// image, still in frequencies along x: [y, u, lane].
/// </summary>
/// <remarks>
/// The grid is made some columns at a time, in memory that stays in the cache, and never exists as a whole. Each grid point adds its
/// samples in the order of the angles and frequencies, so neither threads nor the division into bands matter.
/// </remarks>
internal sealed unsafe class GridColumns : IDisposable
{
    /// <summary>Columns made together. More share more of a sample's work, fewer stay in the cache.</summary>
    private const int BandColumns = 16;

    private readonly FourierGrid _grid;
    private readonly GriddingKernel _kernel;
    private readonly LaneFft _fft;
    private readonly LaneVectors _vectors;
    private readonly ArrayMemory<float> _rows;
    private readonly ConcurrentBag<ArrayMemory<float>> _buffers = [];

    internal GridColumns(FourierGrid grid, GriddingKernel kernel, int lanes, LaneVectors vectors)
    {
        (_grid, _kernel, Lanes, _vectors) = (grid, kernel, lanes, vectors);
        _fft = new LaneFft(grid.GridSize, lanes, vectors);
        _rows = ArrayMemory.AllocateToFill<float>(RowFloats(grid.GridSize, grid.Geometry.ImageSize, lanes));
    }

    internal int Lanes { get; }

    internal LaneFft Fft => _fft;

    /// <summary>Row y of the image: grid columns from -G / 2 on.</summary>
    internal float* Row(int y) => _rows.Pointer + ((long)y * _grid.GridSize * Lanes);

    internal static long RowFloats(int gridSize, int imageSize, int lanes) => (long)gridSize * imageSize * lanes;

    internal static long FloatsPerThread(int gridSize, int lanes) =>
        (((long)BandColumns * (gridSize + (2 * GriddingKernel.Room))) + gridSize) * lanes;

    internal void Fill(SpectrumRows spectra, RunContext context)
    {
        var bands = (_grid.GridSize + BandColumns - 1) / BandColumns;
        ParallelWork.For(bands, context, band =>
        {
            if (!_buffers.TryTake(out var buffer))
            {
                buffer = ArrayMemory.Allocate<float>(FloatsPerThread(_grid.GridSize, Lanes));
            }

            var first = (band * BandColumns) - (_grid.GridSize / 2);
            var count = Math.Min(BandColumns, (_grid.GridSize / 2) - first);
            MakeBand(spectra, first, count, buffer);
            _buffers.Add(buffer);
        });
        GC.KeepAlive(spectra);
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        _rows.Dispose();
        _fft.Dispose();
    }

    private void MakeBand(SpectrumRows spectra, int first, int count, ArrayMemory<float> buffer)
    {
        // A column has room for samples that reach over its ends.
        var columnFloats = (_grid.GridSize + (2L * GriddingKernel.Room)) * Lanes;
        var columns = buffer.Pointer;
        for (var c = 0; c < count; c++)
        {
            new Span<float>(columns + (c * columnFloats), (int)columnFloats).Clear();
        }

        Spread(spectra, first, count, columns + ((GriddingKernel.Room + (_grid.GridSize / 2L)) * Lanes), columnFloats);
        var work = columns + (BandColumns * columnFloats);
        for (var c = 0; c < count; c++)
        {
            var column = columns + (c * columnFloats) + (GriddingKernel.Room * Lanes);
            FoldEnds(column);
            var result = _fft.Forward(column, work);
            var target = Row(0) + ((long)(first + c + (_grid.GridSize / 2)) * Lanes);
            for (var y = 0; y < _grid.Geometry.ImageSize; y++)
            {
                var source = result + ((long)((y + _grid.FirstPixel + _grid.GridSize) % _grid.GridSize) * Lanes);
                new Span<float>(source, Lanes).CopyTo(new Span<float>(target + ((long)y * _grid.GridSize * Lanes), Lanes));
            }
        }
    }

    /// <summary>Adds what lies beyond an end of a periodic column to the other end.</summary>
    private void FoldEnds(float* column)
    {
        for (var i = 0; i < GriddingKernel.Room; i++)
        {
            var before = column + ((i - GriddingKernel.Room) * Lanes);
            var behind = column + ((long)(_grid.GridSize + i) * Lanes);
            var first = column + (i * Lanes);
            var last = column + ((long)(_grid.GridSize + i - GriddingKernel.Room) * Lanes);
            for (var lane = 0; lane < Lanes; lane++)
            {
                last[lane] += before[lane];
                first[lane] += behind[lane];
            }
        }
    }

    /// <summary>Adds every sample that touches the columns from <paramref name="first"/> on; the grid is periodic.</summary>
    private void Spread(SpectrumRows spectra, int first, int count, float* origin, long columnFloats)
    {
        var scale = (double)_grid.GridSize / _grid.RowLength;
        var reach = _kernel.Width / 2.0;
        for (var angle = 0; angle < _grid.Directions.Length; angle++)
        {
            var (du, dv) = (_grid.Directions[angle].Cos * scale, _grid.Directions[angle].Sin * scale);
            for (var period = -1; period <= 1; period++)
            {
                var offset = period * (double)_grid.GridSize;
                // |k du + offset - column| < reach for one of the columns.
                var (low, high) = Range(first - reach - offset, first + count - 1 + reach - offset, du, spectra.Reach);
                if (low > high)
                {
                    continue;
                }

                var line = new Line(du, dv, offset, low, high, first, count);
                switch (VectorUnit.For(_vectors, Lanes))
                {
                    case LaneVectors.Bits512:
                        SpreadLine<Width512, Vector512<float>>(spectra.Middle(angle), line, origin, columnFloats);
                        break;
                    case LaneVectors.Bits256:
                        SpreadLine<Width256, Vector256<float>>(spectra.Middle(angle), line, origin, columnFloats);
                        break;
                    default:
                        SpreadLine<Width1, float>(spectra.Middle(angle), line, origin, columnFloats);
                        break;
                }
            }
        }
    }

    /// <summary>The whole numbers k from -reach to reach with low &lt;= k step &lt;= high.</summary>
    private static (int Low, int High) Range(double low, double high, double step, int reach)
    {
        if (Math.Abs(step) * reach < 1e-9)
        {
            return low <= 0 && high >= 0 ? (-reach, reach) : (1, 0);
        }

        var (a, b) = (low / step, high / step);
        return ((int)Math.Ceiling(Math.Max(Math.Min(a, b), -reach)), (int)Math.Floor(Math.Min(Math.Max(a, b), reach)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadLine<TWidth, TVector>(float* middle, Line line, float* origin, long columnFloats)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var lanes = Lanes;
        var half = lanes / 2;
        var width = _kernel.Width;
        var wu = stackalloc float[GriddingKernel.Room];
        var wv = stackalloc float[GriddingKernel.Room];
        for (var k = line.Low; k <= line.High; k++)
        {
            var u = _kernel.Weights((k * line.Du) + line.Offset, wu) - line.First;
            var v = _kernel.Weights(k * line.Dv, wv);
            var sample = middle + ((long)k * lanes);
            var (begin, end) = (Math.Max(0, -u), Math.Min(width, line.Count - u));
            for (var lane = 0; lane < half; lane += TWidth.Count)
            {
                var re = TWidth.Load(sample + lane);
                var im = TWidth.Load(sample + lane + half);
                for (var i = begin; i < end; i++)
                {
                    var weight = TWidth.Broadcast(wu[i]);
                    var (partRe, partIm) = (TWidth.Multiply(re, weight), TWidth.Multiply(im, weight));
                    var cell = origin + ((u + i) * columnFloats) + ((long)v * lanes) + lane;
                    for (var j = 0; j < width; j++, cell += lanes)
                    {
                        var w = TWidth.Broadcast(wv[j]);
                        TWidth.Store(TWidth.MultiplyAdd(partRe, w, TWidth.Load(cell)), cell);
                        TWidth.Store(TWidth.MultiplyAdd(partIm, w, TWidth.Load(cell + half)), cell + half);
                    }
                }
            }
        }
    }

    /// <summary>Samples of one angle and the columns that they may touch.</summary>
    private readonly record struct Line(double Du, double Dv, double Offset, int Low, int High, int First, int Count);
}
