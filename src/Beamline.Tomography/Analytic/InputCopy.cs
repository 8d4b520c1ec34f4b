using System.Collections.Concurrent;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Reads all projections once, block by block of the source, on the threads of the run: into memory, or into a file.</summary>
internal static class InputCopy
{
    private const long PieceBytes = 8L << 20;

    private delegate void Store(StackRegion region, ReadOnlySpan<float> values);

    /// <summary>The copy that a plan foresees; null when the run is to read the projections themselves.</summary>
    /// <exception cref="IOException">The scratch folder cannot hold the copy.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal static ProjectionStack? Make(ProjectionStack projections, ReconstructionPlan plan, RunContext context)
    {
        if (plan.SpooledInputBytes > 0)
        {
            var spool = new SpooledStack(projections, context.ScratchFolder);
            return Filled(spool, spool.Write);
        }

        if (plan.CachedInputBytes > 0)
        {
            var memory = new MemoryProjectionStack(projections.AnglesDegrees, projections.RowCount, projections.ColumnCount)
            {
                PixelSize = projections.PixelSize,
                Quantity = projections.Quantity,
                Provenance = projections.Provenance,
            };
            return Filled(memory, (region, values) =>
            {
                var size = region.RowCount * projections.ColumnCount;
                for (var i = 0; i < region.AngleCount; i++)
                {
                    values.Slice(i * size, size).CopyTo(memory.Frame(region.AngleStart + i)[(region.RowStart * projections.ColumnCount)..]);
                }
            });
        }

        return null;

        ProjectionStack Filled(ProjectionStack copy, Store store)
        {
            try
            {
                Fill(projections, store, plan.AvailableBytes, context);
                return copy;
            }
            catch
            {
                copy.Dispose();
                throw;
            }
        }
    }

    /// <summary>The regions that a stack is read in: whole blocks of the source, so that none is unpacked twice.</summary>
    internal static List<StackRegion> Regions(ProjectionStack projections)
    {
        var (angles, rows) = PackedSource.BlockOf(projections);
        var blockBytes = (long)angles * rows * projections.ColumnCount * sizeof(float);
        rows = (int)Math.Min(rows * Math.Max(1, PieceBytes / blockBytes), projections.RowCount);
        if (rows == projections.RowCount)
        {
            var bytes = (long)angles * rows * projections.ColumnCount * sizeof(float);
            angles = (int)Math.Min(angles * Math.Max(1, PieceBytes / bytes), projections.AngleCount);
        }

        var regions = new List<StackRegion>();
        for (var angle = 0; angle < projections.AngleCount; angle += angles)
        {
            for (var row = 0; row < projections.RowCount; row += rows)
            {
                regions.Add(new StackRegion(
                    angle, Math.Min(angles, projections.AngleCount - angle), row, Math.Min(rows, projections.RowCount - row)));
            }
        }

        return regions;
    }

    private static void Fill(ProjectionStack source, Store store, long availableBytes, RunContext context)
    {
        var regions = Regions(source);
        var floats = regions[0].AngleCount * regions[0].RowCount * source.ColumnCount;
        // A thread holds its values, and what they are unpacked from, in a few stages.
        var threads = (int)Math.Clamp(availableBytes / (4L * floats * sizeof(float)), 1, context.MaxThreads);
        var buffers = new ConcurrentBag<ArrayMemory<float>>();
        var (done, gate) = (0, new Lock());
        try
        {
            ParallelWork.For(regions.Count, context with { MaxThreads = threads }, i =>
            {
                if (!buffers.TryTake(out var buffer))
                {
                    buffer = ArrayMemory.AllocateToFill<float>(floats);
                }

                var region = regions[i];
                try
                {
                    var values = buffer.Span(0, region.AngleCount * region.RowCount * source.ColumnCount);
                    source.Read(region, values);
                    store(region, values);
                }
                finally
                {
                    buffers.Add(buffer);
                }

                var count = Interlocked.Increment(ref done);
                if (gate.TryEnter())
                {
                    try
                    {
                        context.Report("Unpack", (double)count / regions.Count, $"projection {region.AngleEnd} of {source.AngleCount}");
                    }
                    finally
                    {
                        gate.Exit();
                    }
                }
            });
        }
        finally
        {
            foreach (var buffer in buffers)
            {
                buffer.Dispose();
            }
        }
    }
}
