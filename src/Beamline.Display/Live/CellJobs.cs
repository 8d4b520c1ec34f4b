using System.Runtime.CompilerServices;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>The jobs of one run of a cell that were shown. A loop over many jobs gets a few displays, and the last one goes on with the rest.</summary>
internal sealed class CellJobs
{
    private const int MostDisplays = 4;
    private static readonly ConditionalWeakTable<object, CellJobs> OfCell = [];
    private readonly Lock _gate = new();
    private readonly List<LiveJob> _shown = [];

    public static CellJobs Of(ILiveOutput output) => OfCell.GetOrCreateValue(output.Cell);

    /// <summary>A job is shown from now on.</summary>
    /// <returns>The output of an ended job that it takes over; null when it gets one of its own.</returns>
    public ILiveOutput? Show(LiveJob job)
    {
        LiveJob? before = null;
        lock (_gate)
        {
            if (_shown.Count >= MostDisplays)
            {
                before = _shown.FindLast(j => j.HasEnded);
            }

            if (before is not null)
            {
                _shown.Remove(before);
            }

            _shown.Add(job);
        }

        return before?.HandOver();
    }

    /// <summary>Whether a job is the last one that made something to look at: one viewer for a cell is enough.</summary>
    public bool IsLast(LiveJob job)
    {
        lock (_gate)
        {
            return _shown.FindLast(j => j.HasResult) == job;
        }
    }
}
