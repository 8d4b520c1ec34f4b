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
        var window = Describe.Window(options, range, sample);
        // Window and colors that the viewer begins with.
        var (began, beganRange) = (options, range);
        if (options.Complex == ComplexPart.Amplitude)
        {
            panels = [panels[0]];
        }
        else if (options.Complex == ComplexPart.Phase)
        {
            panels = [panels[1]];
            (began, beganRange) = (cyclic, ValueRange.Choose(cyclic, sample));
            window = Describe.Window(began, beganRange, sample);
        }
        else if (options.Complex is { } part)
        {
            var plain = new Plane(image.RowCount, image.ColumnCount, (part == ComplexPart.Real ? image.Real : image.Imaginary).ToArray());
            var own = ValueSample.Of(plain);
            beganRange = ValueRange.Choose(options, own);
            panels = [ImagePicture.PanelOf(amplitude, plain, "x", "y", options, beganRange, ValueSummary.Of(plain.Values)) with { Title = part == ComplexPart.Real ? "real part" : "imaginary part" }];
            window = Describe.Window(options, beganRange, own);
        }

        return PictureView.Draw(options.Title ?? image.Title, panels, options, text, window,
            () => ImageViewer.Write(image, text, beganRange, began));
    }
}
