namespace Beamline.Compute;

/// <summary>How far a long computation has come.</summary>
/// <param name="Activity">What is being done, for instance "FBP".</param>
/// <param name="Fraction">Done part, 0 to 1.</param>
/// <param name="Detail">What else to show, for instance "slab 3 of 8"; may be empty.</param>
public readonly record struct ProgressReport(string Activity, double Fraction, string Detail = "");
