namespace Beamline.Tomography;

/// <summary>
/// The window on the ramp of filtered backprojection. With w the frequency over the Nyquist frequency (0 to 1),
/// see Kak and Slaney, Principles of Computerized Tomographic Imaging, IEEE Press 1988, chapter 3.
/// </summary>
public enum FbpFilter
{
    /// <summary>The ramp alone: sharpest, noisiest.</summary>
    RamLak,

    /// <summary>sin(pi w / 2) / (pi w / 2).</summary>
    SheppLogan,

    /// <summary>cos(pi w / 2).</summary>
    Cosine,

    /// <summary>0.54 + 0.46 cos(pi w).</summary>
    Hamming,

    /// <summary>(1 + cos(pi w)) / 2.</summary>
    Hann,

    /// <summary>1 - 6 w^2 (1 - w) up to w = 1/2, then 2 (1 - w)^3: smoothest.</summary>
    Parzen,

    /// <summary>1 / (1 + (w / cutoff)^(2 order)).</summary>
    Butterworth,

    /// <summary>No ramp at all: a plain backprojection, blurred and not quantitative.</summary>
    None,
}
