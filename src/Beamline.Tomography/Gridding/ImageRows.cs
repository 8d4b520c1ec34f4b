using System.Collections.Concurrent;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.Gridding;

/// <summary>The last step: transforms along x and takes the kernel's spread out of the image.</summary>
internal sealed unsafe class ImageRows : IDisposable
{
    private readonly FourierGrid _grid;
    private readonly float[] _factors;
    private readonly ConcurrentBag<ArrayMemory<float>> _buffers = [];

    internal ImageRows(FourierGrid grid, GriddingKernel kernel)
    {
        _grid = grid;
        _factors = kernel.Deapodization(grid.FirstPixel, grid.Geometry.ImageSize, grid.GridSize);
        for (var i = 0; i < _factors.Length; i++)
        {
            // Grid points count from -G / 2: every other pixel comes out negative, along each axis.
            _factors[i] *= ((i + grid.FirstPixel) & 1) == 0 ? 1 : -1;
        }
    }

    /// <summary>Makes a band of image rows; the rows of the grid are spent by it.</summary>
    internal void Make(GridColumns columns, InterleavedSlab band, int firstRow, RunContext context)
    {
        ParallelWork.For(band.OuterCount, context, row =>
        {
            if (!_buffers.TryTake(out var buffer))
            {
                buffer = ArrayMemory.Allocate<float>(columns.Fft.BufferLength);
            }

            var y = firstRow + row;
            var result = columns.Fft.Forward(columns.Row(y), buffer.Pointer);
            var target = band.Origin + (row * band.RowStride);
            var lanes = band.Lanes;
            for (var x = 0; x < _factors.Length; x++, target += lanes)
            {
                var source = result + ((long)((x + _grid.FirstPixel + _grid.GridSize) % _grid.GridSize) * lanes);
                LanePairs.JoinExchanged(source, target, 1, lanes, _factors[x] * _factors[y]);
            }

            _buffers.Add(buffer);
            GC.KeepAlive(band);
        });
        GC.KeepAlive(columns);
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }
}
