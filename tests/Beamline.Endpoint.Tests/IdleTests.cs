using System.Diagnostics;

namespace Beamline.Endpoint.Tests;

/// <summary>What an endpoint costs that nobody uses, and what watching costs.</summary>
public sealed class IdleTests
{
    [Fact]
    public void A_bucket_fills_by_the_clock_and_needs_no_timer()
    {
        var clock = new Clock();
        var bucket = new TokenBucket(10, 3, clock);
        Assert.Equal([null, null, null], Enumerable.Range(0, 3).Select(_ => bucket.Take()));
        Assert.Equal(0.1, bucket.Take()!.Value.TotalSeconds, 6);
        clock.Seconds += 0.05;
        Assert.Equal(0.05, bucket.Take()!.Value.TotalSeconds, 6);
        clock.Seconds += 0.06;
        Assert.Null(bucket.Take());
        Assert.False(bucket.IsFull);
        // Never more than at once.
        clock.Seconds += 1000;
        Assert.True(bucket.IsFull);
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => bucket.Take() is null));
    }

    [Fact]
    public void Tokens_are_limited_each_and_strangers_together()
    {
        var clock = new Clock();
        var limits = new RequestLimits(new ServiceOptions(new ServiceFolder("/nowhere")) { RequestsPerSecond = 2, RequestBurst = 2, StrangersPerSecond = 1 }, clock);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => limits.Wait("a") is null));
        Assert.Null(limits.Wait("b"));
        // As HTTP has it: whole seconds.
        Assert.Equal(1, limits.Wait("a")!.Value.TotalSeconds);
        Assert.Null(limits.WaitOfStranger());
        Assert.NotNull(limits.WaitOfStranger());
        clock.Seconds += 1;
        Assert.Null(limits.Wait("a"));
        Assert.Null(limits.WaitOfStranger());
        // Many that come once leave nothing behind that would let one through that is too fast.
        for (var i = 0; i < 1100; i++)
        {
            limits.Wait($"user {i}");
        }

        Assert.Null(limits.Wait("a"));
        Assert.NotNull(limits.Wait("a"));
    }

    [Theory]
    [InlineData(100_000_000_000, 1_000_000_000, 1)]
    [InlineData(3_000_000_000, 1_000_000_000, 0.5)]
    [InlineData(1_000_000_000, 900_000_000, 0.1)]
    [InlineData(1_000_000_000, 2_000_000_000, 0.1)]
    public void Memory_is_looked_at_more_often_the_nearer_its_limit_is(long limit, long found, double seconds) =>
        Assert.Equal(seconds, RunWatch.MemoryPause(limit, found).TotalSeconds, 6);

    [Fact]
    public async Task Memory_is_looked_at_seldom_while_its_limit_is_far()
    {
        var worker = new Double { Has = 1 << 30 };
        var run = new TaskCompletionSource<WorkerReply>();
        var watch = new RunWatch(worker, "/nowhere", new ServiceOptions(new ServiceFolder("/nowhere"))) { MemoryBytes = 100L << 30 };
        var since = Stopwatch.StartNew();
        var waiting = watch.WaitAsync(run.Task, new TaskCompletionSource().Task);
        await Jobs.UntilAsync(() => worker.Looks >= 2);
        Assert.True(worker.Looks <= since.Elapsed.TotalSeconds + 1);
        run.SetResult(new WorkerReply(JobState.Succeeded, null, false));
        await waiting;
        Assert.Equal(StopReason.None, watch.Reason);
    }

    [Fact]
    public async Task Memory_over_the_limit_ends_the_worker_also_when_the_limit_is_large()
    {
        var worker = new Double { Has = (8L << 30) + 1 };
        var run = new TaskCompletionSource<WorkerReply>();
        worker.Killed = () => run.TrySetResult(new WorkerReply(null, 137, true));
        var watch = new RunWatch(worker, "/nowhere", new ServiceOptions(new ServiceFolder("/nowhere"))) { MemoryBytes = 8L << 30 };
        Assert.Equal(137, (await watch.WaitAsync(run.Task, new TaskCompletionSource().Task)).ExitCode);
        Assert.Equal((StopReason.OutOfMemory, worker.Has, true), (watch.Reason, watch.FoundBytes, watch.WasTold));
    }

    [Theory]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    [InlineData("GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1a)\\nGPU 1: NVIDIA H200 (UUID: GPU-2b)", 0, "NVIDIA A100-SXM4-40GB,NVIDIA H200")]
    [InlineData("No devices were found", 0, "nvidia0,nvidia1,nvidia12")]
    [InlineData("GPU 0: broken", 9, "nvidia0,nvidia1,nvidia12")]
    [InlineData(null, 0, "nvidia0,nvidia1,nvidia12")]
    public async Task GPUs_are_named_by_the_driver_or_counted_by_their_devices(string? says, int exitCode, string expected)
    {
        using var folder = new TemporaryFolder();
        var devices = Directory.CreateDirectory(folder.File("dev")).FullName;
        foreach (var name in (string[])["nvidia0", "nvidia12", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia", "sda1"])
        {
            folder.Write("dev/" + name, "");
        }

        var program = folder.File("nvidia-smi");
        if (says is not null)
        {
            folder.Write("nvidia-smi", $"#!/bin/sh\n[ \"$1\" = -L ] || exit 1\nprintf '{says}\\n'\nexit {exitCode}\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(expected, string.Join(',', await new GpuFacts(program, devices).ReadAsync()));
        Assert.Empty(await new GpuFacts(folder.File("none"), folder.File("nowhere")).ReadAsync());
    }

    [Fact]
    public async Task GPUs_are_in_what_the_endpoint_says_of_itself()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nvidia3", "");
        await using var service = await Service.StartAsync(o => o with { Spares = 0, Gpus = new GpuFacts(folder.File("none"), folder.Path) });
        Assert.Equal(["nvidia3"], (await service.Connect().InfoAsync(default)).Gpus);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)(Seconds * TimeSpan.TicksPerSecond);
    }

    private sealed class Double : IWorker
    {
        public long Has { get; init; }

        public int Looks { get; private set; }

        public Action? Killed { get; set; }

        public WorkerTrace Trace => new(0, "");

        public bool IsAlive => true;

        public Task<WorkerReply> RunAsync(string folder, ItemRange? range, string user) => throw new NotSupportedException();

        public void Cancel(string folder) => throw new NotSupportedException();

        public void Terminate() => throw new NotSupportedException();

        public void Kill() => Killed?.Invoke();

        public long MemoryBytes()
        {
            Looks++;
            return Has;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
