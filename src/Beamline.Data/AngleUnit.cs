namespace Beamline.Data;

/// <summary>In what angles are stored.</summary>
public enum AngleUnit
{
    /// <summary>A full turn is 360.</summary>
    Degrees,

    /// <summary>A full turn is 2 pi.</summary>
    Radians,
}
