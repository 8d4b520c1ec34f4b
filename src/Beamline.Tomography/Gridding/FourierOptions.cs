namespace Beamline.Tomography;

/// <summary>Options of <see cref="Reconstruction.Fourier"/>. Immutable and checked when made.</summary>
/// <remarks>Runs on the CPU. Rows are padded to twice the detector at least, except with <see cref="SinogramPadding.None"/>.</remarks>
public sealed record FourierOptions : AnalyticOptions
{
    /// <summary>Points of the frequency grid for each pixel of a slice's edge: 1.25 to 4. Fewer save memory and cost accuracy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Oversampling
    {
        get;
        init => field = value is >= 1.25 and <= 4
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The oversampling goes from 1.25 to 4.");
    } = 2;

    /// <summary>Points of the frequency grid that a sample is spread over, in each direction: 2 to 8. More is more accurate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int KernelWidth
    {
        get;
        init => field = value is >= 2 and <= 8
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The kernel width goes from 2 to 8 grid points.");
    } = 4;
}
