using System.Runtime.CompilerServices;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>Most angles of one task; also enough to make fetching a block into the first cache worthwhile.</summary>
    private const int MostAngles = 48;

    /// <summary>Fewer angles are not taken together, if there are more: the image would be fetched too often.</summary>
    private const int LeastAngles = 16;

    /// <summary>A ray at 45 degrees touches a block's corner when it crosses the block's middle line so far beside it.</summary>
    private const int Beyond = (BlockEdge / 2) + 1;

    /// <summary>Rays of one angle that cross a block, which may be the whole image: they are at least a pixel apart.</summary>
    private const int MostRays = BlockEdge + (2 * Beyond) + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Forward<TSteps>(InterleavedSlab image, InterleavedSlab sinogram, RayTask task, RunContext context)
        where TSteps : struct, ISteps
    {
        var memory = stackalloc float[(MostRays * ISteps.Stride) + ISteps.Count];
        var places = Aligned(memory);
        var size = Geometry.ImageSize;
        foreach (var rays in task.Angles)
        {
            new Span<float>(Target(rays, task.FirstRay), (task.EndRay - task.FirstRay) * image.Lanes).Clear();
        }

        for (var line = 0; line < size; line += BlockEdge)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var lines = Math.Min(BlockEdge, size - line);
            for (var place = 0; place < size; place += BlockEdge)
            {
                // Rays farther outside do not touch the image.
                var from = place == 0 ? -Beyond : place;
                var to = place + BlockEdge >= size ? size + Beyond : place + BlockEdge;
                foreach (var rays in task.Angles)
                {
                    // A ray belongs to the block that it crosses the middle line of.
                    var (first, end) = rays.Crossing(line + ((BlockEdge - 1) / 2f), from, to, task.FirstRay, task.EndRay);
                    if (first < end)
                    {
                        var (row, pixel) = ((int)image.RowStride, image.Lanes);
                        var (major, minor) = rays.AlongY ? (row, pixel) : (pixel, row);
                        var run = new RayRun(rays, first, end - first, line, place, size, major, minor);
                        TSteps.PlaceRays(run, places);
                        var origin = image.Origin + ((long)line * major) + ((long)place * minor);
                        TSteps.Gather(origin, minor, places, run.Count, lines, Target(rays, first), image.Lanes, onto: true);
                    }
                }
            }
        }

        GC.KeepAlive(this);
        GC.KeepAlive(image);
        GC.KeepAlive(sinogram);

        float* Target(RayLine rays, int ray) => sinogram.Origin + (rays.Angle * sinogram.RowStride) + ((long)ray * sinogram.Lanes);
    }

    /// <summary>
    /// Angles whose rays run along the same axis and, where these are too few for the threads to share, parts of their rays.
    /// Each ray is summed line by line from the first to the last, whatever the tasks.
    /// </summary>
    private List<RayTask> RayTasks(int threads)
    {
        // Several tasks for each thread share the work evenly; pieces of fewer than 64 columns do not pay.
        var wanted = threads == 1 ? 1 : 4 * threads;
        var atOnce = Math.Clamp((Geometry.AngleCount + wanted - 1) / wanted, LeastAngles, MostAngles);
        var sets = Enumerable.Range(0, Geometry.AngleCount)
            .Select(angle => new RayLine(_rays, angle, Geometry))
            .GroupBy(rays => rays.AlongY)
            .SelectMany(group => group.Chunk(Even(group.Count(), atOnce)))
            .ToList();
        var columns = Geometry.ColumnCount;
        var width = Even(columns, Math.Max(64, columns * sets.Count / wanted));
        return
        [
            .. sets.SelectMany(set => Enumerable.Range(0, (columns + width - 1) / width)
                .Select(i => new RayTask(set, i * width, Math.Min((i + 1) * width, columns)))),
        ];

        // The size of equal parts of at most that size.
        static int Even(int count, int most)
        {
            var parts = (count + most - 1) / most;
            return (count + parts - 1) / parts;
        }
    }

    private sealed record RayTask(RayLine[] Angles, int FirstRay, int EndRay);
}
