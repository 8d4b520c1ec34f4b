using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>Options of filtered backprojection from fan and cone beam. Immutable and checked when made.</summary>
public sealed record FdkOptions
{
    /// <summary>The window on the ramp.</summary>
    public FbpFilter Filter { get; init; } = FbpFilter.SheppLogan;

    /// <summary>Frequency at which the window ends, as a part of the Nyquist frequency: above 0, at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Cutoff { get; init => field = new FbpOptions { Cutoff = value }.Cutoff; } = 1;

    /// <summary>What lies beside the detector.</summary>
    public SinogramPadding Padding { get; init; } = SinogramPadding.Zero;

    /// <summary>
    /// The detector was moved aside to see a sample nearly twice as wide (half fan). Rays that the full turn sees twice are then weighted
    /// so that the narrow side fades out. Needs a full turn.
    /// </summary>
    public bool OffsetDetector { get; init; }

    /// <summary>What to compute on; null takes the device of the run context.</summary>
    public Device? Device { get; init; }

    /// <summary>Which implementation runs.</summary>
    public ProjectorBackend Backend { get; init; } = ProjectorBackend.Auto;

    internal FbpOptions ToFbp() => new() { Filter = Filter, Cutoff = Cutoff, Padding = Padding, Device = Device, Backend = Backend };
}
