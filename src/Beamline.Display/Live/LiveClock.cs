using System.Diagnostics;

namespace Beamline.Display;

/// <summary>
/// Draws the displays of running jobs on a thread of its own: jobs do not wait for pictures, and the thread pool may be full of their work.
/// </summary>
internal static class LiveClock
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(40);
    private static readonly Lock Gate = new();
    private static readonly List<LiveJob> Jobs = [];
    private static readonly AutoResetEvent Came = new(false);
    private static Thread? _thread;

    public static void Add(LiveJob job)
    {
        lock (Gate)
        {
            Jobs.Add(job);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "Beamline live display" };
                _thread.UnsafeStart();
            }
        }

        Came.Set();
    }

    private static void Run()
    {
        while (true)
        {
            LiveJob[] now;
            lock (Gate)
            {
                now = [.. Jobs];
            }

            if (now.Length == 0)
            {
                Came.WaitOne();
                continue;
            }

            foreach (var job in now)
            {
                if (!Tick(job))
                {
                    lock (Gate)
                    {
                        Jobs.Remove(job);
                    }
                }
            }

            Came.WaitOne(Beat);
        }
    }

    private static bool Tick(LiveJob job)
    {
        try
        {
            return job.Tick();
        }
        catch (Exception exception)
        {
            // The kernel was closed, or a picture cannot be drawn: the job and the other displays go on.
            Debug.WriteLine(exception);
            return false;
        }
    }
}
