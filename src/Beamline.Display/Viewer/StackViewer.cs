using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>
/// The viewer of a projection stack: projections and sinograms. Projections are picked, not averaged, because each has an
/// angle of its own; a lazy stack may compute what is read, so few of its values are.
/// </summary>
internal static class StackViewer
{
    private const long LazyValueLimit = 8L << 20;
    private const int FewestProjections = 3;

    public static ViewerPayload Write(ProjectionStack stack, string text, ValueRange range, ViewOptions options)
    {
        var preview = Pick(stack);
        var part = ViewerPart.Narrow(preview, "");
        // Noise packs badly: coarser until it fits. What was read is not read again, because a lazy stack would compute it again.
        for (var k = 2; part["bytes"]!.GetValue<string>().Length > ViewerPayload.Budget && k <= 8; k++)
        {
            part = ViewerPart.Narrow(Coarser(preview, k), "");
        }

        JsonArray axes = [ViewerAxis.Angles(stack.AnglesDegrees), ViewerAxis.Even("row", stack.PixelSize), ViewerAxis.Even("column", stack.PixelSize)];
        int[] at = [options.Projection ?? stack.AngleCount / 2, options.SinogramRow ?? stack.RowCount / 2, stack.ColumnCount / 2];
        return ViewerPayload.Write("stack", text, axes, stack.Quantity, [part], range, options, at, LiveArrays.Add([stack]));
    }

    private static Preview Coarser(Preview preview, int k)
    {
        var sizes = preview.Sizes;
        var made = PreviewBinning.Make(sizes, [1, k, k], long.MaxValue, (z, y) => preview.Values.AsSpan(((z * sizes[1]) + y) * sizes[2], sizes[2]));
        return new Preview(preview.Shape, [preview.Steps[0], preview.Steps[1] * k, preview.Steps[2] * k], made.Values);
    }

    private static Preview Pick(ProjectionStack stack)
    {
        int[] shape = [stack.AngleCount, stack.RowCount, stack.ColumnCount];
        var area = (long)stack.RowCount * stack.ColumnCount;
        var affordable = Math.Max(FewestProjections, (stack.IsLazy ? LazyValueLimit : PreviewBinning.ValueLimit) / area);
        var step = Preview.Step(stack.AngleCount, (int)Math.Min(Preview.VolumeEdge, affordable));
        int[] steps = [step, Preview.Step(stack.RowCount, Preview.VolumeEdge), Preview.Step(stack.ColumnCount, Preview.VolumeEdge)];
        int[] one = [1, shape[1], shape[2]];
        var frame = new float[checked((int)area)];
        var made = new List<float>();
        for (var angle = 0; angle < stack.AngleCount; angle += step)
        {
            stack.Read(new StackRegion(angle, 1, 0, stack.RowCount), frame);
            made.AddRange(PreviewBinning.Make(one, [1, steps[1], steps[2]], long.MaxValue, (_, row) => frame.AsSpan(row * shape[2], shape[2])).Values);
        }

        return new Preview(shape, steps, [.. made]);
    }
}
