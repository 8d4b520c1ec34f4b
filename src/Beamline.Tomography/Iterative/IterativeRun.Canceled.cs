using Beamline.Compute;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Iterative;

internal sealed partial class IterativeRun
{
    /// <summary>Whether a cancelled run has put all that it had into the store.</summary>
    internal bool IsKept { get; private set; }

    /// <summary>Writes what a cancelled run has of the slices that it did not finish.</summary>
    /// <returns>Null when no iteration was done at all.</returns>
    private VolumeStore? KeepUnfinished(SlabRun run, int slab, RunContext alone)
    {
        if (slab == 0 && run.Progress is null)
        {
            return null;
        }

        var stops = new List<SliceStop>(_stops);
        var sums = _sums;
        if (run.Progress is { } progress)
        {
            var (first, used) = Slices(slab);
            Write(run.Best, first, used, alone);
            sums = IterationSums.Together(sums, progress.History);
            stops.AddRange(Enumerable.Range(0, used).Select(lane => progress.Stop(lane, first + lane)));
            slab++;
        }

        for (; slab < _plan.SlabCount; slab++)
        {
            var (first, used) = Slices(slab);
            stops.AddRange(Enumerable.Range(first, used).Select(z => new SliceStop(z, StopReason.Canceled, 0, double.NaN)));
            if (_options.Start is not null)
            {
                FillStart(run.Start, first, used, 1, alone);
                _store.Write(run.Start, first, used, 0, alone);
            }
        }

        (_stops, History) = (stops, IterationSums.Records(sums));
        return _store;
    }
}
