namespace Beamline.Tomography;

/// <summary>Options of flat-field correction.</summary>
public sealed record NormalizeOptions
{
    /// <summary>Which flat each projection is divided by.</summary>
    public FlatMethod Flat { get; init; }

    /// <summary>
    /// When each flat was taken, counted in projections: -1 is just before the first one, the number of projections just after the last
    /// (Interpolated). Null: the first half of the flats before the scan and the second half after it.
    /// </summary>
    public IReadOnlyList<double>? FlatPositions { get; init; }

    /// <summary>Columns at the left that see air at every angle (Weighted): 0 or more, and one at least at one of the sides.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int AirColumnsLeft
    {
        get;
        init => field = NotNegative(value, nameof(AirColumnsLeft));
    } = 10;

    /// <summary>Columns at the right that see air at every angle (Weighted): 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int AirColumnsRight
    {
        get;
        init => field = NotNegative(value, nameof(AirColumnsRight));
    } = 10;

    private static int NotNegative(int value, string name) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A number of columns is not negative.");
}
