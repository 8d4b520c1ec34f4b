using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The viewer of images that follow each other in time, energy or iteration.</summary>
internal static class SeriesViewer
{
    private const int MostImages = 200;

    public static ViewerPayload Write(IReadOnlyList<Image> images, string text, ValueRange range, ViewOptions options)
    {
        var first = images[0];
        int[] shape = [images.Count, first.RowCount, first.ColumnCount];
        var every = Preview.Step(images.Count, MostImages);
        var pixels = (double)Preview.Size(images.Count, every) * first.RowCount * first.ColumnCount;
        // Noise takes about one character a pixel.
        for (var step = Math.Max(1, (int)Math.Sqrt(pixels / ViewerPayload.Budget)); ; step++)
        {
            var values = new List<float>();
            for (var i = 0; i < images.Count; i += every)
            {
                var image = images[i];
                values.AddRange(PreviewBinning.Make([1, shape[1], shape[2]], [1, step, step], long.MaxValue, (_, row) => image.Row(row)).Values);
            }

            var part = ViewerPart.Narrow(new Preview(shape, [every, step, step], [.. values]), "");
            if (part["bytes"]!.GetValue<string>().Length <= ViewerPayload.Budget)
            {
                JsonArray axes = [new JsonObject { ["name"] = "image", ["unit"] = "", ["step"] = 0 }, .. ImageViewer.Axes(first).Skip(1).Select(a => a!.DeepClone())];
                return ViewerPayload.Write("series", text, axes, first.Quantity, [part], range, options, [0, shape[1] / 2, shape[2] / 2], null);
            }
        }
    }
}
