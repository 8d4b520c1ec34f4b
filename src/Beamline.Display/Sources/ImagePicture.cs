using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>An image as one panel.</summary>
internal static class ImagePicture
{
    public static PictureView Draw(Image image, ViewOptions options)
    {
        var plane = new Plane(image.RowCount, image.ColumnCount, image.Values.ToArray());
        var sample = ValueSample.Of(plane);
        var range = ValueRange.Choose(options, sample);
        var summary = ValueSummary.Of(image.Values);
        var panel = PanelOf(image, plane, "x", "y", options, range, summary) with
        {
            Title = options.Title ?? image.Title,
        };
        var text = $"Image float32 {image.RowCount}x{image.ColumnCount}" +
            $"{Describe.PixelSize(image.PixelSizeX, image.PixelSizeY)}, {Describe.Range(summary, image.Quantity)}";
        return PictureView.Draw("", [panel], options, text, Describe.Window(options, range, sample),
            () => ImageViewer.Write([("", image)], text, range, options));
    }

    /// <summary>A panel of pixels whose sizes an image knows.</summary>
    public static Panel PanelOf(
        Image image, Plane plane, string x, string y, ViewOptions options, ValueRange range, ValueSummary summary)
    {
        // One known edge stands for both: pixels are square unless it is said that they are not.
        var width = Usable(image.PixelSizeX ?? image.PixelSizeY);
        var height = Usable(image.PixelSizeY ?? image.PixelSizeX);
        var unit = LengthUnit.ForExtent(new Length(Math.Max(
            (width?.Meters ?? 0) * plane.ColumnCount * plane.ColumnStep, (height?.Meters ?? 0) * plane.RowCount * plane.RowStep)));
        return new Panel
        {
            Plane = plane,
            Title = image.Title,
            X = AxisScale.Even(x, plane.ColumnCount, plane.ColumnStep, width, unit),
            Y = AxisScale.Even(y, plane.RowCount, plane.RowStep, height, unit),
            Range = range,
            Map = options.Map,
            Summary = summary,
            Quantity = image.Quantity,
            PixelWidth = width,
            PixelAspect = width is { } w && height is { } h ? h.Meters / w.Meters : 1,
            HasScaleBar = options.ScaleBar,
        };
    }

    /// <summary>A size from a file may be zero or nonsense: such a size is as good as none.</summary>
    public static Length? Usable(Length? size) =>
        size is { } length && double.IsFinite(length.Meters) && length.Meters > 0 ? length : null;
}
