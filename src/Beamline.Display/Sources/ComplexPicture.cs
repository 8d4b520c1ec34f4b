using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Complex values as amplitude (in the colors asked for) and phase (in cyclic ones) beside each other.</summary>
internal static class ComplexPicture
{
    public static PictureView Draw(ComplexImage image, ViewOptions options)
    {
        var (amplitude, phase) = (image.Amplitude(), image.Phase());
        var plane = new Plane(image.RowCount, image.ColumnCount, amplitude.Values.ToArray());
        var turns = plane with { Values = phase.Values.ToArray() };
        var (sample, summary) = (ValueSample.Of(plane), ValueSummary.Of(plane.Values));
        var range = ValueRange.Choose(options, sample);
        var cyclic = options with { Map = ColorMap.Phase, Window = ValueWindow.Default };
        Panel[] panels =
        [
            ImagePicture.PanelOf(amplitude, plane, "x", "y", options, range, summary),
            ImagePicture.PanelOf(phase, turns, "x", "y", cyclic, ValueRange.Choose(cyclic, sample), ValueSummary.Of(turns.Values)),
        ];
        var text = $"ComplexImage 2 x float32 {image.RowCount}x{image.ColumnCount}{Describe.PixelSize(image.PixelSizeX, image.PixelSizeY)}, " +
            $"amplitude {Describe.Range(summary, image.Quantity)}";
        return PictureView.Draw(options.Title ?? image.Title, panels, options, text, Describe.Window(options, range, sample),
            () => ImageViewer.Write(image, text, range, options));
    }
}
