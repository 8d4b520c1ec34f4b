using System.Numerics;
using System.Runtime.CompilerServices;
using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Backproject<TSteps>(InterleavedSlab sinogram, RayTable table, InterleavedSlab band, PixelTile tile)
        where TSteps : struct, ISteps
    {
        var memory = stackalloc float[(BlockEdge * ISteps.Stride) + ISteps.Count];
        var places = Aligned(memory);
        var lanes = sinogram.Lanes;
        var middle = (float)Geometry.ImageCenter;
        for (var first = 0; first < table.AngleCount; first += ISteps.Count)
        {
            var angles = Math.Min(ISteps.Count, table.AngleCount - first);
            // Column -Pad of the first angle: offsets count from there, so that they are never negative.
            var rows = sinogram.Origin - ((long)sinogram.Pad * lanes) + (first * sinogram.RowStride);
            for (var y0 = tile.Y0; y0 < tile.Y1; y0 += BlockEdge)
            {
                for (var x0 = tile.X0; x0 < tile.X1; x0 += BlockEdge)
                {
                    for (var y = y0; y < Math.Min(y0 + BlockEdge, tile.Y1); y++)
                    {
                        var run = new PixelRun(
                            Count: Math.Min(BlockEdge, tile.X1 - x0),
                            X: x0 - middle,
                            Y: tile.FirstRow + y - middle,
                            first,
                            Origin: (float)(Geometry.Axis.Column + sinogram.Pad),
                            // Rays beside the detector fall on a column of zeros.
                            Low: sinogram.Pad - 1,
                            High: sinogram.Pad + sinogram.InnerCount,
                            LaneShift: BitOperations.Log2((uint)lanes),
                            RowStride: (int)sinogram.RowStride);
                        TSteps.PlacePixels(table, run, places);
                        var pixels = band.Origin + (y * band.RowStride) + ((long)x0 * lanes);
                        TSteps.Gather(rows, lanes, places, run.Count, angles, pixels, lanes, onto: first > 0);
                    }
                }
            }
        }

        GC.KeepAlive(sinogram);
        GC.KeepAlive(table);
        GC.KeepAlive(band);
    }
}
