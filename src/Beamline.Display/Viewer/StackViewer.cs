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
        int[] shape = [stack.AngleCount, stack.RowCount, stack.ColumnCount];
        for (var edge = Preview.VolumeEdge; ; edge = edge * 3 / 4)
        {
            var part = ViewerPart.Narrow(Pick(stack, shape, edge), "");
            if (edge <= 24 || part["bytes"]!.GetValue<string>().Length <= ViewerPayload.Budget)
            {
                JsonArray axes = [ViewerAxis.Angles(stack.AnglesDegrees), ViewerAxis.Even("row", stack.PixelSize), ViewerAxis.Even("column", stack.PixelSize)];
                int?[] at = [options.Projection, options.SinogramRow];
                return ViewerPayload.Write("stack", text, axes, stack.Quantity, [part], range, options,
                    [at[0] ?? stack.AngleCount / 2, at[1] ?? stack.RowCount / 2, stack.ColumnCount / 2], LiveArrays.Add([stack]));
            }
        }
    }

    private static Preview Pick(ProjectionStack stack, int[] shape, int edge)
    {
        var area = (long)stack.RowCount * stack.ColumnCount;
        var affordable = Math.Max(FewestProjections, (stack.IsLazy ? LazyValueLimit : PreviewBinning.ValueLimit) / area);
        var step = Preview.Step(stack.AngleCount, (int)Math.Min(edge, affordable));
        int[] steps = [step, Preview.Step(stack.RowCount, edge), Preview.Step(stack.ColumnCount, edge)];
        int[] one = [1, shape[1], shape[2]];
        var frame = new float[checked((int)area)];
        var made = new List<float>();
        for (var angle = 0; angle < stack.AngleCount; angle += step)
        {
            stack.Read(new StackRegion(angle, 1, 0, stack.RowCount), frame);
            made.AddRange(PreviewBinning.Make(one, [1, steps[1], steps[2]], area, (_, row) => frame.AsSpan(row * shape[2], shape[2])).Values);
        }

        return new Preview(shape, steps, [.. made]);
    }
}
