using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>A part of a flat cut through an array that a viewer asks for.</summary>
/// <param name="Normal">The axis that is cut across: 0, 1 or 2, slowest first.</param>
/// <param name="Rows">The axis that runs down.</param>
/// <param name="Columns">The axis that runs across.</param>
/// <param name="Index">Where the normal axis is cut.</param>
/// <param name="RowStart">First row.</param>
/// <param name="ColumnStart">First column.</param>
/// <param name="RowEnd">One past the last row.</param>
/// <param name="ColumnEnd">One past the last column.</param>
/// <param name="Step">Array pixels for one value of the answer, both ways.</param>
internal sealed record PlaneRequest(
    int Normal, int Rows, int Columns, int Index, int RowStart, int ColumnStart, int RowEnd, int ColumnEnd, int Step);

/// <summary>Reads parts of cuts: means of step x step values where rows lie together, the middle one where they do not.</summary>
internal static class LivePlane
{
    /// <summary>Values of one answer; a screen shows less.</summary>
    public const long ValueLimit = 8L << 20;

    /// <summary>Rows that a cut across rows may touch in a mapped file, where each touch may be a read from disk.</summary>
    public const int MappedRowLimit = 1 << 18;

    /// <summary>Reads a part of a cut.</summary>
    /// <exception cref="ArgumentException">The request does not fit the array; the message is for the viewer.</exception>
    public static Plane Read(object array, PlaneRequest request)
    {
        var source = ArrayRows.Of(array);
        int[] axes = [request.Normal, request.Rows, request.Columns];
        if (!axes.Order().SequenceEqual([0, 1, 2]))
        {
            throw new ArgumentException("a cut names each axis once");
        }

        var shape = source.Shape;
        if (request.Index < 0 || request.Index >= shape[request.Normal] || request.RowStart < 0 || request.ColumnStart < 0 || request.Step < 1 ||
            request.RowEnd > shape[request.Rows] || request.ColumnEnd > shape[request.Columns] ||
            request.RowEnd <= request.RowStart || request.ColumnEnd <= request.ColumnStart)
        {
            throw new ArgumentException("the cut leaves the array");
        }

        var step = request.Step;
        while (TooMany(source, request, step))
        {
            step *= 2;
        }

        // A slice lies in one piece; the rows of other cuts are far apart.
        using var scattered = request.Normal == 0 ? null : (array as Volume)?.Memory.ScatteredReads();
        var plane = request.Normal == 2 ? Across(source, request, step) : request.Columns == 2 ? Along(source, request, step) : Turned(source, request, step);
        (array as Volume)?.Memory.ReleasePages();
        return plane;
    }

    private static bool TooMany(ArrayRows source, PlaneRequest request, int step)
    {
        var values = (long)Preview.Size(request.RowEnd - request.RowStart, step) * Preview.Size(request.ColumnEnd - request.ColumnStart, step);
        return values > (request.Normal == 2 && source.IsMapped ? MappedRowLimit : ValueLimit);
    }

    // Rows of the array are rows of the cut.
    private static Plane Along(ArrayRows source, PlaneRequest q, int step)
    {
        int[] shape = [1, q.RowEnd - q.RowStart, q.ColumnEnd - q.ColumnStart];
        var made = PreviewBinning.Make(shape, [1, step, step], long.MaxValue, (_, row) =>
            source.Row(q.Normal == 0 ? q.Index : q.RowStart + row, q.Normal == 0 ? q.RowStart + row : q.Index)[q.ColumnStart..q.ColumnEnd]);
        return new Plane(made.Sizes[1], made.Sizes[2], made.Values) { RowStep = step, ColumnStep = step };
    }

    // Rows of the array are columns of the cut.
    private static Plane Turned(ArrayRows source, PlaneRequest q, int step)
    {
        var upright = Along(source, q with
        {
            Rows = q.Columns, Columns = q.Rows, RowStart = q.ColumnStart, RowEnd = q.ColumnEnd, ColumnStart = q.RowStart, ColumnEnd = q.RowEnd,
        }, step);
        var values = new float[upright.Values.Length];
        for (var r = 0; r < upright.RowCount; r++)
        {
            for (var c = 0; c < upright.ColumnCount; c++)
            {
                values[(c * upright.RowCount) + r] = upright.Values[(r * upright.ColumnCount) + c];
            }
        }

        return new Plane(upright.ColumnCount, upright.RowCount, values) { RowStep = step, ColumnStep = step };
    }

    // Each row of the array gives one value.
    private static Plane Across(ArrayRows source, PlaneRequest q, int step)
    {
        var (rows, columns) = (Preview.Size(q.RowEnd - q.RowStart, step), Preview.Size(q.ColumnEnd - q.ColumnStart, step));
        var values = new float[rows * columns];
        // Along slices on the outside: neighbors in the file are read together.
        var slicesDown = q.Rows == 0;
        for (var s = 0; s < (slicesDown ? rows : columns); s++)
        {
            for (var r = 0; r < (slicesDown ? columns : rows); r++)
            {
                var (row, column) = slicesDown ? (s, r) : (r, s);
                var y = Math.Min(q.RowStart + (row * step) + (step / 2), q.RowEnd - 1);
                var x = Math.Min(q.ColumnStart + (column * step) + (step / 2), q.ColumnEnd - 1);
                values[(row * columns) + column] = slicesDown ? source.Row(y, x)[q.Index] : source.Row(x, y)[q.Index];
            }
        }

        return new Plane(rows, columns, values) { RowStep = step, ColumnStep = step };
    }
}
