using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Two images or volumes of one shape beside each other, and their difference.</summary>
internal static class ComparePicture
{
    public static PictureView Draw((string Name, Image Image) first, (string Name, Image Image) second, ViewOptions options)
    {
        CheckShapes([first.Image.RowCount, first.Image.ColumnCount], [second.Image.RowCount, second.Image.ColumnCount]);
        var text = $"Image float32 {first.Image.RowCount}x{first.Image.ColumnCount}{Describe.PixelSize(first.Image.PixelSizeX, first.Image.PixelSizeY)}, " +
            $"{first.Name} and {second.Name}";
        return Draw(first, second, options, text, range => ImageViewer.Write([first, second], text, range, options));
    }

    public static PictureView Draw((string Name, Volume Volume) first, (string Name, Volume Volume) second, ViewOptions options)
    {
        int[] shape = [first.Volume.SliceCount, first.Volume.RowCount, first.Volume.ColumnCount];
        CheckShapes(shape, [second.Volume.SliceCount, second.Volume.RowCount, second.Volume.ColumnCount]);
        var z = StackPicture.Index(options.SliceZ, shape[0], "slice");
        int[] at = [z, StackPicture.Index(options.SliceY, shape[1], "row"), StackPicture.Index(options.SliceX, shape[2], "column")];
        var text = $"Volume float32 {string.Join('x', shape)}{Describe.VoxelSize(first.Volume.VoxelSize)}, {first.Name} and {second.Name}, slice z = {z}";
        return Draw((first.Name, first.Volume.SliceXY(z)), (second.Name, second.Volume.SliceXY(z)), options, text,
            range => VolumeViewer.Write([first, second], text, range, options, at));
    }

    private static PictureView Draw(
        (string Name, Image Image) first, (string Name, Image Image) second, ViewOptions options, string text, Func<ValueRange, ViewerPayload> viewer)
    {
        var (a, b) = (Of(first.Image), Of(second.Image));
        var difference = new Plane(a.RowCount, a.ColumnCount, [.. b.Values.Zip(a.Values, (after, before) => after - before)]);
        var (sample, apart) = (ValueSample.Of(a, b), ValueSample.Of(difference));
        var range = ValueRange.Choose(options, sample);
        var colored = options with { Map = ColorMap.Diverging, Window = ValueWindow.Default };
        Panel[] panels =
        [
            Panel(first.Image, a, first.Name, options, range),
            Panel(first.Image, b, second.Name, options, range),
            Panel(first.Image, difference, $"{second.Name} − {first.Name}", colored, ValueRange.Choose(colored, apart)),
        ];
        return PictureView.Draw(options.Title ?? "", panels, options, text, Describe.Window(options, range, sample), () => viewer(range));
    }

    private static Plane Of(Image image) => new(image.RowCount, image.ColumnCount, image.Values.ToArray());

    private static Panel Panel(Image image, Plane plane, string title, ViewOptions options, ValueRange range) =>
        ImagePicture.PanelOf(image, plane, "x", "y", options, range, ValueSummary.Of(plane.Values)) with { Title = title };

    private static void CheckShapes(int[] first, int[] second)
    {
        if (!first.SequenceEqual(second))
        {
            throw new ArgumentException(
                $"Shapes differ: {string.Join(" x ", first)} and {string.Join(" x ", second)}. Only arrays of one shape can be compared pixel by pixel.");
        }
    }
}
