namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// A sinogram as [column, angle], seen by its steps from one column to the next. The median over angles of a step hardly sees the sample,
/// whose edges move with the angle, but sees the edge of a stripe as it is. Boundary b lies between the columns b and b + 1.
/// </summary>
internal sealed class ColumnSteps
{
    private readonly float[] _values;
    private readonly float[] _buffer;

    internal ColumnSteps(SinogramBlock sinogram)
    {
        (Angles, Columns) = (sinogram.Angles, sinogram.Columns);
        _values = new float[sinogram.Values.Length];
        _buffer = new float[Angles];
        ColumnTranspose.Run(sinogram.Values, _values, Angles, Columns);
    }

    internal int Angles { get; }

    internal int Columns { get; }

    internal int Boundaries => Columns - 1;

    internal float At(int boundary, int angle) => _values[((boundary + 1) * Angles) + angle] - _values[(boundary * Angles) + angle];

    /// <summary>Median over a range of angles.</summary>
    internal float Median(int boundary, int from, int to)
    {
        var left = _values.AsSpan((boundary * Angles) + from, to - from);
        var right = _values.AsSpan(((boundary + 1) * Angles) + from, to - from);
        for (var a = 0; a < left.Length; a++)
        {
            _buffer[a] = right[a] - left[a];
        }

        return SelectedMedian.Of(_buffer.AsSpan(0, left.Length));
    }

    /// <summary>Median over the angles that have that state; 0 where none has.</summary>
    internal float Median(int boundary, bool[] states, bool state)
    {
        var count = 0;
        for (var a = 0; a < Angles; a++)
        {
            if (states[a] == state)
            {
                _buffer[count++] = At(boundary, a);
            }
        }

        return count == 0 ? 0 : SelectedMedian.Of(_buffer.AsSpan(0, count));
    }

    /// <summary>Lowers a column at the angles that are on.</summary>
    internal void Lower(int column, float offset, bool[] on)
    {
        var values = _values.AsSpan(column * Angles, Angles);
        for (var a = 0; a < values.Length; a++)
        {
            values[a] -= on[a] ? offset : 0;
        }
    }

    internal void CopyTo(SinogramBlock sinogram) => ColumnTranspose.Run(_values, sinogram.Values, Columns, Angles);
}
