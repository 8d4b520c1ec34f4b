namespace Beamline.Tomography;

/// <summary>How the rotation axis is found.</summary>
public enum AxisMethod
{
    /// <summary>Vo's search in the Fourier transform of the sinogram over a full turn: needs 180 degrees of projections.</summary>
    Vo,

    /// <summary>Phase correlation of a projection with the mirrored one on the other side: needs a pair 180 degrees apart.</summary>
    PhaseCorrelation,

    /// <summary>The slice of least entropy (<see cref="AxisScore.Entropy"/>): needs 180 degrees; slower than Vo's search.</summary>
    Entropy,

    /// <summary>The slice of sharpest edges (<see cref="AxisScore.Sharpness"/>): needs 180 degrees; slower than Vo's search.</summary>
    Sharpness,

    /// <summary>
    /// Where the two halves of a full turn overlap best: for 360 degrees with the axis anywhere on the detector, above all near
    /// an edge (half acquisition).
    /// </summary>
    Overlap,
}

/// <summary>Options of the search for the rotation axis.</summary>
public sealed record FindAxisOptions
{
    /// <summary>The method.</summary>
    public AxisMethod Method { get; init; } = AxisMethod.Vo;

    /// <summary>Detector rows to look at; null takes up to five, spread over the detector.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>First column of the searched range; null starts a quarter of the detector left of its middle (Overlap: as far left as it can).</summary>
    public double? FromColumn { get; init; }

    /// <summary>Last column of the searched range; null ends a quarter of the detector right of its middle (Overlap: as far right as it can).</summary>
    public double? ToColumn { get; init; }
}
