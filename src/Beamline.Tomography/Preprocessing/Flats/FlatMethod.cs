namespace Beamline.Tomography;

/// <summary>Which flat each projection is divided by.</summary>
public enum FlatMethod
{
    /// <summary>The mean of all flats.</summary>
    Mean,

    /// <summary>The median of all flats, pixel by pixel: flats with zingers or with a lost frame.</summary>
    Median,

    /// <summary>The line between the flats taken before and after the projection: a beam that drifts slowly.</summary>
    Interpolated,

    /// <summary>
    /// The sum of the flats that fits the projection best where it sees only air, with weights of its own for each projection: a beam whose
    /// profile jumps or trembles.
    /// </summary>
    Weighted,
}
