using Beamline.Arrays;
using Plotly.NET;

namespace Beamline.Display;

/// <content>Values along a line through an array.</content>
public static partial class Plot
{
    /// <summary>The values of one row of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public static GenericChart Profile(Image image, int row)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Along("x", image.Row(row).ToArray(), image.PixelSizeX ?? image.PixelSizeY, image.Quantity, Titled(image, $"row {row}"));
    }

    /// <summary>The values of one column of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static GenericChart ColumnProfile(Image image, int column)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (column < 0 || column >= image.ColumnCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(column), column, $"There is no column {column}: the columns are 0 to {image.ColumnCount - 1}.");
        }

        var values = Enumerable.Range(0, image.RowCount).Select(y => image[y, column]).ToArray();
        return Along("y", values, image.PixelSizeY ?? image.PixelSizeX, image.Quantity, Titled(image, $"column {column}"));
    }

    /// <summary>
    /// The values on a straight line between two points of an image, by bilinear interpolation, about one for each pixel.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="fromY">Row of the first point; pixel centers are whole numbers.</param>
    /// <param name="fromX">Column of the first point.</param>
    /// <param name="toY">Row of the last point.</param>
    /// <param name="toX">Column of the last point.</param>
    /// <exception cref="ArgumentOutOfRangeException">A point lies outside the centers of the outer pixels.</exception>
    /// <exception cref="ArgumentException">The two points are the same.</exception>
    public static GenericChart LineProfile(Image image, double fromY, double fromX, double toY, double toX)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireInside(image, fromY, fromX, nameof(fromY));
        RequireInside(image, toY, toX, nameof(toY));
        var pixels = Math.Sqrt(((toY - fromY) * (toY - fromY)) + ((toX - fromX) * (toX - fromX)));
        if (pixels == 0)
        {
            throw new ArgumentException("The two points of the line are the same: give two different ones.", nameof(toX));
        }

        var sizeX = ImagePicture.Usable(image.PixelSizeX ?? image.PixelSizeY);
        var sizeY = ImagePicture.Usable(image.PixelSizeY ?? image.PixelSizeX);
        var (length, unit) = (pixels, "px");
        if (sizeX is { } across && sizeY is { } down)
        {
            var meters = Math.Sqrt(Math.Pow((toY - fromY) * down.Meters, 2) + Math.Pow((toX - fromX) * across.Meters, 2));
            var axis = LengthUnit.ForExtent(new Length(meters));
            (length, unit) = (meters / axis.Meters, axis.Symbol);
        }

        var steps = Math.Max(1, (int)Math.Ceiling(pixels));
        var places = new double[steps + 1];
        var values = new double[steps + 1];
        for (var i = 0; i <= steps; i++)
        {
            var t = (double)i / steps;
            places[i] = t * length;
            values[i] = Bilinear(image, fromY + (t * (toY - fromY)), fromX + (t * (toX - fromX)));
        }

        var title = FormattableString.Invariant($"({fromY:0.##}, {fromX:0.##}) to ({toY:0.##}, {toX:0.##})");
        return Line(places, values, new(Titled(image, title), $"distance ({unit})", NameOf(image.Quantity)));
    }

    /// <summary>The values of one row of a volume, along x.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="z">The slice, from 0.</param>
    /// <param name="y">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice or row.</exception>
    public static GenericChart Profile(Volume volume, int z, int y)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return Along("x", volume.Row(z, y).ToArray(), volume.VoxelSize?.X, volume.Quantity, $"z = {z}, y = {y}");
    }

    /// <summary>A value between pixels. A NaN among those that count makes it NaN.</summary>
    internal static double Bilinear(Image image, double y, double x)
    {
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, image.RowCount - 1), Math.Min(left + 1, image.ColumnCount - 1));
        var (down, across) = (y - top, x - left);
        double Between(double a, double b, double t) => t == 0 ? a : a + ((b - a) * t);
        return Between(
            Between(image[top, left], image[top, right], across), Between(image[bottom, left], image[bottom, right], across), down);
    }

    private static GenericChart Along(string axis, float[] values, Length? pixel, Quantity quantity, string title)
    {
        var size = ImagePicture.Usable(pixel);
        var unit = LengthUnit.ForExtent(new Length((size?.Meters ?? 0) * values.Length));
        var step = size is { } length ? length.Meters / unit.Meters : 1;
        var places = Enumerable.Range(0, values.Length).Select(i => i * step).ToArray();
        return Line(places, Array.ConvertAll(values, v => (double)v),
            new(title, $"{axis} ({(size is null ? "px" : unit.Symbol)})", NameOf(quantity)));
    }

    private static string Titled(Image image, string where) => image.Title.Length > 0 ? $"{image.Title}, {where}" : where;

    private static string NameOf(Quantity quantity) => quantity.ToString() is { Length: > 0 } name ? name : "value";

    private static void RequireInside(Image image, double y, double x, string name)
    {
        if (!(y >= 0 && y <= image.RowCount - 1 && x >= 0 && x <= image.ColumnCount - 1))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant(
                $"The point ({y:0.##}, {x:0.##}) lies outside the image: rows go from 0 to {image.RowCount - 1}, columns from 0 to {image.ColumnCount - 1}."));
        }
    }
}
