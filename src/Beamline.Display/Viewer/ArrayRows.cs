using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Any shown array as rows of three axes [slice, row, column]; flat ones have one slice.</summary>
internal sealed class ArrayRows
{
    private readonly RowReader _read;

    private ArrayRows(int[] shape, bool isMapped, RowReader read) => (Shape, IsMapped, _read) = (shape, isMapped, read);

    /// <summary>Slices, rows, columns.</summary>
    public int[] Shape { get; }

    /// <summary>True when values come from a mapped file.</summary>
    public bool IsMapped { get; }

    public static ArrayRows Of(object array) => array switch
    {
        Volume v => new([v.SliceCount, v.RowCount, v.ColumnCount], v.Memory.Kind == MemoryKind.Mapped, (z, y) => v.Row(z, y)),
        Image i => new([1, i.RowCount, i.ColumnCount], false, (_, y) => i.Row(y)),
        Sinogram s => new([1, s.AngleCount, s.ColumnCount], false, (_, angle) => s.Row(angle)),
        ProjectionStack p => new([p.AngleCount, p.RowCount, p.ColumnCount], p.IsLazy, Reader(p)),
        _ => throw new ArgumentException($"a {array.GetType().Name} has no values to show"),
    };

    public ReadOnlySpan<float> Row(int slice, int row) => _read(slice, row);

    // A projection or, for a sinogram, one row of all: whichever is asked for is read once.
    private static RowReader Reader(ProjectionStack stack)
    {
        var frame = Array.Empty<float>();
        var (frameOf, rowBuffer, last) = (-1, new float[stack.ColumnCount], (Angle: -1, Row: -1));
        return (angle, row) =>
        {
            if (angle == last.Angle && frameOf != angle)
            {
                frame = new float[checked(stack.RowCount * stack.ColumnCount)];
                stack.Read(new StackRegion(angle, 1, 0, stack.RowCount), frame);
                frameOf = angle;
            }

            last = (angle, row);
            if (frameOf == angle)
            {
                return frame.AsSpan(row * stack.ColumnCount, stack.ColumnCount);
            }

            stack.Read(new StackRegion(angle, 1, row, 1), rowBuffer);
            return rowBuffer;
        };
    }
}
