using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>Reconstructs some slices of stacks, all in the same way.</summary>
internal sealed class SliceMaker(RotationAxis axis, FbpOptions options, IReadOnlyList<int> slices)
{
    internal int Count => slices.Count;

    /// <summary>One of so many views in a row.</summary>
    internal static ProjectionStack Views(ProjectionStack rows, int first, int step) =>
        new PickedStack(rows, [.. Enumerable.Range(0, rows.AngleCount).Where(a => a % step == first)], [.. Enumerable.Range(0, rows.RowCount)]);

    /// <summary>The detector rows of the slices alone.</summary>
    internal ProjectionStack Pick(ProjectionStack stack) => new PickedStack(stack, [.. Enumerable.Range(0, stack.AngleCount)], slices);

    /// <summary>The detector rows of the slices after a filter; around each, only so many rows are filtered as it depends on.</summary>
    internal MemoryProjectionStack Filter(ProjectionStack stack, NoiseFilter filter)
    {
        var made = new MemoryProjectionStack(stack.AnglesDegrees, slices.Count, stack.ColumnCount) { Quantity = stack.Quantity, PixelSize = stack.PixelSize };
        var reach = FilterFamily.Reach(filter);
        var line = new float[stack.AngleCount * stack.ColumnCount];
        for (var i = 0; i < slices.Count; i++)
        {
            var first = Math.Max(0, slices[i] - reach);
            var end = Math.Min(stack.RowCount, slices[i] + reach + 1);
            using var band = new PickedStack(stack, [.. Enumerable.Range(0, stack.AngleCount)], [.. Enumerable.Range(first, end - first)]);
            using var filtered = filter.Apply(band);
            filtered.Read(new StackRegion(0, stack.AngleCount, slices[i] - first, 1), line);
            for (var angle = 0; angle < stack.AngleCount; angle++)
            {
                line.AsSpan(angle * stack.ColumnCount, stack.ColumnCount).CopyTo(made.Frame(angle)[(i * stack.ColumnCount)..]);
            }
        }

        return made;
    }

    /// <summary>The slices of a whole stack.</summary>
    internal List<Image> Make(ProjectionStack stack, FbpOptions? other = null)
    {
        using var rows = Pick(stack);
        return Reconstruct(rows, other);
    }

    /// <summary>The slices of their detector rows.</summary>
    internal List<Image> Reconstruct(ProjectionStack rows, FbpOptions? other = null)
    {
        using var volume = Reconstruction.Fbp(rows, axis, other ?? options);
        return [.. Enumerable.Range(0, volume.SliceCount).Select(volume.SliceXY)];
    }

    /// <summary>The middle slice of even and of odd views.</summary>
    internal (Image First, Image Second) Halves(ProjectionStack rows)
    {
        Image Half(int first)
        {
            using var views = Views(rows, first, 2);
            return Reconstruct(views)[slices.Count / 2];
        }

        return (Half(0), Half(1));
    }
}
