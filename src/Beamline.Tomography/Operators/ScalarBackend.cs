using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Operators;

/// <summary>
/// The readable reference: every formula once, in double precision, one slice after the other.
/// Joseph, IEEE Trans. Med. Imaging 1 (1982) 192.
/// </summary>
internal sealed class ScalarBackend(ParallelGeometry geometry) : ParallelBackend(geometry)
{
    internal override void Forward(InterleavedSlab image, InterleavedSlab sinogram, RunContext context)
    {
        var size = Geometry.ImageSize;
        var middle = Geometry.ImageCenter;
        for (var a = 0; a < Geometry.AngleCount; a++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (sin, cos) = RayTable.SinCosDegrees(Geometry.AnglesDegrees[a]);
            // A ray is followed along the axis that it runs closer to, one pixel at a time, and the image is
            // interpolated across that axis.
            var alongY = Math.Abs(cos) >= Math.Abs(sin);
            var (major, minor) = alongY ? (cos, sin) : (sin, cos);
            for (var d = 0; d < Geometry.ColumnCount; d++)
            {
                var t = d - Geometry.Axis.Column;
                for (var lane = 0; lane < image.Lanes; lane++)
                {
                    double sum = 0;
                    for (var j = 0; j < size; j++)
                    {
                        var u = ((t - ((j - middle) * minor)) / major) + middle;
                        sum += alongY ? AlongRow(image, j, u, lane) : AlongColumn(image, j, u, lane);
                    }

                    sinogram[a, d, lane] = (float)(sum / Math.Abs(major));
                }
            }
        }
    }

    internal override unsafe void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context)
    {
        var middle = Geometry.ImageCenter;
        for (var y = 0; y < band.OuterCount; y++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < band.InnerCount; x++)
            {
                for (var lane = 0; lane < band.Lanes; lane++)
                {
                    double sum = 0;
                    for (var a = 0; a < Geometry.AngleCount; a++)
                    {
                        var (sin, cos) = RayTable.SinCosDegrees(Geometry.AnglesDegrees[a]);
                        var t = ((x - middle) * cos) + ((firstRow + y - middle) * sin) + Geometry.Axis.Column;
                        var left = (int)Math.Floor(t);
                        for (var d = left; d <= left + 1; d++)
                        {
                            if (d >= 0 && d < Geometry.ColumnCount)
                            {
                                var weight = table.Scale[a] * Math.Max(0, 1 - (Math.Abs(t - d) * table.InverseWidth[a]));
                                sum += weight * sinogram[a, d, lane];
                            }
                        }
                    }

                    band[y, x, lane] = (float)sum;
                }
            }
        }
    }

    public override void Dispose()
    {
        // Holds nothing: the reference has no tables.
    }

    private double AlongRow(InterleavedSlab image, int y, double u, int lane)
    {
        var left = (int)Math.Floor(Math.Clamp(u, -2, Geometry.ImageSize + 1));
        var f = u - left;
        return (Inside(left) ? (1 - f) * image[y, left, lane] : 0) + (Inside(left + 1) ? f * image[y, left + 1, lane] : 0);
    }

    private double AlongColumn(InterleavedSlab image, int x, double u, int lane)
    {
        var top = (int)Math.Floor(Math.Clamp(u, -2, Geometry.ImageSize + 1));
        var f = u - top;
        return (Inside(top) ? (1 - f) * image[top, x, lane] : 0) + (Inside(top + 1) ? f * image[top + 1, x, lane] : 0);
    }

    private bool Inside(int index) => index >= 0 && index < Geometry.ImageSize;
}
