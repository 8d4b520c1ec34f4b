namespace Beamline.Compute;

/// <summary>Loops over independent pieces of work on the threads that the <see cref="RunContext"/> allows.</summary>
internal static class ParallelWork
{
    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/> - 1; stops between pieces when cancelled.</summary>
    /// <remarks>
    /// Each thread takes the next piece when it is through with one, so that at the end nobody waits longer than for one piece. (Parallel.For hands
    /// out up to 16 at a time.) Large pieces belong to the front.
    /// </remarks>
    internal static void For(int count, RunContext context, Action<int> body)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (count <= 1 || context.MaxThreads == 1)
        {
            for (var i = 0; i < count; i++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        new SharedLoop(count, body, context.CancellationToken).Run(Math.Min(context.MaxThreads, count));
    }
}
