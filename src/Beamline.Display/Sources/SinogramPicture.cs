using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>A sinogram as one panel: angles down, detector columns across.</summary>
internal static class SinogramPicture
{
    public static PictureView Draw(Sinogram sinogram, ViewOptions options)
    {
        if (sinogram.AngleCount == 0)
        {
            throw new ArgumentException("The sinogram has no angle: there is nothing to draw.", nameof(sinogram));
        }

        var plane = PlaneOf(sinogram);
        var sample = ValueSample.Of(plane);
        var range = ValueRange.Choose(options, sample);
        var summary = ValueSummary.Of(sinogram.Values);
        var panel = PanelOf(sinogram, plane, options, range, summary);
        var text = $"Sinogram float32 {sinogram.AngleCount} angles x {sinogram.ColumnCount} columns" +
            $"{Describe.PixelSize(sinogram.PixelSize, null)}, detector row {sinogram.DetectorRow}, " +
            Describe.Range(summary, sinogram.Quantity);
        return PictureView.Draw(
            "", [panel with { Title = options.Title ?? panel.Title }], options, text, Describe.Window(options, range, sample),
            () => ImageViewer.Write(sinogram, text, range, options));
    }

    public static Plane PlaneOf(Sinogram sinogram) =>
        new(sinogram.AngleCount, sinogram.ColumnCount, sinogram.Values.ToArray());

    public static Panel PanelOf(
        Sinogram sinogram, Plane plane, ViewOptions options, ValueRange range, ValueSummary summary)
    {
        var width = ImagePicture.Usable(sinogram.PixelSize);
        var unit = LengthUnit.ForExtent(new Length((width?.Meters ?? 0) * sinogram.ColumnCount));
        return new Panel
        {
            Plane = plane,
            Title = $"sinogram, detector row {sinogram.DetectorRow}",
            X = AxisScale.Even("column", plane.ColumnCount, 1, width, unit),
            Y = AxisScale.Angles(sinogram.AnglesDegrees),
            Range = range,
            Map = options.Map,
            Summary = summary,
            Quantity = sinogram.Quantity,
            PixelWidth = width,
            PixelAspect = null,
            HasScaleBar = options.ScaleBar,
        };
    }
}
