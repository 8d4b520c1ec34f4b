using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Planning;

/// <summary>
/// How long it will take to read the projections. Every source has its own speed (disk, compression, preprocessing on the way), so it
/// is tried on the source itself: some blocks in the shape in which the run will ask for them.
/// </summary>
internal static class SourceTime
{
    /// <summary>A lazy source of this size is tried even before a short run: it may be compressed, and unpacked once for each slab.</summary>
    internal const long WorthTryingBytes = 16L << 20;

    private const double LeastSeconds = 0.03;
    private const double TypicalBytesASecond = 400e6;
    private const int MostFrames = 16;
    private const long MostBlockBytes = 64L << 20;

    /// <summary>Why the time is not known before the run; null when it is.</summary>
    internal static string? Unknown(ProjectionStack projections)
    {
        for (var stack = projections; ; stack = ((IDerivedStack)stack).Source)
        {
            if (stack is StoredStack { IsLazy: true } stored)
            {
                // To try it would be to run it: a block is computed and kept when anything of it is read.
                return $"without {stored.StepName}, which is computed when the run reads it";
            }

            if (stack is not IDerivedStack)
            {
                return null;
            }
        }
    }

    /// <summary>Seconds for reading everything, by a usual rate.</summary>
    internal static double Typical(ProjectionStack projections) =>
        projections.ByteLength / (projections.IsLazy ? TypicalBytesASecond : 20 * TypicalBytesASecond);

    /// <summary>Seconds for reading everything, measured on some of it.</summary>
    /// <param name="projections">The source.</param>
    /// <param name="rows">Detector rows read together.</param>
    /// <param name="context">Where the cancellation comes from.</param>
    internal static double Measure(ProjectionStack projections, int rows, RunContext context)
    {
        rows = Math.Min(rows, projections.RowCount);
        var frameBytes = (long)rows * projections.ColumnCount * sizeof(float);
        var frames = (int)Math.Clamp(MostBlockBytes / frameBytes, 1, Math.Min(MostFrames, projections.AngleCount));
        var values = new float[frames * rows * projections.ColumnCount];
        var firstRow = (projections.RowCount - rows) / 2;
        // Warnings of a trial are no news: the run will give them.
        using var scope = RunContext.Use(context with { Progress = null, Warning = null });
        var seconds = new List<double>();
        var all = Stopwatch.StartNew();
        // Places far apart, so that neither the file's cache nor the disk's reading ahead answers for the rest of the file.
        for (var i = 0; i < 2 || (all.Elapsed.TotalSeconds < LeastSeconds && i < 64); i++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var first = (int)((projections.AngleCount - frames) * (i * 0.618034 % 1));
            var watch = Stopwatch.StartNew();
            // As runs read: by all threads.
            var pieces = Math.Min(context.MaxThreads, frames);
            ParallelWork.For(pieces, context, piece =>
            {
                var (from, until) = (frames * piece / pieces, frames * (piece + 1) / pieces);
                var size = rows * projections.ColumnCount;
                projections.Read(new StackRegion(first + from, until - from, firstRow, rows), values.AsSpan(from * size, (until - from) * size));
            });
            seconds.Add(watch.Elapsed.TotalSeconds);
        }

        // The first one opens and compiles.
        var block = seconds.Skip(1).Average();
        return block * projections.AngleCount / frames * projections.RowCount / rows;
    }
}
