using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Beamline.Compute;

/// <summary>One loop that the calling thread and helpers of the thread pool share, piece by piece.</summary>
/// <remarks>The caller waits only for helpers that have begun: when the pool has no thread to spare, it does all the work itself.</remarks>
internal sealed class SharedLoop(int count, Action<int> body, CancellationToken cancellation)
{
    /// <summary>The others are through within one piece; to sleep until then and be woken takes about as long.</summary>
    private static readonly TimeSpan MostSpinning = TimeSpan.FromMilliseconds(0.2);

    private readonly object _gate = new();
    private int _next;
    private int _helping;
    private bool _isClosed;
    private volatile bool _isStopped;
    private ExceptionDispatchInfo? _error;

    /// <summary>Runs all pieces and returns when nobody works at one any more, also after an error.</summary>
    internal void Run(int threads)
    {
        for (var i = 1; i < threads; i++)
        {
            ThreadPool.QueueUserWorkItem(static loop => loop.Help(), this, preferLocal: false);
        }

        Work();
        if (WaitForHelpers() is { } interrupted)
        {
            ExceptionDispatchInfo.Throw(interrupted);
        }

        // Every piece fails in the same way: the first error says it all, with its own stack.
        _error?.Throw();
        if (_isStopped)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Help()
    {
        Enter();
        var isLate = _isClosed;
        _helping += isLate ? 0 : 1;
        Monitor.Exit(_gate);
        if (isLate)
        {
            return;
        }

        Work();
        Enter();
        _helping--;
        Monitor.PulseAll(_gate);
        Monitor.Exit(_gate);
    }

    private void Work()
    {
        try
        {
            while (!_isStopped)
            {
                var piece = Interlocked.Increment(ref _next) - 1;
                if (piece >= count)
                {
                    return;
                }

                if (cancellation.IsCancellationRequested)
                {
                    _isStopped = true;
                    return;
                }

                body(piece);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            _isStopped = true;
        }
    }

    /// <summary>Lets no helper begin any more and waits for those that have; says whether that wait was broken.</summary>
    private ThreadInterruptedException? WaitForHelpers()
    {
        Enter();
        _isClosed = true;
        Monitor.Exit(_gate);
        for (var start = Stopwatch.GetTimestamp(); Volatile.Read(ref _helping) > 0 && Stopwatch.GetElapsedTime(start) < MostSpinning;)
        {
            Thread.SpinWait(10);
        }

        ThreadInterruptedException? interrupted = null;
        Enter();
        try
        {
            while (_helping > 0)
            {
                Monitor.Wait(_gate);
            }
        }
        catch (ThreadInterruptedException e)
        {
            // The caller frees the memory that the other threads work on, so they must be through first; none begins another piece.
            _isStopped = true;
            interrupted = e;
        }
        finally
        {
            Monitor.Exit(_gate);
        }

        while (Volatile.Read(ref _helping) > 0)
        {
            Thread.Yield();
        }

        return interrupted;
    }

    /// <summary>Takes the gate without waiting in the kernel, where a thread that is interrupted would leave the others behind.</summary>
    private void Enter()
    {
        while (!Monitor.TryEnter(_gate))
        {
            Thread.SpinWait(1);
        }
    }
}
