using Beamline.Compute;

namespace Beamline.Data.Scans;

/// <summary>
/// Looks at frames as they are read, and says once of each that it holds NaN or infinity, or that its camera was saturated: by the time a
/// picture looks wrong, nobody knows which frame it was.
/// </summary>
internal sealed class FrameWatch(string source, ElementType type)
{
    private const int MostWarnings = 4;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _told = [];
    private readonly float? _ceiling = FrameDefects.Ceiling(type);
    private readonly bool _canBeNonFinite = type.Kind == ElementKind.Float;
    private int _warnings;

    /// <summary>Looks at a block [frame, row, column] that was just read.</summary>
    internal void Look(int frameStart, int frameCount, ReadOnlySpan<float> block)
    {
        if ((!_canBeNonFinite && _ceiling is null) || frameCount == 0 || RunContext.Current.Warning is not { } warn || _warnings > MostWarnings)
        {
            return;
        }

        List<int> found = [];
        long values = 0;
        var size = block.Length / frameCount;
        for (var i = 0; i < frameCount; i++)
        {
            var frame = block.Slice(i * size, size);
            var bad = _canBeNonFinite ? FrameDefects.NonFinite(frame) : FrameDefects.Saturated(frame, _ceiling!.Value);
            if (bad > (_canBeNonFinite ? 0 : FrameDefects.MostSaturated * size))
            {
                found.Add(frameStart + i);
                values += bad;
            }
        }

        if (found.Count > 0)
        {
            Tell(found, values, size, warn);
        }
    }

    private void Tell(List<int> found, long values, int size, Action<string> warn)
    {
        string message;
        lock (_gate)
        {
            var all = found.Count;
            found.RemoveAll(f => !_told.Add(f));
            if (found.Count == 0 || ++_warnings > MostWarnings + 1)
            {
                return;
            }

            message = _warnings > MostWarnings
                ? $"{source}: more projections are like that; scan.CheckFrames() lists all of them."
                : Sentence(found, values, all * (long)size);
        }

        warn(message);
    }

    private string Sentence(List<int> found, long values, long of)
    {
        var which = $"{source}: {(found.Count == 1 ? "projection" : "projections")} {FrameDefects.List(found)}";
        return _canBeNonFinite
            ? $"{which} {(found.Count == 1 ? "holds" : "hold")} {values:N0} values that are NaN or infinite. Put those of the neighboring projections in their place: " +
              "RepairValues(), or leave the projections out."
            : $"{which}: {values / (double)of:0.##%} of the pixels are at {_ceiling:0}, the ceiling of {type}: the camera was saturated, and transmissions there are wrong. " +
              "Shorten the exposure; single saturated projections can be repaired with RepairOptions { SaturationLevel = ... }.";
    }
}
