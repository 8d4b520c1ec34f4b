using System.Collections.Concurrent;
using System.Diagnostics;

namespace Beamline.Kernel;

/// <summary>
/// Shows what cells have put out soon after, on a thread of its own: the thread pool, where timers run, may be full of the
/// very work that reports.
/// </summary>
internal static class OutputPulse
{
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private static readonly BlockingCollection<(CellOutput Output, long Asked)> Waiting = new();
    private static readonly Lazy<Thread> Runner = new(Start);

    /// <summary>Flushes an output after the delay.</summary>
    public static void Ask(CellOutput output)
    {
        _ = Runner.Value;
        Waiting.Add((output, Stopwatch.GetTimestamp()));
    }

    private static Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "Beamline output" };
        thread.UnsafeStart();
        return thread;
    }

    private static void Run()
    {
        using var pause = new ManualResetEventSlim();
        foreach (var (output, asked) in Waiting.GetConsumingEnumerable())
        {
            // All wait equally long, so the first asked is the first due.
            var left = Delay - Stopwatch.GetElapsedTime(asked);
            if (left > TimeSpan.Zero)
            {
                pause.Wait(left);
            }

            try
            {
                output.Pulse();
            }
            catch (Exception exception)
            {
                // The kernel was closed meanwhile, or the sink failed: other cells must still be shown.
                Debug.WriteLine(exception);
            }
        }
    }
}
