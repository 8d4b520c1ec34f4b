using Beamline.Arrays;

namespace Beamline.Data.Simulation;

/// <summary>How a simulated scan is recorded: geometry, beam, detector and its faults.</summary>
public sealed record AcquisitionOptions
{
    /// <summary>Number of projections, 1 or more.</summary>
    public int AngleCount { get; init => field = AtLeast(value, 1, nameof(AngleCount)); } = 180;

    /// <summary>Angle of the first projection, in degrees.</summary>
    public double StartDegrees { get; init => field = Finite(value, nameof(StartDegrees)); }

    /// <summary>The turn that the projections share, in degrees: they are RangeDegrees / AngleCount apart. Not zero.</summary>
    public double RangeDegrees
    {
        get;
        init => field = value != 0 ? Finite(value, nameof(RangeDegrees))
            : throw new ArgumentOutOfRangeException(nameof(RangeDegrees), value, "A scan turns by some angle.");
    } = 180;

    /// <summary>Number of detector rows, 1 or more.</summary>
    public int Rows { get; init => field = AtLeast(value, 1, nameof(Rows)); } = 16;

    /// <summary>Number of detector columns, 1 or more.</summary>
    public int Columns { get; init => field = AtLeast(value, 1, nameof(Columns)); } = 128;

    /// <summary>Rays along each edge of a detector pixel, 1 or more; their transmissions are averaged, as in a real pixel.</summary>
    public int SubRays { get; init => field = AtLeast(value, 1, nameof(SubRays)); } = 2;

    /// <summary>Where the rotation axis falls, in pixels right of the middle of the detector, (Columns - 1) / 2.</summary>
    public double CenterOffsetPixels { get; init => field = Finite(value, nameof(CenterOffsetPixels)); }

    /// <summary>Mean counts of a pixel in the brightest part of the beam without a sample; positive, at most 60000.</summary>
    public double Counts
    {
        get;
        init => field = value is > 0 and <= 60000 ? value
            : throw new ArgumentOutOfRangeException(nameof(Counts), value, "Counts are above 0 and at most 60000, or 16 bits would not hold them.");
    } = 20000;

    /// <summary>Whether counts have Poisson noise.</summary>
    public bool Noise { get; init; } = true;

    /// <summary>How much darker the corners of the beam are than its middle: 0 (even) to below 1.</summary>
    public double Unevenness
    {
        get;
        init => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(Unevenness), value, "Unevenness is 0 to below 1.");
    } = 0.3;

    /// <summary>Mean counts of a pixel without beam, 0 or more.</summary>
    public double DarkCounts
    {
        get;
        init => field = value is >= 0 and <= 5000 ? value
            : throw new ArgumentOutOfRangeException(nameof(DarkCounts), value, "Dark counts are 0 to 5000.");
    } = 100;

    /// <summary>Number of columns that answer wrongly, and not as in the flats, so that rings remain; 0 or more.</summary>
    public int RingColumns { get; init => field = AtLeast(value, 0, nameof(RingColumns)); }

    /// <summary>Largest relative error of such a column: 0 to below 1.</summary>
    public double RingStrength
    {
        get;
        init => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(RingStrength), value, "Ring strength is 0 to below 1.");
    } = 0.02;

    /// <summary>Number of flats (frames without the sample), 0 or more.</summary>
    public int FlatCount { get; init => field = AtLeast(value, 0, nameof(FlatCount)); } = 10;

    /// <summary>Number of darks (frames without beam), 0 or more.</summary>
    public int DarkCount { get; init => field = AtLeast(value, 0, nameof(DarkCount)); } = 10;

    /// <summary>Edge of a detector pixel at the sample; null leaves it out of the file.</summary>
    public Length? PixelSize { get; init; }

    /// <summary>Seed of noise and faults; the same seed gives the same counts on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Column of the rotation axis in pixels: the middle of the detector plus the offset.</summary>
    public double AxisColumn => ((Columns - 1) / 2.0) + CenterOffsetPixels;

    /// <summary>The angles of the projections in degrees.</summary>
    public double[] ToAnglesDegrees() => new AngleRange(StartDegrees, RangeDegrees / AngleCount).ToDegrees(AngleCount);

    private static int AtLeast(int value, int least, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is {least} or more.");

    private static double Finite(double value, string name) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite.");
}
