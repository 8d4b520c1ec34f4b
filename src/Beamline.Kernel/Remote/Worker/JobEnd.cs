using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>What the end of a cell means for its job.</summary>
internal static class JobEnd
{
    public static (JobState State, string? Message, JobError? Error) Of(
        CellOutcome outcome, NotebookKernel kernel, MapRun? map, JobSink sink, WorkerStop stop)
    {
        if (outcome.Status is CellStatus.Interrupted or CellStatus.TimedOut && stop.State is { } stopped)
        {
            var left = outcome.Abandoned ? " Its code did not react to that." : "";
            return (stopped, (stopped == JobState.TimedOut
                ? "Its process was told to end, because its time was used up or its machine was needed."
                : "It was cancelled.") + left, null);
        }

        var error = outcome.Error is { } e ? new JobError(e.Name, e.Message, Shown(e.Traceback)) : null;
        if (outcome.Status != CellStatus.Ok)
        {
            return IsOutOfMemory(kernel.LastError)
                ? (JobState.OutOfMemory, $"{error?.Message} Ask for more memory (--mem), or work on a part of the data.", error)
                : (JobState.Failed, null, error);
        }

        if (map is { Failed: [var first, ..] failed })
        {
            return (JobState.Failed, $"{failed.Count} of {map.Done} items failed, the first of them item {first}.", map.FirstError);
        }

        return sink.Problem is { } problem ? (JobState.Failed, problem, null) : (JobState.Succeeded, null, null);
    }

    /// <summary>A traceback without the hint at commands that the notebook has for errors of its own.</summary>
    public static IReadOnlyList<string> Shown(IReadOnlyList<string> traceback) =>
        [.. traceback.Where(line => !line.Contains("#!error shows the full stack", StringComparison.Ordinal))];

    private static bool IsOutOfMemory(Exception? exception) => exception switch
    {
        OutOfMemoryException => true,
        AggregateException many => many.InnerExceptions.Any(IsOutOfMemory),
        _ => exception?.InnerException is { } inner && IsOutOfMemory(inner),
    };
}
