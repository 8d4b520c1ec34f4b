using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>What is left to do when a run was cancelled: hand over what it has.</summary>
internal static class CanceledRun
{
    private const int Attempts = 3;

    /// <summary>Whether a run ended by its cancellation: by the token, or because whoever cancelled it broke a wait of its thread.</summary>
    internal static bool IsEnd(Exception exception, RunContext context) =>
        context.CancellationToken.IsCancellationRequested && exception is OperationCanceledException or ThreadInterruptedException;

    /// <summary>Makes what is handed over; null when memory or disk do not permit.</summary>
    /// <param name="context">The context of the run.</param>
    /// <param name="make">Makes it with the context that it is given, from the start when it is called again.</param>
    internal static T? Keep<T>(RunContext context, Func<RunContext, T?> make)
        where T : class
    {
        // A stop of a notebook's cell breaks waits of its thread for as long as it runs; one thread waits for no other.
        context = context with { CancellationToken = default, MaxThreads = 1 };
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                return make(context);
            }
            catch (ThreadInterruptedException)
            {
                // Once more.
            }
            catch (Exception e) when (e is OutOfMemoryException or IOException)
            {
                return null;
            }
        }

        return null;
    }

    internal static ReconstructionCanceledException Error(RunJob job, IterativeResult partial, int iterationLimit, Exception cause, RunContext context)
    {
        const string Where = "The slices as they were then are in this exception's Partial.";
        var stopped = partial.Stops.Where(s => s.Reason == StopReason.Canceled).ToList();
        var begun = stopped.Where(s => !double.IsNaN(s.RelativeResidual)).ToList();
        var at = begun.Count > 0 ? $" at iteration {begun.Max(s => s.Iteration)} of {iterationLimit}" : "";
        var solved = partial.Stops.Count == 1 ? "" : $": {Slices(partial.Stops.Count - stopped.Count)} solved, {begun.Count} on the way, {stopped.Count - begun.Count} not begun";
        job.StopNote = job.StopNote.Length > 0 ? job.StopNote : "The volume so far is in the Partial of the exception";
        return new ReconstructionCanceledException(partial, $"{partial.Method} was cancelled{at}{solved}. {Where}", cause, context.CancellationToken);
    }

    private static string Slices(int count) => count == 1 ? "1 slice" : $"{count} slices";
}
