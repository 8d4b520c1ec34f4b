using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Gridding;

/// <summary>The lengths of the transforms of a Fourier reconstruction, and where its samples lie.</summary>
/// <remarks>
/// Padded rows of length L have the spectrum at k / L cycles for each pixel. The image is the sum over angles and k of the filtered
/// spectrum times exp(2 pi i k / L (x cos a + y sin a)): a non-uniform Fourier transform from points (k cos a, k sin a) G / L
/// of a grid of G x G, whose period G is longer than the image.
/// </remarks>
internal sealed class FourierGrid
{
    internal FourierGrid(ParallelGeometry geometry, FourierOptions options)
    {
        Geometry = geometry;
        RowLength = RowLengthFor(geometry.ColumnCount, geometry.ImageSize, options);
        GridSize = GridSizeFor(geometry.ImageSize, options);
        // Neighboring angles share grid points: in this order these are still in the cache.
        Order = [.. Enumerable.Range(0, geometry.AngleCount).OrderBy(a => Folded(geometry.AnglesDegrees[a])).ThenBy(a => a)];
        Directions = [.. Order.Select(a => Operators.RayTable.SinCosDegrees(geometry.AnglesDegrees[a]))];
    }

    internal ParallelGeometry Geometry { get; }

    /// <summary>Length of a padded row's transform.</summary>
    internal int RowLength { get; }

    /// <summary>Points of the grid along each edge.</summary>
    internal int GridSize { get; }

    /// <summary>The angles, sorted modulo 180 degrees.</summary>
    internal int[] Order { get; }

    /// <summary>Sine and cosine of the sorted angles.</summary>
    internal (double Sin, double Cos)[] Directions { get; }

    /// <summary>The image's pixel 0 in whole pixels from the origin of the transform.</summary>
    internal int FirstPixel => -(Geometry.ImageSize / 2);

    /// <summary>What the middle of the image lies off the origin of the transform: half a pixel when the size is even.</summary>
    internal double HalfPixel => Geometry.ImageCenter + FirstPixel;

    internal static int RowLengthFor(int columns, int imageSize, AnalyticOptions options) =>
        // Twice the width keeps the ends of a row from wrapping around onto each other. Rows are periodic, and the corners
        // of a picture larger than the detector must not reach the next period, wherever the axis is.
        MultipleOfFour(options.Padding == SinogramPadding.None
            ? columns
            : Math.Max(2 * columns, (int)Math.Ceiling(imageSize / Math.Sqrt(2)) + columns));

    internal static int GridSizeFor(int imageSize, FourierOptions options) =>
        MultipleOfFour(Math.Max((int)Math.Ceiling(imageSize * options.Oversampling), 4 * GriddingKernel.Room));

    /// <summary>A length that transforms are good at; the sampled ramp wants a multiple of four.</summary>
    private static int MultipleOfFour(int least) => 4 * LaneFft.GoodLength((least + 3) / 4);

    private static double Folded(double degrees)
    {
        var angle = degrees % 180;
        return angle < 0 ? angle + 180 : angle;
    }
}
