using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Operators;

/// <summary>
/// Vector instructions on all cores. The slice index is fastest, so one index and one weight serve all lanes with
/// aligned full-width loads: no gathers, no scatters, no atomics (docs/adr/0004). What is read stays in the first cache while
/// it is used: 16 x 16 pixels over 16 angles in backprojection, 16 x 16 pixels under all rays in projection (docs/adr/0033).
/// </summary>
internal sealed partial class SimdBackend : ParallelBackend
{
    /// <summary>Edge of the blocks of pixels that stay in the first cache.</summary>
    private const int BlockEdge = 16;

    private readonly RayTable _rays;

    internal SimdBackend(ParallelGeometry geometry)
        : base(geometry) => _rays = RayTable.Joseph(geometry.AnglesDegrees);

    internal override void Forward(InterleavedSlab image, InterleavedSlab sinogram, RunContext context)
    {
        var tasks = RayTasks(context.MaxThreads);
        ParallelWork.For(tasks.Count, context, i =>
        {
            if (VectorUnit.Has512)
            {
                Forward<Steps512>(image, sinogram, tasks[i], context);
            }
            else
            {
                Forward<Steps256>(image, sinogram, tasks[i], context);
            }
        });
    }

    internal override void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context)
    {
        var tiles = PixelTile.Cut(band, firstRow, context.MaxThreads);
        ParallelWork.For(tiles.Count, context, i =>
        {
            if (VectorUnit.Has512)
            {
                Backproject<Steps512>(sinogram, table, band, tiles[i]);
            }
            else
            {
                Backproject<Steps256>(sinogram, table, band, tiles[i]);
            }
        });
    }

    public override void Dispose() => _rays.Dispose();

    /// <summary>A whole vector's start in memory that is <see cref="ISteps.Count"/> floats longer than needed.</summary>
    private static unsafe float* Aligned(float* memory) => (float*)(((nuint)memory + 63) & ~(nuint)63);
}
