using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>How a job of several ranks ended, from how each of them did.</summary>
internal static class RankEnd
{
    /// <summary>The end of the rank to blame, said so that its number is seen.</summary>
    /// <param name="own">How the first rank ended.</param>
    /// <param name="others">How the others ended; null for those that said nothing.</param>
    /// <param name="firstFailed">The rank that failed before any other, when that is known.</param>
    public static JobStatus Of(JobStatus own, IReadOnlyDictionary<int, JobStatus?> others, int? firstFailed)
    {
        var size = others.Count + 1;
        var silent = others.Where(o => o.Value is null).Select(o => o.Key).ToList();
        if (firstFailed is { } first && first < size && (first == 0 ? own : others[first]) is { } end && !(silent.Count > 0 && IsTalk(end)))
        {
            return Named(first, size, end);
        }

        // A launcher that lost a process ends the others by the signal that also ends a job whose time is up, and those beside it at once.
        if (silent.Count > 0 && own.State is not JobState.Cancelled)
        {
            return own with { State = JobState.Failed, Error = null, Message = $"{(silent.Count > 1 ? "Ranks" : "Rank")} {string.Join(", ", silent)} of {size} ended without a word: killed, crashed, or not able to stop in time." };
        }

        if (own.State != JobState.Succeeded)
        {
            return own.State == JobState.Failed ? Named(0, size, own) : own;
        }

        return others.FirstOrDefault(o => o.Value is { State: not JobState.Succeeded }) is { Value: { } bad, Key: var rank } ? Named(rank, size, bad) : own;
    }

    // Another rank was gone: not the one that heard of it is to blame.
    private static bool IsTalk(JobStatus end) => end.Error?.Name == nameof(Compute.RankException);

    private static JobStatus Named(int rank, int size, JobStatus end)
    {
        var who = $"Rank {rank} of {size}{(end.Host is { } host ? $" on {host}" : "")}";
        var why = (end.Message ?? end.Error?.Message ?? "no reason is known").TrimEnd('.');
        return end with
        {
            Message = $"{who} did not end well: {why}.",
            Error = end.Error is { } error ? error with { Message = $"{who}: {error.Message}", Traceback = [$"{who} failed:", .. error.Traceback] } : null,
        };
    }
}
