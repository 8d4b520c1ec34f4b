namespace Beamline.Compute.Tests;

public sealed class RunContextTests
{
    private static RunContext Threads(int count) => new() { MaxThreads = count };

    [Fact]
    public void Without_a_setting_the_default_holds()
    {
        Assert.Same(RunContext.Default, RunContext.Current);
        Assert.Equal(Device.Auto, RunContext.Default.Device);
        Assert.Equal(Environment.ProcessorCount, RunContext.Default.MaxThreads);
        Assert.Null(RunContext.Default.MemoryLimitBytes);
        Assert.False(RunContext.Default.CancellationToken.CanBeCanceled);
        Assert.True(Directory.Exists(RunContext.Default.ScratchFolder));
    }

    [Fact]
    public void Settings_nest_and_are_restored()
    {
        var (outer, inner) = (Threads(3), Threads(2));
        using (RunContext.Use(outer))
        {
            using (RunContext.Use(inner))
            {
                Assert.Same(inner, RunContext.Current);
            }

            Assert.Same(outer, RunContext.Current);
        }

        Assert.Same(RunContext.Default, RunContext.Current);
    }

    [Fact]
    public void Restoring_twice_does_not_undo_a_later_setting()
    {
        var later = Threads(2);
        var first = RunContext.Use(Threads(3));
        first.Dispose();
        using (RunContext.Use(later))
        {
            first.Dispose();
            Assert.Same(later, RunContext.Current);
        }
    }

    [Fact]
    public void An_exception_restores_as_well()
    {
        Assert.Throws<InvalidDataException>(Fail);
        Assert.Same(RunContext.Default, RunContext.Current);

        static void Fail()
        {
            using var used = RunContext.Use(Threads(2));
            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task The_context_flows_into_what_is_started_and_not_out_of_it()
    {
        var mine = Threads(2);
        using var used = RunContext.Use(mine);
        await Task.Yield();
        Assert.Same(mine, RunContext.Current);
        var inside = await Task.Run(() =>
        {
            var seen = RunContext.Current;
            _ = RunContext.Use(Threads(7));
            return seen;
        });
        Assert.Same(mine, inside);
        Assert.Same(mine, RunContext.Current);
        Parallel.For(0, 16, _ => Assert.Same(mine, RunContext.Current));
        RunContext? onThread = null;
        var thread = new Thread(() => onThread = RunContext.Current);
        thread.Start();
        thread.Join();
        Assert.Same(mine, onThread);
    }

    [Fact]
    public async Task Two_computations_at_once_keep_their_own_context()
    {
        using var bothIn = new Barrier(2);
        async Task<RunContext> Compute(RunContext context)
        {
            using var used = RunContext.Use(context);
            await Task.Yield();
            bothIn.SignalAndWait(TestContext.Current.CancellationToken);
            return RunContext.Current;
        }

        var (one, two) = (Threads(1), Threads(2));
        var found = await Task.WhenAll(Task.Run(() => Compute(one)), Task.Run(() => Compute(two)));
        Assert.Same(one, found[0]);
        Assert.Same(two, found[1]);
    }

    [Fact]
    public void Limits_are_checked_when_built()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Threads(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunContext { MemoryLimitBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunContext { MemoryLimitBytes = -1 });
        Assert.Null(new RunContext { MemoryLimitBytes = null }.MemoryLimitBytes);
        Assert.Throws<ArgumentNullException>(() => RunContext.Use(null!));
    }

    [Fact]
    public void Reports_reach_the_listener_and_cancellation_stops_the_work()
    {
        var heard = new List<ProgressReport>();
        using var source = new CancellationTokenSource();
        var context = new RunContext { Progress = new Listener(heard), CancellationToken = source.Token };
        context.Report("FBP", 0.5, "slab 1 of 2");
        Assert.Equal([new ProgressReport("FBP", 0.5, "slab 1 of 2")], heard);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => context.Report("FBP", 1));
        Assert.Single(heard);
        RunContext.Default.Report("nobody listens", 0);
    }

    private sealed class Listener(List<ProgressReport> heard) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => heard.Add(value);
    }
}
