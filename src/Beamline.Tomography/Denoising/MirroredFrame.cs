using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Denoising;

/// <summary>A copy of a picture with margins, so that windows need no care at the edges.</summary>
internal sealed class MirroredFrame
{
    /// <summary>Columns beyond the right margin: vectors may reach into them.</summary>
    private const int Slack = 8;

    private MirroredFrame(int rows, int columns, int margin)
    {
        Margin = margin;
        Stride = columns + (2 * margin) + Slack;
        Values = new float[checked((rows + (2 * margin)) * Stride)];
    }

    internal float[] Values { get; }

    internal int Margin { get; }

    internal int Stride { get; }

    /// <summary>Margins as of d c b a | a b c d | d c b a: the default of scipy.ndimage.</summary>
    internal static MirroredFrame WithEdge(float[] frame, int rows, int columns, int margin) => Make(frame, rows, columns, margin, RunningMedian.Mirror);

    /// <summary>Margins as of d c b | a b c d | c b a: "reflect" of NumPy, where the edge is not repeated.</summary>
    internal static MirroredFrame WithoutEdge(float[] frame, int rows, int columns, int margin) => Make(frame, rows, columns, margin, Reflect);

    /// <summary>Where the value at a place of the picture begins; rows and columns may lie in the margin.</summary>
    internal int At(int row, int column) => ((row + Margin) * Stride) + column + Margin;

    private static MirroredFrame Make(float[] frame, int rows, int columns, int margin, Func<int, int, int> place)
    {
        var made = new MirroredFrame(rows, columns, margin);
        for (var row = -margin; row < rows + margin; row++)
        {
            var from = frame.AsSpan(place(row, rows) * columns, columns);
            var to = made.Values.AsSpan(made.At(row, -margin), made.Stride);
            from.CopyTo(to[margin..]);
            for (var column = 1; column <= margin; column++)
            {
                to[margin - column] = from[place(-column, columns)];
                to[margin + columns - 1 + column] = from[place(columns - 1 + column, columns)];
            }
        }

        return made;
    }

    private static int Reflect(int index, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        var period = 2 * (length - 1);
        var i = ((index % period) + period) % period;
        return i < length ? i : period - i;
    }
}
