using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Operators;

/// <summary>
/// Vector instructions on all cores. The slice index is fastest, so one index and one weight serve all lanes with
/// aligned full-width loads: no gathers, no scatters, no atomics (docs/adr/0004).
/// </summary>
internal sealed partial class SimdBackend : ParallelBackend
{
    private readonly RayTable _rays;

    internal SimdBackend(ParallelGeometry geometry)
        : base(geometry) => _rays = RayTable.Joseph(geometry.AnglesDegrees);

    internal override void Forward(InterleavedSlab image, InterleavedSlab sinogram, RunContext context)
    {
        var angles = Enumerable.Range(0, Geometry.AngleCount).ToLookup(RunsAlongY);
        ForwardAngles([.. angles[true]], image, sinogram, context);
        ForwardAngles([.. angles[false]], image, sinogram, context);
    }

    /// <summary>
    /// Projects at angles whose rays run along the same axis. All rays pass over one band of lines across that axis
    /// before the next band: the band stays in the cache, while a whole slab would be fetched anew for each angle.
    /// </summary>
    private void ForwardAngles(int[] angles, InterleavedSlab image, InterleavedSlab sinogram, RunContext context)
    {
        // One piece is one angle and 64 columns: small enough to share evenly, large enough to hide the hand-over.
        const int ColumnsAPiece = 64;
        const long BandBytes = 1 << 20;
        var pieces = (Geometry.ColumnCount + ColumnsAPiece - 1) / ColumnsAPiece;
        // As if there were 32 lanes always: sums are made band by band, and must not depend on the other slices of a slab.
        var lineBytes = (long)Geometry.ImageSize * 32 * sizeof(float);
        var lines = (int)Math.Clamp(BandBytes / lineBytes, 8, Geometry.ImageSize);
        var linesAtOnce = lines >= Vector512<float>.Count ? Vector512<float>.Count : 8;
        lines = Math.Max(lines / linesAtOnce, 1) * linesAtOnce;
        for (var start = 0; start < Geometry.ImageSize; start += lines)
        {
            var (first, end) = (start, Math.Min(start + lines, Geometry.ImageSize));
            ParallelWork.For(angles.Length * pieces, context, i =>
            {
                var column = i % pieces * ColumnsAPiece;
                var rays = new RayBlock(
                    angles[i / pieces], column, Math.Min(column + ColumnsAPiece, Geometry.ColumnCount), first, end, linesAtOnce);
                if (VectorUnit.Has512)
                {
                    ForwardPiece512(image, sinogram, rays);
                }
                else
                {
                    ForwardPiece<Width256, Vector256<float>>(image, sinogram, rays);
                }
            });
        }
    }

    private unsafe bool RunsAlongY(int angle) => MathF.Abs(_rays.Cos[angle]) >= MathF.Abs(_rays.Sin[angle]);

    internal override void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context)
    {
        // Large tiles read a column more often while it is in the cache; small ones share the work more evenly.
        var size = Tiles(64) >= 4 * context.MaxThreads ? 64 : 32;
        var across = (band.InnerCount + size - 1) / size;
        ParallelWork.For(Tiles(size), context, i =>
        {
            var y = i / across * size;
            var x = i % across * size;
            var tile = new PixelTile(x, Math.Min(x + size, band.InnerCount), y, Math.Min(y + size, band.OuterCount), firstRow);
            if (VectorUnit.Has512)
            {
                BackprojectTile512(sinogram, table, band, tile);
            }
            else
            {
                BackprojectTile256(sinogram, table, band, tile);
            }
        });

        int Tiles(int edge) => ((band.InnerCount + edge - 1) / edge) * ((band.OuterCount + edge - 1) / edge);
    }

    public override void Dispose() => _rays.Dispose();

    /// <summary>Neighboring rays of one angle, and the lines of the image that they pass over, some at a time.</summary>
    private readonly record struct RayBlock(int Angle, int FirstColumn, int EndColumn, int FirstLine, int EndLine, int LinesAtOnce);

    /// <summary>Pixels of a band; FirstRow is the image row of the band's row 0.</summary>
    private readonly record struct PixelTile(int X0, int X1, int Y0, int Y1, int FirstRow);
}
