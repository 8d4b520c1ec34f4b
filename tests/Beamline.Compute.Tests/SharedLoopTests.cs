namespace Beamline.Compute.Tests;

/// <summary>What <see cref="ParallelWork"/> promises about the threads that help.</summary>
public sealed class SharedLoopTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public void Pieces_are_handed_out_one_by_one_in_order()
    {
        // One thread sits on piece 0: the other must do all that is left, which chunks of pieces would keep from it.
        using var rest = new CountdownEvent(99);
        ParallelWork.For(100, new RunContext { MaxThreads = 2 }, i =>
        {
            if (i == 0)
            {
                Assert.True(rest.Wait(Hang), "a piece waits behind the slow one");
            }
            else
            {
                rest.Signal();
            }
        });
    }

    [Fact]
    public void Nobody_works_any_more_when_an_error_comes_out()
    {
        var working = 0;
        for (var run = 0; run < 200; run++)
        {
            Assert.Throws<InvalidDataException>(() => ParallelWork.For(50, new RunContext { MaxThreads = 4 }, i =>
            {
                Interlocked.Increment(ref working);
                try
                {
                    Thread.SpinWait(100);
                    if (i == 10)
                    {
                        throw new InvalidDataException("damaged");
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref working);
                }
            }));
            Assert.Equal(0, Volatile.Read(ref working));
        }
    }

    [Fact]
    public void An_interrupted_wait_ends_only_when_the_helpers_are_through()
    {
        using var helperIsIn = new ManualResetEventSlim();
        using var letGo = new ManualResetEventSlim();
        var (helperIsOut, seen) = (false, (bool?)null);
        Exception? error = null;
        var caller = new Thread(() =>
        {
            var id = Environment.CurrentManagedThreadId;
            try
            {
                ParallelWork.For(2, new RunContext { MaxThreads = 2 }, _ =>
                {
                    if (Environment.CurrentManagedThreadId == id)
                    {
                        helperIsIn.Wait(Hang);
                        return;
                    }

                    helperIsIn.Set();
                    letGo.Wait(Hang);
                    Volatile.Write(ref helperIsOut, true);
                });
            }
            catch (ThreadInterruptedException e)
            {
                seen = Volatile.Read(ref helperIsOut);
                error = e;
            }
        });
        caller.Start();
        Assert.True(helperIsIn.Wait(Hang));
        Assert.True(SpinWait.SpinUntil(() => caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Hang));
        caller.Interrupt();
        Assert.False(caller.Join(50), "the caller came back while a helper worked");
        letGo.Set();
        Assert.True(caller.Join(Hang));
        Assert.IsType<ThreadInterruptedException>(error);
        Assert.True(seen);
    }

    [Fact]
    public void Loops_within_loops_end_although_all_threads_of_the_pool_are_taken()
    {
        var done = 0;
        ParallelWork.For(64, new RunContext { MaxThreads = 64 }, _ =>
            ParallelWork.For(64, new RunContext { MaxThreads = 64 }, _ => Interlocked.Increment(ref done)));
        Assert.Equal(64 * 64, done);
    }

    [Fact]
    public void Helpers_see_the_context_of_the_caller()
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = 3 });
        ParallelWork.For(300, RunContext.Current, _ =>
        {
            Thread.SpinWait(500);
            Assert.Equal(3, RunContext.Current.MaxThreads);
        });
    }
}
