using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>
/// A projection stack as projections spread over the rotation and one sinogram. A stack may be lazy, so only
/// what is shown is read.
/// </summary>
internal static class StackPicture
{
    public static PictureView Draw(ProjectionStack stack, ViewOptions options)
    {
        if (stack.AngleCount == 0)
        {
            throw new ArgumentException("The stack has no projection: there is nothing to draw.", nameof(stack));
        }

        var indexes = Projections(stack, options);
        var images = indexes.Select(stack.Projection).ToArray();
        var sinogram = stack.Sinogram(Index(options.SinogramRow, stack.RowCount, "detector row"));
        var planes = images.Select(i => new Plane(i.RowCount, i.ColumnCount, i.Values.ToArray())).ToArray();
        var sinogramPlane = SinogramPicture.PlaneOf(sinogram);
        var sample = ValueSample.Of([.. planes, sinogramPlane]);
        var range = ValueRange.Choose(options, sample);
        var panels = new List<Panel>();
        var summary = ValueSummary.None;
        for (var i = 0; i < images.Length; i++)
        {
            var own = ValueSummary.Of(planes[i].Values);
            summary = summary.And(own);
            panels.Add(ImagePicture.PanelOf(images[i], planes[i], "column", "row", options, range, own));
        }

        var last = ValueSummary.Of(sinogramPlane.Values);
        summary = summary.And(last);
        panels.Add(SinogramPicture.PanelOf(sinogram, sinogramPlane, options, range, last));
        var text = $"ProjectionStack float32 {stack.AngleCount} angles x {stack.RowCount} rows x {stack.ColumnCount} columns" +
            $"{Describe.PixelSize(stack.PixelSize, null)}, {Angles(stack.AnglesDegrees)}{(stack.IsLazy ? ", lazy" : "")}, " +
            Describe.Range(summary, stack.Quantity, ofShown: true);
        return PictureView.Draw(options.Title ?? "", panels, options, text, Describe.Window(options, range, sample),
            () => StackViewer.Write(stack, text, range, options));
    }

    /// <summary>The index that was asked for, or the middle.</summary>
    public static int Index(int? asked, int count, string what) =>
        asked is not { } index ? count / 2 : index < count ? index : throw new ArgumentOutOfRangeException(
            nameof(asked), index, $"There is no {what} {index}: the {what}s are 0 to {count - 1}.");

    private static int[] Projections(ProjectionStack stack, ViewOptions options) =>
        options.Projection is not null
            ? [Index(options.Projection, stack.AngleCount, "projection")]
            : [.. new[] { 0, stack.AngleCount / 3, 2 * stack.AngleCount / 3 }.Distinct()];

    private static string Angles(IReadOnlyList<double> degrees) =>
        degrees.Count == 1 ? $"{degrees[0]:0.##}°" : $"{degrees[0]:0.##}° to {degrees[^1]:0.##}°";
}
