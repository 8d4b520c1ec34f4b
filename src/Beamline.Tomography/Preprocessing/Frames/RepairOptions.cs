using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// Replaces values that are not finite, or that reached the ceiling of the camera, by the line between the same pixel's neighboring good
/// projections. Repairs single bad projections (a lost frame, a flash of the beam) as a whole.
/// </summary>
public sealed record RepairOptions : PreprocessingStep
{
    /// <summary>Values from here up count as saturated, for instance 65535; null when only NaN and infinity count.</summary>
    public double? SaturationLevel { get; init; }

    /// <summary>Part of the values that may be bad before the scan is refused: 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double MostBad
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MostBad), value, "A part goes from 0 to 1.");
    } = 0.1;

    /// <inheritdoc/>
    public override string Name => "repair-values";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("saturationLevel", SaturationLevel?.ToString("g6") ?? "none"), ("mostBad", $"{MostBad:g3}")];

    /// <inheritdoc/>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var ceiling = (float)(SaturationLevel ?? double.PositiveInfinity);
        var warned = 0;
        return new SinogramStack(projections, this, Repair, repair: false);

        void Repair(SinogramBlock sinogram)
        {
            var bad = AngleRepair.Apply(sinogram, ceiling);
            if (bad > MostBad * sinogram.Values.Length)
            {
                throw new InvalidDataException(
                    $"Detector row {sinogram.DetectorRow}: {bad} of {sinogram.Values.Length} values are not finite" +
                    (SaturationLevel is { } level ? $" or saturated (from {level:g6} up)" : "") +
                    $", more than the {MostBad:0.#%} that RepairOptions.MostBad allows. Leave out the bad projections, or shorten the exposure.");
            }

            if (bad > 0 && Interlocked.Exchange(ref warned, 1) == 0)
            {
                RunContext.Current.Warning?.Invoke(
                    $"{Name}: in detector row {sinogram.DetectorRow}, {bad} of {sinogram.Values.Length} values were not finite or saturated and " +
                    "took the values of their neighboring projections. Other rows may have some as well.");
            }
        }
    }
}
