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
        // One piece is one angle and 64 columns: small enough to share evenly, large enough to hide the hand-over.
        const int ColumnsAPiece = 64;
        var pieces = (Geometry.ColumnCount + ColumnsAPiece - 1) / ColumnsAPiece;
        ParallelWork.For(Geometry.AngleCount * pieces, context, i =>
        {
            var (angle, piece) = (i / pieces, i % pieces);
            var first = piece * ColumnsAPiece;
            var last = Math.Min(first + ColumnsAPiece, Geometry.ColumnCount);
            if (VectorUnit.Has512)
            {
                ForwardPiece<Width512, Vector512<float>>(image, sinogram, angle, first, last);
            }
            else
            {
                ForwardPiece<Width256, Vector256<float>>(image, sinogram, angle, first, last);
            }
        });
    }

    internal override void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context)
    {
        const int Tile = 16;
        var across = (band.InnerCount + Tile - 1) / Tile;
        var down = (band.OuterCount + Tile - 1) / Tile;
        ParallelWork.For(across * down, context, i =>
        {
            var y = i / across * Tile;
            var x = i % across * Tile;
            var tile = new PixelTile(
                x, Math.Min(x + Tile, band.InnerCount), y, Math.Min(y + Tile, band.OuterCount), firstRow);
            if (VectorUnit.Has512)
            {
                BackprojectTile<Width512, Vector512<float>>(sinogram, table, band, tile);
            }
            else
            {
                BackprojectTile<Width256, Vector256<float>>(sinogram, table, band, tile);
            }
        });
    }

    public override void Dispose() => _rays.Dispose();

    /// <summary>Pixels of a band; FirstRow is the image row of the band's row 0.</summary>
    private readonly record struct PixelTile(int X0, int X1, int Y0, int Y1, int FirstRow);
}
