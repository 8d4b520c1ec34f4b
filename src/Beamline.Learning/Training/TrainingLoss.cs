namespace Beamline.Learning;

/// <summary>What training makes small.</summary>
public enum TrainingLoss
{
    /// <summary>Mean squared difference: its best answer to noisy targets is their mean, so that it keeps values right.</summary>
    MeanSquare,

    /// <summary>Mean absolute difference, as HDrec trains: less led by outliers; its best answer to noisy targets is their median.</summary>
    MeanAbsolute,

    /// <summary>One minus the structural similarity (11 x 11 Gaussian window of 1.5 pixels) and a tenth of the mean absolute difference, which fixes the level.</summary>
    StructuralSimilarity,

    /// <summary>Poisson likelihood of the target's counts, for line integrals: weights every pixel by what was counted there.</summary>
    Poisson,
}
