using System.Diagnostics;

namespace Beamline.Endpoint.Tests;

/// <summary>Numbers for docs/adr/0053: run with <c>--explicit only --filter-class "*Measurements"</c>. They judge nothing.</summary>
public sealed class Measurements
{
    [Fact(Explicit = true)]
    public async Task Round_trip_of_a_trivial_job()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 });
        var connection = service.Connect();
        var (all, send) = (new List<double>(), new List<double>());
        for (var i = 0; i < 110; i++)
        {
            var job = service.Sign(Jobs.Of("say x"));
            var id = JobDescriptionFile.Read(job.Json).Id;
            var since = Stopwatch.GetTimestamp();
            await connection.SubmitAsync(job, Jobs.NoArrays, null, default);
            send.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            await connection.AllEventsAsync(id);
            await connection.OutputsAsync(id, default);
            all.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        Say($"round trip of a job: median {Median(all):0.0} ms, of which sending {Median(send):0.0} ms");
        all.Clear();
        for (var i = 0; i < 500; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await connection.InfoAsync(default);
            all.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        Say($"one request over the socket: median {Median(all):0.00} ms");
    }

    [Fact(Explicit = true)]
    public async Task Items_of_a_map()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        for (var round = 0; round < 3; round++)
        {
            var job = service.Sign(Jobs.MapOf("", 1000));
            var id = JobDescriptionFile.Read(job.Json).Id;
            var since = Stopwatch.GetTimestamp();
            await connection.SubmitAsync(job, Jobs.NoArrays, null, default);
            await connection.EndAsync(id);
            Say($"1000 items of a map: {1000 / Stopwatch.GetElapsedTime(since).TotalSeconds:0} items/s");
        }
    }

    [Fact(Explicit = true)]
    public async Task From_the_worker_to_the_sender()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 });
        var connection = service.Connect();
        var id = await service.SendAsync(connection, string.Concat(Enumerable.Repeat("say x\nsleep 0.02\n", 60)));
        var late = new List<double>();
        for (var offset = 0L; ;)
        {
            var page = await connection.EventsAsync(id, offset, TimeSpan.FromSeconds(10), default);
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
            late.AddRange(page.Events.Select(e => (now - e.Time) * 1000));
            offset = page.Next;
            if (page.Status.IsFinal && page.Events.Count == 0)
            {
                break;
            }
        }

        Say($"from a worker's line to the sender by long poll: median {Median(late):0.0} ms, most {late.Max():0.0} ms");
    }

    [Fact(Explicit = true)]
    public async Task Warm_and_cold_workers()
    {
        foreach (var spares in (int[])[1, 0])
        {
            await using var service = await Service.StartAsync(o => o with { Spares = spares });
            var times = new List<double>();
            await Task.Delay(500);
            for (var i = 0; i < 5; i++)
            {
                // Each time another user: only a worker that was started ahead can serve.
                var connection = service.Connect(service.NewToken($"user{i}"));
                await connection.InfoAsync(default);
                var since = Stopwatch.GetTimestamp();
                await connection.EndAsync(await service.SendAsync(connection, "say x"));
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                await Task.Delay(500);
            }

            Say($"first job of a user with {spares} workers started ahead: median {Median(times):0.0} ms (the double starts in 30 ms, a real worker in seconds)");
        }
    }

    [Fact(Explicit = true)]
    public void A_look_at_the_memory_of_a_worker()
    {
        for (var round = 0; round < 3; round++)
        {
            var (since, before) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
            for (var i = 0; i < 100; i++)
            {
                ProcessFacts.SessionBytes(Environment.ProcessId);
            }

            Say($"a look at memory among {Process.GetProcesses().Length} processes: {Stopwatch.GetElapsedTime(since).TotalMilliseconds / 100:0.00} ms, of the processor {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / 100:0.00} ms");
        }
    }

    [Fact(Explicit = true)]
    public async Task Start_of_the_service()
    {
        for (var i = 0; i < 3; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await using var daemon = await Daemon.StartAsync();
            Say($"start of the service until it answers: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.00} s");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        Console.WriteLine(text);
    }
}
