using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A few flats and, for each projection, how much of each of them its own flat has.</summary>
internal abstract class FlatMixture(float[][] flats)
{
    internal float[][] Flats { get; } = flats;

    /// <summary>One weight for each flat.</summary>
    internal abstract float[] WeightsOf(int angle, ProjectionStack counts);
}

/// <summary>Weights in time: the line between the flats before and after.</summary>
internal sealed class TimedFlats : FlatMixture
{
    private readonly double[] _positions;

    private TimedFlats(float[][] flats, double[] positions)
        : base(flats) => _positions = positions;

    /// <summary>Flats of the same position are averaged.</summary>
    internal static TimedFlats Make(Data.ReferenceFrames frames, IReadOnlyList<double>? positions, int projections)
    {
        positions ??= [.. Enumerable.Range(0, frames.FrameCount).Select(i => i < (frames.FrameCount + 1) / 2 ? -1.0 : projections)];
        if (positions.Count != frames.FrameCount || positions.Any(p => !double.IsFinite(p)))
        {
            throw new ArgumentException($"FlatPositions has {positions.Count} numbers for {frames.FrameCount} flats; each flat needs one, and it must be finite.");
        }

        var groups = Enumerable.Range(0, frames.FrameCount).GroupBy(i => positions[i]).OrderBy(g => g.Key).ToArray();
        return new TimedFlats(ReferenceAverages.Groups(frames, [.. groups.Select(g => g.ToArray())]), [.. groups.Select(g => g.Key)]);
    }

    internal override float[] WeightsOf(int angle, ProjectionStack counts)
    {
        var weights = new float[_positions.Length];
        var after = Array.FindIndex(_positions, p => p >= angle);
        if (after <= 0)
        {
            weights[after < 0 ? ^1 : 0] = 1;
            return weights;
        }

        var share = (angle - _positions[after - 1]) / (_positions[after] - _positions[after - 1]);
        weights[after] = (float)share;
        weights[after - 1] = (float)(1 - share);
        return weights;
    }
}
