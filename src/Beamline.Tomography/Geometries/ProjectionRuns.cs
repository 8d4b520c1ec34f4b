using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// Some detector rows of all projections with the row fastest: [view, column, row]. Between and around them lie zeros, so that a
/// backprojection reads beside the detector what is there: nothing.
/// </summary>
internal sealed unsafe class ProjectionRuns : IDisposable
{
    private const int Tail = 64;
    private readonly ArrayMemory<float> _memory;

    internal ProjectionRuns(int views, int columns, int rows)
    {
        (Views, Columns, Run) = (views, columns, RunOf(rows));
        ViewStride = (long)(columns + 3) * Run;
        _memory = ArrayMemory.Allocate<float>((views * ViewStride) + Tail);
    }

    internal int Views { get; }

    internal int Columns { get; }

    /// <summary>Floats from one column to the next.</summary>
    internal int Run { get; }

    internal long ViewStride { get; }

    /// <summary>Detector row of the first value.</summary>
    internal int FirstRow { get; private set; }

    internal int RowCount { get; private set; }

    internal float* Pointer => _memory.Pointer;

    internal long FloatCount => _memory.Length;

    internal static long BytesNeeded(int views, int columns, int rows) => ((views * (long)(columns + 3) * RunOf(rows)) + Tail) * sizeof(float);

    /// <summary>Begins with other rows; everything is zero then.</summary>
    internal void Begin(int firstRow, int rowCount)
    {
        (FirstRow, RowCount) = (firstRow, rowCount);
        _memory.Clear();
    }

    /// <summary>Column 0 of a view, at the zero before its first row.</summary>
    internal float* Column0(int view) => _memory.Pointer + (view * ViewStride) + Run;

    public void Dispose() => _memory.Dispose();

    // One zero before the rows and two behind.
    private static int RunOf(int rows) => (rows + 3 + 15) / 16 * 16;
}
