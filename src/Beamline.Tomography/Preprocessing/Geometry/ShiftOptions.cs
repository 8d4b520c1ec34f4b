using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Moves each projection by its own shift, in parts of a pixel (cubic interpolation).</summary>
public sealed record ShiftOptions : PreprocessingStep
{
    private readonly double[] _columns;
    private readonly double[] _rows;

    /// <summary>Takes the shifts.</summary>
    /// <param name="columns">One for each projection, in pixels; positive moves the picture to higher columns.</param>
    /// <param name="rows">One for each projection, in pixels; positive moves the picture to higher rows. Null moves none.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a shift is not finite.</exception>
    public ShiftOptions(IReadOnlyList<double> columns, IReadOnlyList<double>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        (_columns, _rows) = ([.. columns], [.. rows ?? new double[columns.Count]]);
        if (_rows.Length != _columns.Length || _rows.Concat(_columns).Any(v => !double.IsFinite(v)))
        {
            throw new ArgumentException($"Shifts must be finite and as many along columns ({_columns.Length}) as along rows ({_rows.Length}).", nameof(columns));
        }
    }

    /// <summary>Shifts along a row, in pixels.</summary>
    public IReadOnlyList<double> Columns => _columns;

    /// <summary>Shifts along a column, in pixels.</summary>
    public IReadOnlyList<double> Rows => _rows;

    /// <inheritdoc/>
    public override string Name => "shift";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
    [
        ("projections", $"{_columns.Length}"),
        ("mostColumns", $"{_columns.Select(Math.Abs).DefaultIfEmpty().Max():0.##}"), ("mostRows", $"{_rows.Select(Math.Abs).DefaultIfEmpty().Max():0.##}"),
    ];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are more or fewer shifts than projections.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        if (_columns.Length != projections.AngleCount)
        {
            throw new ArgumentException($"There are {_columns.Length} shifts for {projections.AngleCount} projections.", nameof(projections));
        }

        var (rows, columns) = (projections.RowCount, projections.ColumnCount);
        return new FrameStack(projections, this, (frame, angle) => Move(frame, rows, columns, _rows[angle], _columns[angle]));
    }

    /// <summary>Whether both hold the same shifts.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(ShiftOptions? other) => other is not null && _columns.SequenceEqual(other._columns) && _rows.SequenceEqual(other._rows);

    /// <inheritdoc/>
    public override int GetHashCode() => _columns.Concat(_rows).Aggregate(17, HashCode.Combine);

    internal static void Move(Span<float> frame, int rows, int columns, double byRows, double byColumns)
    {
        if (byRows == 0 && byColumns == 0)
        {
            return;
        }

        var original = frame.ToArray();
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                frame[(y * columns) + x] = Resampler.At(original, rows, columns, y - byRows, x - byColumns);
            }
        }
    }
}
