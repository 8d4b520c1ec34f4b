using Beamline.Arrays;

namespace Beamline.Data;

/// <summary>Angles at equal steps: start, start + step, start + 2 step ...</summary>
/// <param name="StartDegrees">Angle of the first projection in degrees.</param>
/// <param name="StepDegrees">Step between projections in degrees; may be negative, not zero.</param>
public readonly record struct AngleRange(double StartDegrees, double StepDegrees)
{
    /// <summary>The angles of so many projections, in degrees.</summary>
    /// <param name="count">Number of projections.</param>
    public double[] ToDegrees(int count)
    {
        var angles = new double[count];
        for (var i = 0; i < count; i++)
        {
            angles[i] = StartDegrees + (i * StepDegrees);
        }

        return angles;
    }
}

/// <summary>What a file of bare numbers holds.</summary>
/// <param name="AngleCount">Number of frames.</param>
/// <param name="RowCount">Number of detector rows.</param>
/// <param name="ColumnCount">Number of detector columns; neighbors in the file.</param>
/// <param name="Type">Type of one number, for instance <see cref="ElementType.UInt16"/>.</param>
/// <param name="OffsetBytes">Bytes before the first number.</param>
public sealed record RawLayout(int AngleCount, int RowCount, int ColumnCount, ElementType Type, long OffsetBytes = 0);

/// <summary>How to open a scan: what the file does not say itself.</summary>
public sealed record ScanOptions
{
    /// <summary>Angles in degrees, one for each projection; null takes them from the file.</summary>
    public IReadOnlyList<double>? AnglesDegrees
    {
        get;
        init
        {
            for (var i = 0; value is not null && i < value.Count; i++)
            {
                if (!double.IsFinite(value[i]))
                {
                    throw new ArgumentException($"Angle {i} is {value[i]}: angles must be finite.", nameof(value));
                }
            }

            field = value;
        }
    }

    /// <summary>Angles at equal steps, for a file that does not hold them; null takes them from the file.</summary>
    public AngleRange? AngleRange
    {
        get;
        init
        {
            if (value is { } range &&
                (!double.IsFinite(range.StartDegrees) || !double.IsFinite(range.StepDegrees) || range.StepDegrees == 0))
            {
                throw new ArgumentException(
                    $"An angle range needs a finite start and a step that is not zero, not {range.StartDegrees} and {range.StepDegrees}.",
                    nameof(value));
            }

            field = value;
        }
    }

    /// <summary>In what the file's angles are; null takes the file's word, and refuses angles that look like radians without saying so.</summary>
    public AngleUnit? AngleUnit { get; init; }

    /// <summary>HDF5 path of the projections; null looks for Data Exchange and NXtomo.</summary>
    public string? DataPath { get; init; }

    /// <summary>HDF5 path of the flats (frames without the sample).</summary>
    public string? FlatPath { get; init; }

    /// <summary>HDF5 path of the darks (frames without the beam).</summary>
    public string? DarkPath { get; init; }

    /// <summary>HDF5 path of the angles, degrees unless an attribute says radians.</summary>
    public string? AnglePath { get; init; }

    /// <summary>HDF5 path of the keys that tell projections (0), flats (1), darks (2) and invalid frames (3) of one stack apart.</summary>
    public string? ImageKeyPath { get; init; }

    /// <summary>Files with flats, for TIFF, npy and raw scans: a file, a folder or a pattern such as "flats/*.tif".</summary>
    public string? FlatFiles { get; init; }

    /// <summary>Files with darks, for TIFF, npy and raw scans: a file, a folder or a pattern.</summary>
    public string? DarkFiles { get; init; }

    /// <summary>Edge of a detector pixel at the sample; null takes it from the file when that says it.</summary>
    public Length? PixelSize
    {
        get;
        init
        {
            if (value is { } size && !(size.Meters > 0))
            {
                throw new ArgumentOutOfRangeException(nameof(value), size, "A pixel has a positive size.");
            }

            field = value;
        }
    }

    /// <summary>Shape and type of a file of bare numbers; needed for files that are not HDF5, TIFF or npy.</summary>
    public RawLayout? Raw
    {
        get;
        init
        {
            if (value is not null && (value.AngleCount < 1 || value.RowCount < 1 || value.ColumnCount < 1 ||
                value.OffsetBytes < 0 || value.Type.Size is not (1 or 2 or 4 or 8)))
            {
                throw new ArgumentException(
                    $"{value} cannot be: counts are 1 or more, the offset 0 or more, and the type needs a size.", nameof(value));
            }

            field = value;
        }
    }
}
