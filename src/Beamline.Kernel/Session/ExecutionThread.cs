using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>The thread that cells run on: one for all of them, with a big stack, until it has to be replaced.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "The queue ends with its thread, which may outlive everything when it was abandoned")]
internal sealed class ExecutionThread
{
    // Recursive user code (trees, flood fills) needs more than the usual 8 MB; untouched stack costs nothing. Not much
    // more: a recursion without an end is unwound frame by frame, 50 ms for each MB of stack and more on a busy machine.
    private const int StackBytes = 16 << 20;

    private readonly BlockingCollection<Action> _work = new();
    private readonly Thread _thread;

    public ExecutionThread()
    {
        _thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "Beamline cells" };
        _thread.UnsafeStart();
    }

    /// <summary>True while the thread waits for a lock, an event, a sleep or another thread.</summary>
    public bool IsWaiting => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    public void Post(Action work) => _work.Add(work);

    /// <summary>Ends the wait that the thread is in.</summary>
    public void InterruptWait() => _thread.Interrupt();

    /// <summary>Ends the thread when its present work does.</summary>
    public void Retire() => _work.CompleteAdding();

    /// <summary>Leaves the thread to its endless work, out of the way of others.</summary>
    public void Abandon()
    {
        Retire();
        try
        {
            _thread.Priority = ThreadPriority.Lowest;
        }
        catch (ThreadStateException)
        {
            // It ended in this moment.
        }
    }

    private void Loop()
    {
        while (true)
        {
            try
            {
                foreach (var work in _work.GetConsumingEnumerable())
                {
                    work();
                }

                return;
            }
            catch (ThreadInterruptedException)
            {
                // Meant for the wait of a cell that had just ended.
            }
        }
    }
}
