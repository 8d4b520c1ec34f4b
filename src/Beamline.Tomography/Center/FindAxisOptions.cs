namespace Beamline.Tomography;

/// <summary>How the rotation axis is found.</summary>
public enum AxisMethod
{
    /// <summary>Vo's search in the Fourier transform of the sinogram over a full turn: needs 180 degrees of projections.</summary>
    Vo,

    /// <summary>Phase correlation of a projection with the mirrored one on the other side: needs a pair 180 degrees apart.</summary>
    PhaseCorrelation,
}

/// <summary>Options of the search for the rotation axis.</summary>
public sealed record FindAxisOptions
{
    /// <summary>The method.</summary>
    public AxisMethod Method { get; init; } = AxisMethod.Vo;

    /// <summary>Detector rows to look at; null takes up to five, spread over the detector.</summary>
    public IReadOnlyList<int>? Rows { get; init; }

    /// <summary>First column of the searched range; null starts a quarter of the detector left of its middle.</summary>
    public double? FromColumn { get; init; }

    /// <summary>Last column of the searched range; null ends a quarter of the detector right of its middle.</summary>
    public double? ToColumn { get; init; }
}
