namespace Beamline.Learning;

/// <content>Half precision.</content>
public sealed partial class Denoiser
{
    /// <summary>Whether it computes in half precision.</summary>
    public bool IsHalfPrecision { get; private init; }

    /// <summary>
    /// The same denoiser computing its correction in 16-bit floats, for a GPU: half the memory. The noisy image itself is added in 32 bits, so that
    /// values keep their precision. Applying it on the CPU is refused.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is a TorchScript module, whose precision is its own.</exception>
    public Denoiser InHalfPrecision() => Script is null
        ? new Denoiser(Network, Scale, _weights, Report, Facts) { IsHalfPrecision = true }
        : throw new InvalidOperationException($"{Network.Name} is a TorchScript module: its precision was fixed when it was made.");
}
