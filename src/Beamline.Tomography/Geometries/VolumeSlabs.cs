using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// A volume, or projections, as a slab whose lanes belong together: [y, x, z] or [view, column, row], the last cut in pieces of 16 that
/// follow each other. So a run along z is contiguous, which is what the operators read.
/// </summary>
internal static class VolumeSlabs
{
    internal const int Lanes = 16;

    internal static int Pieces(int depth) => (depth + Lanes - 1) / Lanes;

    internal static SlabShape Shape(int outer, int inner, int depth) => new(outer, checked(inner * Pieces(depth)), 0) { PiecesOfDepth = Pieces(depth) };

    /// <summary>Address of the run of one pixel or detector column.</summary>
    internal static unsafe float* Run(InterleavedSlab slab, int outer, int inner, int run) => slab.Origin + (outer * slab.RowStride) + ((long)inner * run);

    /// <summary>Reads all projections of a stack.</summary>
    /// <returns>Values that were not finite and were taken as 0.</returns>
    internal static unsafe long Read(ProjectionStack projections, InterleavedSlab slab, RunContext context)
    {
        var (rows, columns) = (projections.RowCount, projections.ColumnCount);
        var run = Pieces(rows) * Lanes;
        long replaced = 0;
        ParallelWork.For(projections.AngleCount, context, view =>
        {
            var frame = new float[rows * columns];
            projections.Read(new StackRegion(view, 1, 0, rows), frame);
            Interlocked.Add(ref replaced, Analytic.NonFinite.ReplaceByZero(frame));
            for (var column = 0; column < columns; column++)
            {
                var target = Run(slab, view, column, run);
                for (var row = 0; row < rows; row++)
                {
                    target[row] = frame[(row * columns) + column];
                }
            }

            GC.KeepAlive(slab);
        });
        return replaced;
    }

    /// <summary>Puts a volume into a slab, times a factor.</summary>
    internal static unsafe void Read(Volume volume, InterleavedSlab slab, double factor, RunContext context)
    {
        var run = Pieces(volume.SliceCount) * Lanes;
        ParallelWork.For(volume.RowCount, context, y =>
        {
            for (var z = 0; z < volume.SliceCount; z++)
            {
                var line = volume.Row(z, y);
                for (var x = 0; x < line.Length; x++)
                {
                    Run(slab, y, x, run)[z] = float.IsFinite(line[x]) ? (float)(line[x] * factor) : 0;
                }
            }

            GC.KeepAlive(slab);
        });
    }

    /// <summary>Writes a slab into a volume, times a factor.</summary>
    internal static unsafe void Write(InterleavedSlab slab, Volume volume, double factor, RunContext context)
    {
        var run = Pieces(volume.SliceCount) * Lanes;
        ParallelWork.For(volume.SliceCount, context, z =>
        {
            for (var y = 0; y < volume.RowCount; y++)
            {
                var line = volume.Row(z, y);
                for (var x = 0; x < line.Length; x++)
                {
                    line[x] = (float)(Run(slab, y, x, run)[z] * factor);
                }
            }

            GC.KeepAlive(slab);
        });
    }
}
