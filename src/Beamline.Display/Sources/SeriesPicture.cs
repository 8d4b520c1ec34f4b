using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Images that follow each other: the first, the middle and the last of them.</summary>
internal static class SeriesPicture
{
    public static PictureView Draw(IReadOnlyList<Image> images, ViewOptions options)
    {
        if (images.Count == 0)
        {
            throw new ArgumentException("The series has no image: there is nothing to draw.", nameof(images));
        }

        var first = images[0];
        if (images.FirstOrDefault(i => i is null || i.RowCount != first.RowCount || i.ColumnCount != first.ColumnCount) is { } other)
        {
            throw new ArgumentException(
                $"The images of a series have one shape, but there are {first.RowCount} x {first.ColumnCount} and {other.RowCount} x {other.ColumnCount}.",
                nameof(images));
        }

        int[] shown = [.. new[] { 0, images.Count / 2, images.Count - 1 }.Distinct()];
        var planes = shown.Select(i => new Plane(first.RowCount, first.ColumnCount, images[i].Values.ToArray())).ToArray();
        var sample = ValueSample.Of(planes);
        var range = ValueRange.Choose(options, sample);
        var panels = shown.Select((index, i) => ImagePicture.PanelOf(first, planes[i], "x", "y", options, range, ValueSummary.Of(planes[i].Values)) with
        {
            Title = images[index].Title.Length > 0 ? images[index].Title : $"image {index}",
        }).ToArray();
        var summary = panels.Aggregate(ValueSummary.None, (sum, panel) => sum.And(panel.Summary));
        var text = $"Series of {images.Count} images float32 {first.RowCount}x{first.ColumnCount}" +
            $"{Describe.PixelSize(first.PixelSizeX, first.PixelSizeY)}, {Describe.Range(summary, first.Quantity, ofShown: true)}";
        return PictureView.Draw(options.Title ?? "", panels, options, text, Describe.Window(options, range, sample),
            () => SeriesViewer.Write(images, text, range, options));
    }
}
