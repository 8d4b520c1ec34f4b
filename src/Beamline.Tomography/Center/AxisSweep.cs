using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>One slice reconstructed with one candidate axis.</summary>
/// <param name="Column">Column of the candidate axis in pixels.</param>
/// <param name="Score">How good the slice is: greater is better, within one sweep.</param>
/// <param name="Slice">The slice about the axis, zero outside the circle that it was made for; values in 1/pixel.</param>
public sealed record AxisCandidate(double Column, double Score, Image Slice);

/// <summary>The same slice with one axis after the other, to choose from by eye.</summary>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class AxisSweep
{
    internal AxisSweep(int detectorRow, AxisScore scored, IReadOnlyList<AxisCandidate> candidates, int bestIndex, RotationAxis best) =>
        (DetectorRow, Scored, Candidates, BestIndex, Best) = (detectorRow, scored, candidates, bestIndex, best);

    /// <summary>The detector row that the slices are of.</summary>
    public int DetectorRow { get; }

    /// <summary>What the scores reward.</summary>
    public AxisScore Scored { get; }

    /// <summary>The candidates, from left to right.</summary>
    public IReadOnlyList<AxisCandidate> Candidates { get; }

    /// <summary>Index of the candidate with the best score.</summary>
    public int BestIndex { get; }

    /// <summary>The axis of the best candidate, with warnings when it is the first or the last one.</summary>
    public RotationAxis Best { get; }

    /// <summary>The axis of a candidate chosen by eye.</summary>
    /// <param name="index">Index of the candidate, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such candidate.</exception>
    public RotationAxis Choose(int index) => index >= 0 && index < Candidates.Count
        ? new RotationAxis(Candidates[index].Column) { Method = "sweep" }
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Candidates.Count} candidates: 0 to {Candidates.Count - 1}.");

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Candidates.Count} candidate axes in detector row {DetectorRow}, columns " +
        string.Join(", ", Candidates.Select((c, i) =>
            c.Column.ToString("0.##", CultureInfo.InvariantCulture) + (i == BestIndex ? " (best " + Scored.ToString().ToLowerInvariant() + ")" : "")));
}
