using System.Diagnostics;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Stops one cell from outside: first its cancellation token, then the checks in its code and an end to the waits of
/// its thread, and after a grace time it is answered without it and the thread is left behind.
/// </summary>
internal sealed class CellStopper(
    CellRun cell, ExecutionThread thread, TaskCompletionSource<CellOutcome> done, TimeSpan grace, TimeSpan waitsLast, Action abandoned)
{
    // What listens to the token ends by it within this time, in an orderly way.
    private const int TokenFirstMilliseconds = 15;
    private const int BetweenInterruptsMilliseconds = 50;

    // Tasks that a stopped cell started are ended by their checks for this long after the cell itself.
    private static readonly TimeSpan ForItsTasks = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Thread? _watcher;
    private bool _codeEnded;

    /// <summary>The outcome of a cell that was interrupted while it waited for its turn.</summary>
    public static CellOutcome NotStarted() => new(
        CellStatus.Interrupted, CellError.Simple("Interrupted", "The cell was interrupted before it started: nothing of it ran."));

    public static CellOutcome Outcome(StopReason reason, CellRun cell, bool abandoned)
    {
        var left = abandoned
            ? $" Its code did not react and was left behind on its own thread, where it may still use a core; " +
              "the variables of earlier cells are unharmed. Restart the kernel to be rid of it."
            : "";
        return reason == StopReason.Timeout
            ? new CellOutcome(
                CellStatus.TimedOut,
                CellError.Simple("TimeoutException", $"The cell ran longer than {cell.Request.Timeout.TotalSeconds:0.###} s.{left}"),
                abandoned)
            : new CellOutcome(
                CellStatus.Interrupted,
                CellError.Simple("Interrupted", $"The cell was interrupted after {cell.Elapsed.TotalSeconds:0.0} s.{left}"),
                abandoned);
    }

    public void Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_watcher is not null || done.Task.IsCompleted)
            {
                return;
            }

            cell.NoteStop(reason);
            CellGuard.BeginStop();
            if (_codeEnded)
            {
                EndChecksLater();
            }

            // Threads of their own: the pool may be full of the very work that is to be stopped, and callbacks
            // of the token may hang.
            new Thread(Cancel) { IsBackground = true, Name = "Beamline cancel" }.UnsafeStart();
            _watcher = new Thread(() => Watch(reason)) { IsBackground = true, Name = "Beamline interrupt" };
            _watcher.UnsafeStart();
        }
    }

    /// <summary>The cell's code is through, be it long after the cell was answered.</summary>
    public void CodeEnded()
    {
        lock (_gate)
        {
            _codeEnded = true;
            if (_watcher is not null)
            {
                EndChecksLater();
            }
        }
    }

    /// <summary>Waits until nothing will be done to the cell's thread any more.</summary>
    /// <returns>True when the cell was stopped.</returns>
    public bool WaitForEnd()
    {
        Thread? watcher;
        lock (_gate)
        {
            watcher = _watcher;
        }

        watcher?.Join();
        return watcher is not null;
    }

    private static void EndChecksLater() => _ = Task.Delay(ForItsTasks).ContinueWith(
        static _ => CellGuard.EndStop(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void Cancel()
    {
        try
        {
            cell.Cancel();
        }
        catch (AggregateException)
        {
            // Thrown by callbacks of user code on the token: the cell stops all the same.
        }
    }

    private void Watch(StopReason reason)
    {
        var watch = Stopwatch.StartNew();
        var wait = TokenFirstMilliseconds;
        while (watch.Elapsed < grace)
        {
            if (done.Task.Wait(wait))
            {
                return;
            }

            wait = BetweenInterruptsMilliseconds;
            cell.IsStopping = true;
            if (thread.IsWaiting && watch.Elapsed >= waitsLast)
            {
                thread.InterruptWait();
            }
        }

        if (done.Task.IsCompleted)
        {
            return;
        }

        cell.RunAtEnd(JobEnding.Cancelled);
        cell.Output.Finish();
        cell.Output.Close();
        if (done.TrySetResult(Outcome(reason, cell, abandoned: true)))
        {
            abandoned();
        }
    }
}
