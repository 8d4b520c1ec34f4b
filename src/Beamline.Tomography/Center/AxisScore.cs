namespace Beamline.Tomography;

/// <summary>What tells a slice with the right rotation axis from one with a wrong axis.</summary>
/// <remarks>
/// Donath, Beckmann and Schreyer, Automated determination of the center of rotation in tomography data,
/// J. Opt. Soc. Am. A 23 (2006) 1048: entropy and negativity. A score is greater for a better axis; scores compare only
/// within one sweep.
/// </remarks>
public enum AxisScore
{
    /// <summary>Minus the entropy of the gray values in bits (256 bins): a wrong axis spreads them.</summary>
    Entropy,

    /// <summary>
    /// Root mean square of the gradient over its mean, 1 or more: a wrong axis splits every edge into several weak arcs.
    /// With few angles (streaks are edges too) it misleads, and entropy does not.
    /// </summary>
    Sharpness,

    /// <summary>Mean of the negative values (0 or less): attenuation is never negative, artifacts of a wrong axis are.</summary>
    Negativity,
}
