using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The viewer of flat values with 16 bits each: an image, a sinogram, two images.</summary>
internal static class ImageViewer
{
    public static ViewerPayload Write(IReadOnlyList<(string Name, Image Image)> images, string text, ValueRange range, ViewOptions options)
    {
        var first = images[0].Image;
        var planes = images.Select(i => (i.Name, new Plane(i.Image.RowCount, i.Image.ColumnCount, i.Image.Values.ToArray()))).ToArray();
        return ViewerPayload.Write(
            "image", text, Axes(first), first.Quantity, Pack(planes), range, options, null, LiveArrays.Add([.. images.Select(i => i.Image)]));
    }

    public static ViewerPayload Write(Sinogram sinogram, string text, ValueRange range, ViewOptions options) => ViewerPayload.Write(
        "sinogram", text, [ViewerAxis.None, ViewerAxis.Angles(sinogram.AnglesDegrees), ViewerAxis.Even("column", sinogram.PixelSize)],
        sinogram.Quantity, Pack([("", SinogramPicture.PlaneOf(sinogram))]), range, options, null, LiveArrays.Add([sinogram]));

    public static ViewerPayload Write(ComplexImage image, string text, ValueRange range, ViewOptions options)
    {
        var axes = Axes(new Image(1, 1) { PixelSizeX = image.PixelSizeX, PixelSizeY = image.PixelSizeY });
        Plane real = new(image.RowCount, image.ColumnCount, image.Real.ToArray());
        return ViewerPayload.Write("complex", text, axes, image.Quantity,
            Pack([("real", real), ("imaginary", real with { Values = image.Imaginary.ToArray() })]), range, options, null, null,
            options.Complex?.ToString().ToLowerInvariant());
    }

    /// <summary>One slice of an image's rows and columns.</summary>
    public static JsonArray Axes(Image image) =>
    [
        ViewerAxis.None,
        ViewerAxis.Even("y", image.PixelSizeY ?? image.PixelSizeX),
        ViewerAxis.Even("x", image.PixelSizeX ?? image.PixelSizeY),
    ];

    /// <summary>Packs planes of one shape; where that takes too much, means of 2 x 2 pixels, of 3 x 3, and so on.</summary>
    public static JsonArray Pack(IReadOnlyList<(string Name, Plane Plane)> planes)
    {
        var first = planes[0].Plane;
        // What a few rows take tells how coarse the values must become, so that a large image is not packed in vain.
        var affordable = ViewerPayload.Budget / planes.Count / ViewerPart.WideCost(first.Values, first.ColumnCount);
        for (var step = Math.Max(1, (int)Math.Sqrt(first.Values.Length / affordable)); ; step++)
        {
            JsonArray parts = [.. planes.Select(p => ViewerPart.Wide(Bin(p.Plane, step), p.Name))];
            if (parts.Sum(p => (long)p!["bytes"]!.GetValue<string>().Length) <= ViewerPayload.Budget)
            {
                return parts;
            }
        }
    }

    private static Preview Bin(Plane plane, int step)
    {
        int[] shape = [1, plane.RowCount, plane.ColumnCount];
        return step == 1
            ? new Preview(shape, [1, 1, 1], plane.Values)
            : PreviewBinning.Make(shape, [1, step, step], long.MaxValue, (_, row) => plane.Row(row));
    }
}
