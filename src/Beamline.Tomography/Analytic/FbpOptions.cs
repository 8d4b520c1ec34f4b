namespace Beamline.Tomography;

/// <summary>What lies beside the detector when a sinogram row is filtered.</summary>
public enum SinogramPadding
{
    /// <summary>Zeros: right when the whole sample is in the field of view.</summary>
    Zero,

    /// <summary>The value of the edge, repeated: better when the sample is wider than the field of view.</summary>
    Edge,

    /// <summary>Nothing: the row wraps around. Quick and wrong near the edges; for comparisons only.</summary>
    None,
}

/// <summary>Options of filtered backprojection. Immutable and checked when made.</summary>
public sealed record FbpOptions : AnalyticOptions
{
    /// <summary>Which implementation runs.</summary>
    public ProjectorBackend Backend { get; init; } = ProjectorBackend.Auto;
}
