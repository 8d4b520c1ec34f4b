using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>A volume as its three planes through one point and its maximum along z.</summary>
internal static class VolumePicture
{
    public static PictureView Draw(Volume volume, ViewOptions options)
    {
        var z = StackPicture.Index(options.SliceZ, volume.SliceCount, "slice");
        var y = StackPicture.Index(options.SliceY, volume.RowCount, "row");
        var x = StackPicture.Index(options.SliceX, volume.ColumnCount, "column");
        using var scattered = volume.Memory.ScatteredReads();
        Plane[] slices = [VolumePlanes.XY(volume, z), VolumePlanes.XZ(volume, y), VolumePlanes.YZ(volume, x)];
        var maximum = VolumePlanes.Maximum(volume, out var slicesUsed);
        var sample = ValueSample.Of(slices);
        var range = ValueRange.Choose(options, sample);
        // Values of a maximum lie so high that the window of the slices would show them all white.
        var maximumRange = ValueRange.Choose(options, ValueSample.Of(maximum));
        var size = volume.VoxelSize;
        var over = slicesUsed == volume.SliceCount ? "maximum along z" : $"maximum of {slicesUsed} of {volume.SliceCount} slices";
        Panel[] panels =
        [
            Panel(slices[0], $"z = {z}", "x", "y", size?.X, size?.Y, range),
            Panel(slices[1], $"y = {y}", "x", "z", size?.X, size?.Z, range),
            Panel(slices[2], $"x = {x}", "y", "z", size?.Y, size?.Z, range),
            Panel(maximum, over, "x", "y", size?.X, size?.Y, maximumRange),
        ];
        var shown = panels.Take(3).Aggregate(ValueSummary.None, (sum, panel) => sum.And(panel.Summary));
        var whole = VolumePlanes.Summarize(volume);
        var text = $"Volume float32 {volume.SliceCount}x{volume.RowCount}x{volume.ColumnCount}{Describe.VoxelSize(size)}, " +
            Describe.Range(whole ?? shown, volume.Quantity, ofShown: whole is null);
        return PictureView.Draw(options.Title ?? "", panels, options, text, Describe.Window(options, range, sample),
            () => VolumeViewer.Write([("", volume)], text, range, options, [z, y, x]));

        Panel Panel(Plane plane, string title, string across, string down, Length? width, Length? height, ValueRange window)
        {
            // Only a carrier of sizes and meaning: the values are those of the plane.
            var image = new Image(1, 1) { PixelSizeX = width, PixelSizeY = height, Quantity = volume.Quantity, Title = Sparse(plane, title) };
            return ImagePicture.PanelOf(image, plane, across, down, options, window, ValueSummary.Of(plane.Values));
        }
    }

    private static string Sparse(Plane plane, string title) =>
        plane.RowStep > 1 ? $"{title} (every {plane.RowStep:0}{Ordinal((int)plane.RowStep)} voxel)" : title;

    private static string Ordinal(int number) => (number % 100 is >= 11 and <= 13 ? 0 : number % 10) switch
    {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
}
