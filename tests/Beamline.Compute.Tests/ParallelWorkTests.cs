using System.Collections.Concurrent;

namespace Beamline.Compute.Tests;

public sealed class ParallelWorkTests
{
    [Theory]
    [InlineData(0, 4), InlineData(1, 4), InlineData(2, 4), InlineData(1000, 4), InlineData(1000, 1), InlineData(3, 64)]
    public void Every_piece_is_done_once(int count, int threads)
    {
        var done = new int[count];
        ParallelWork.For(count, new RunContext { MaxThreads = threads }, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void No_more_threads_work_than_allowed(int threads)
    {
        var (now, most) = (0, 0);
        ParallelWork.For(200, new RunContext { MaxThreads = threads }, _ =>
        {
            var working = Interlocked.Increment(ref now);
            InterlockedMax(ref most, working);
            Thread.SpinWait(2000);
            Interlocked.Decrement(ref now);
        });
        Assert.InRange(most, 1, threads);
    }

    [Fact]
    public void One_thread_works_in_order_on_the_calling_thread()
    {
        var order = new List<int>();
        var caller = Environment.CurrentManagedThreadId;
        ParallelWork.For(50, new RunContext { MaxThreads = 1 }, i =>
        {
            Assert.Equal(caller, Environment.CurrentManagedThreadId);
            order.Add(i);
        });
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Theory]
    [InlineData(1), InlineData(4)]
    public void An_error_comes_out_as_itself_with_its_own_stack(int threads)
    {
        var error = Assert.Throws<InvalidDataException>(
            () => ParallelWork.For(100, new RunContext { MaxThreads = threads }, Fail));
        Assert.Equal("frame 7 is unreadable", error.Message);
        Assert.Contains(nameof(Fail), error.StackTrace);

        static void Fail(int i)
        {
            if (i == 7)
            {
                throw new InvalidDataException("frame 7 is unreadable");
            }
        }
    }

    [Theory]
    [InlineData(1), InlineData(4)]
    public void Work_that_is_cancelled_before_it_starts_does_nothing(int threads)
    {
        var context = new RunContext { MaxThreads = threads, CancellationToken = new CancellationToken(canceled: true) };
        var done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelWork.For(10, context, _ => done++));
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelWork.For(0, context, _ => done++));
        Assert.Equal(0, done);
    }

    [Theory]
    [InlineData(1), InlineData(4)]
    public void Cancelling_stops_between_pieces(int threads)
    {
        using var source = new CancellationTokenSource();
        var context = new RunContext { MaxThreads = threads, CancellationToken = source.Token };
        var done = new ConcurrentBag<int>();
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelWork.For(1_000_000, context, i =>
        {
            done.Add(i);
            if (done.Count >= 20)
            {
                source.Cancel();
            }
        }));
        // Each thread may finish the piece it is at; nobody starts many more.
        Assert.InRange(done.Count, 20, 1000);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    [Fact]
    public void Interrupted_again_and_again_it_waits_for_every_piece()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var pause = new ManualResetEventSlim();
        var finished = false;
        bool? finishedWhenThrown = null;
        Exception? thrown = null;
        Thread caller = null!;
        caller = new Thread(() =>
        {
            try
            {
                ParallelWork.For(2, new RunContext { MaxThreads = 2 }, _ =>
                {
                    if (Thread.CurrentThread == caller)
                    {
                        // Without a wait: an interrupt here would not be the one that is meant.
                        var until = Environment.TickCount64 + 10_000;
                        while (!entered.IsSet && Environment.TickCount64 < until)
                        {
                            Thread.SpinWait(100);
                        }

                        return;
                    }

                    entered.Set();
                    release.Wait();
                    Volatile.Write(ref finished, true);
                });
            }
            catch (ThreadInterruptedException e)
            {
                (thrown, finishedWhenThrown) = (e, Volatile.Read(ref finished));
            }
        });
        caller.Start();
        Assert.SkipUnless(entered.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "The pool gave no second thread.");
        for (var i = 0; i < 10; i++)
        {
            caller.Interrupt();
            pause.Wait(20, TestContext.Current.CancellationToken);
        }

        Assert.True(caller.IsAlive);
        release.Set();
        Assert.True(caller.Join(TimeSpan.FromSeconds(30)));
        Assert.NotNull(thrown);
        Assert.True(finishedWhenThrown);
    }
}
