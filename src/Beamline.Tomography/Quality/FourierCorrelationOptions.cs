namespace Beamline.Tomography;

/// <summary>How two images or volumes are prepared for their Fourier correlation.</summary>
public sealed record FourierCorrelationOptions
{
    /// <summary>
    /// Part of each edge, both ends together, over which values fade to the mean (a Tukey window): 0 for none, 1 for a Hann window. Without
    /// it the jump from one edge to the opposite one correlates in both and makes the resolution look better than it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double TaperFraction
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(TaperFraction), value, "The taper is a part of the edge, between 0 and 1.");
    } = 0.25;
}

/// <summary>What a Fourier correlation must be above for a structure to count as resolved.</summary>
public enum FourierCriterion
{
    /// <summary>Half a bit of information for each Fourier pixel: van Heel and Schatz, J. Struct. Biol. 151 (2005) 250.</summary>
    HalfBit,

    /// <summary>0.143 (1/7): Rosenthal and Henderson, J. Mol. Biol. 333 (2003) 721. For halves of one data set.</summary>
    OneSeventh,
}
