namespace Beamline.Endpoint.Tests;

/// <summary>How jobs run and end.</summary>
public sealed class JobTests
{
    [Fact]
    public async Task A_job_runs_shows_and_leaves_results()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, "say hello\nresult some bytes");
        var events = await connection.AllEventsAsync(id);
        Assert.Equal("hello\n", Assert.Single(events).Text);
        var status = await connection.StatusAsync(id, default);
        Assert.Equal((JobState.Succeeded, 1, null), (status.State, status.Attempt, status.Message));
        var value = Assert.Single(await connection.OutputsAsync(id, default));
        // On a socket the file is read where it lies.
        var path = await connection.FetchAsync(id, value.Arrays[0], service.Home.File("fetched"), default);
        Assert.Equal("some bytes", await File.ReadAllTextAsync(path));
        Assert.StartsWith(service.Folder.Jobs, path);
        // Without the path, over the socket.
        var fetched = await connection.FetchAsync(id, value.Arrays[0] with { Path = null }, service.Home.File("fetched"), default);
        Assert.Equal("some bytes", await File.ReadAllTextAsync(fetched));
        Assert.StartsWith(service.Home.File("fetched"), fetched);
        var line = Assert.Single(await connection.ListAsync(default));
        Assert.Equal((id, "cell 1", JobState.Succeeded), (line.Id, line.Label, line.Status.State));
    }

    [Theory]
    [InlineData("fail oh no", JobState.Failed, null, null)]
    [InlineData("exit 1", JobState.Failed, 1, null)]
    [InlineData("exit 3", JobState.Refused, 3, null)]
    [InlineData("exit 4", JobState.OutOfMemory, 4, null)]
    [InlineData("exit 5", JobState.TimedOut, 5, null)]
    [InlineData("exit 6", JobState.Cancelled, 6, null)]
    [InlineData("exit 0", JobState.Crashed, 0, null)]
    [InlineData("exit 77", JobState.Crashed, 77, null)]
    [InlineData("exit 139", JobState.Crashed, null, "SIGSEGV")]
    [InlineData("kill", JobState.Crashed, null, "SIGKILL")]
    public async Task All_ways_to_end_badly_are_told_apart(string source, JobState state, int? exitCode, string? signal)
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, source);
        var status = await connection.EndAsync(id);
        Assert.Equal((state, exitCode, signal), (status.State, status.ExitCode, status.Signal));
        Assert.True(status.Message?.Length > 10 || status.Error is { Message: "oh no" });
        // The next job gets a new worker.
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(await service.SendAsync(connection, "say still here"))).State);
        // A later service says the same.
        await service.RestartAsync();
        var later = await service.Connect().StatusAsync(id, default);
        Assert.Equal((state, exitCode, signal, status.Message), (later.State, later.ExitCode, later.Signal, later.Message));
    }

    [Fact]
    public async Task Time_that_is_used_up_ends_a_job_and_its_children()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var polite = await service.SendAsync(connection, "sleep 60", j => j with { Resources = new() { Walltime = TimeSpan.FromSeconds(0.3) } });
        var deaf = await service.SendAsync(connection, "deaf\nchild 60\nsleep 60", j => j with { Resources = new() { Walltime = TimeSpan.FromSeconds(0.3) } });
        var status = await connection.EndAsync(polite);
        Assert.Equal(JobState.TimedOut, status.State);
        Assert.Equal(JobState.TimedOut, (await connection.EndAsync(deaf)).State);
        Assert.Contains("0.3 s", (await connection.StatusAsync(deaf, default)).Message);
        var child = int.Parse((await connection.AllEventsAsync(deaf))[0].Text!);
        await Jobs.UntilAsync(() => ProcessFacts.Started(child) is null);
    }

    [Fact]
    public async Task Too_much_memory_ends_a_job()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, "eat 200\nsleep 60", j => j with { Resources = new() { MemoryBytes = 100 << 20 } });
        var status = await connection.EndAsync(id);
        Assert.Equal(JobState.OutOfMemory, status.State);
        Assert.Contains("may take 100 MiB", status.Message);
        var fits = await service.SendAsync(connection, "eat 20\nsleep 0.4", j => j with { Resources = new() { MemoryBytes = 100 << 20 } });
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(fits)).State);
    }

    [Fact]
    public async Task Cancel_reaches_jobs_that_wait_run_or_do_not_listen()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 });
        var connection = service.Connect();
        var running = await service.SendAsync(connection, "sleep 60");
        var waiting = await service.SendAsync(connection, "say never");
        await connection.RunsAsync(running);
        await connection.CancelAsync(waiting, default);
        Assert.Equal("Cancelled before it ran.", (await connection.StatusAsync(waiting, default)).Message);
        await connection.CancelAsync(running, default);
        Assert.Equal(JobState.Cancelled, (await connection.EndAsync(running)).State);
        var deaf = await service.SendAsync(connection, "deaf\nsay deaf\nsleep 60");
        await Jobs.UntilAsync(async () => (await connection.EventsAsync(deaf, 0, TimeSpan.Zero, default)).Events.Count > 0);
        await connection.CancelAsync(deaf, default);
        Assert.Equal(JobState.Cancelled, (await connection.EndAsync(deaf)).State);
        // A job that has ended stays as it is.
        var done = await service.SendAsync(connection, "say done");
        await connection.EndAsync(done);
        await connection.CancelAsync(done, default);
        Assert.Equal(JobState.Succeeded, (await connection.StatusAsync(done, default)).State);
    }

    [Fact]
    public async Task A_job_waits_for_others_and_does_not_run_when_one_fails()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var log = service.Home.File("log");
        var first = await service.SendAsync(connection, $"sleep 0.3\nnote {log}");
        var second = await service.SendAsync(connection, $"note {log}", j => j with { Resources = new() { After = [first] } });
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(second)).State);
        Assert.Equal([first, second], await File.ReadAllLinesAsync(log));
        var bad = await service.SendAsync(connection, "sleep 0.2\nfail no");
        var never = await service.SendAsync(connection, $"note {log}", j => j with { Resources = new() { After = [bad] } });
        var after = await service.SendAsync(connection, $"note {log}", j => j with { Resources = new() { After = [never] } });
        var status = await connection.EndAsync(never);
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains(bad, status.Message);
        Assert.Equal(JobState.Failed, (await connection.EndAsync(after)).State);
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);
    }

    [Fact]
    public async Task A_killed_worker_is_replaced_and_its_job_started_again_when_it_may()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var log = service.Home.File("log");
        var id = await service.SendAsync(connection, $"note {log}\nsleep 1", j => j with { Resources = new() { MayRequeue = true } });
        await Jobs.UntilAsync(() => File.Exists(log) && new FileInfo(log).Length > 0);
        ProcessFacts.Signal((await connection.StatusAsync(id, default)).ProcessId!.Value, ProcessFacts.Kill);
        var status = await connection.EndAsync(id);
        Assert.Equal((JobState.Succeeded, 2), (status.State, status.Attempt));
        Assert.Contains("Started again (attempt 2)", status.Message);
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);
        // One that always dies is not tried for ever.
        var always = await connection.EndAsync(await service.SendAsync(connection, "kill", j => j with { Resources = new() { MayRequeue = true } }));
        Assert.Equal((JobState.Crashed, 3), (always.State, always.Attempt));
    }

    [Fact]
    public async Task Workers_are_warm_for_their_user_and_never_another_ones()
    {
        await using var service = await Service.StartAsync();
        var (alice, bob) = (service.Connect(service.NewToken("alice")), service.Connect(service.NewToken("bob")));
        async Task<int> WorkerOf(HttpEndpointConnection connection)
        {
            var id = await service.SendAsync(connection, "sleep 0.1");
            await connection.RunsAsync(id);
            var process = (await connection.StatusAsync(id, default)).ProcessId!.Value;
            await connection.EndAsync(id);
            return process;
        }

        var first = await WorkerOf(alice);
        Assert.Equal(first, await WorkerOf(alice));
        Assert.NotEqual(first, await WorkerOf(bob));
        Assert.Equal(first, await WorkerOf(alice));
    }

    [Fact]
    public async Task The_worker_hears_whose_job_it_is_by_the_token_and_not_by_what_the_job_says()
    {
        await using var service = await Service.StartAsync();
        var carol = service.Connect(service.NewToken("carol"));
        var id = await service.SendAsync(carol, "whose", j => j with { User = "alice" });
        Assert.Equal("carol\n", Assert.Single(await carol.AllEventsAsync(id)).Text);
    }

    [Fact]
    public async Task Users_take_turns()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 });
        var (alice, bob) = (service.Connect(service.NewToken("alice")), service.Connect(service.NewToken("bob")));
        var log = service.Home.File("log");
        // Nothing else runs before all have been sent, however slow the machine is.
        var first = await service.SendAsync(alice, "sleep 60");
        await alice.RunsAsync(first);
        var many = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            many.Add(await service.SendAsync(alice, $"note {log}"));
        }

        var one = await service.SendAsync(bob, $"note {log}");
        await alice.CancelAsync(first, default);
        await bob.EndAsync(one);
        await alice.EndAsync(many[^1]);
        var order = await File.ReadAllLinesAsync(log);
        Assert.Equal(many.Prepend(one), order);
    }

    [Fact]
    public async Task A_worker_that_does_not_start_is_said()
    {
        await using var service = await Service.StartAsync(o => o with { WorkerCommand = ["/bin/sh", "-c", "echo no such thing >&2; exit 9"] });
        var connection = service.Connect();
        var status = await connection.EndAsync(await service.SendAsync(connection, "say x"));
        Assert.Equal(JobState.Crashed, status.State);
        Assert.Contains("no such thing", status.Message);
    }

    [Fact]
    public async Task Another_patch_of_the_runtime_is_noted()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, "say x", j => j with { Runtime = "10.0.1" });
        Assert.Contains("10.0.1", (await connection.EndAsync(id)).Message);
    }
}
