namespace Beamline.Compute;

/// <summary>Loops over independent pieces of work on the threads that the <see cref="RunContext"/> allows.</summary>
internal static class ParallelWork
{
    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/> - 1; stops between pieces when cancelled.</summary>
    internal static void For(int count, RunContext context, Action<int> body)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (count == 1 || context.MaxThreads == 1)
        {
            for (var i = 0; i < count; i++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = context.MaxThreads,
            CancellationToken = context.CancellationToken,
        };
        var (running, stopped) = (0, false);
        try
        {
            Parallel.For(0, count, options, i =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    if (!Volatile.Read(ref stopped))
                    {
                        body(i);
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            });
        }
        catch (ThreadInterruptedException)
        {
            // Only the wait of this thread was broken. The caller frees the memory that the other threads work on, so
            // they must be through first; none begins another piece.
            Volatile.Write(ref stopped, true);
            WaitFor(() => Volatile.Read(ref running) == 0);
            throw;
        }
        catch (AggregateException e) when (e.InnerExceptions.Count >= 1)
        {
            // Every piece fails in the same way: the first error says it all, with its own stack.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
        }
    }

    /// <summary>Waits whatever comes: a cell that is being stopped interrupts its thread again and again.</summary>
    private static void WaitFor(Func<bool> condition)
    {
        while (true)
        {
            try
            {
                SpinWait.SpinUntil(condition);
                return;
            }
            catch (ThreadInterruptedException)
            {
                // The first one is on its way out already.
            }
        }
    }
}
