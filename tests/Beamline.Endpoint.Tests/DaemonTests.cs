namespace Beamline.Endpoint.Tests;

/// <summary>The service as a process: started, found, killed, stopped.</summary>
public sealed class DaemonTests
{
    [Fact]
    public async Task Killed_while_fifty_jobs_run_it_loses_none_and_runs_none_twice()
    {
        await using var daemon = await Daemon.StartAsync();
        var connection = await daemon.ConnectAsync();
        var log = daemon.Home.File("log");
        var ids = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            ids.Add(await Daemon.SendAsync(connection, Jobs.Of($"say {i}\nsleep 0.05\nnote {log}")));
        }

        var map = await Daemon.SendAsync(connection, Jobs.MapOf($"item sleep 0.01\nitem note {log}.map", 60));
        await Jobs.UntilAsync(() => File.Exists(log) && File.ReadAllLines(log).Length > 5);
        for (var round = 0; round < 2; round++)
        {
            await daemon.KillAsync();
            Assert.False((await connection.ListIsThereAsync()));
            await daemon.StartAgainAsync();
            await Task.Delay(200);
        }

        var later = await daemon.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}\n", Assert.Single(await later.AllEventsAsync(ids[i])).Text);
            Assert.Equal((JobState.Succeeded, 1), ((await later.StatusAsync(ids[i], default)).State, (await later.StatusAsync(ids[i], default)).Attempt));
        }

        Assert.Equal(JobState.Succeeded, (await later.EndAsync(map)).State);
        Assert.Equal(ids.Order(), (await File.ReadAllLinesAsync(log)).Order());
        Assert.Equal(Enumerable.Range(0, 60), (await File.ReadAllLinesAsync(log + ".map")).Select(int.Parse).Order());
        Assert.Equal(51, (await later.ListAsync(default)).Count);
    }

    [Fact]
    public async Task What_runs_meanwhile_is_found_again()
    {
        await using var daemon = await Daemon.StartAsync();
        var connection = await daemon.ConnectAsync();
        var log = daemon.Home.File("log");
        var lives = await Daemon.SendAsync(connection, Jobs.Of($"say before\nsleep 2.5\nsay after\nnote {log}"));
        var cancelled = await Daemon.SendAsync(connection, Jobs.Of("sleep 60"));
        await connection.RunsAsync(lives);
        await connection.RunsAsync(cancelled);
        await daemon.KillAsync();
        await daemon.StartAgainAsync();
        var later = await daemon.ConnectAsync();
        Assert.Equal(JobState.Running, (await later.StatusAsync(lives, default)).State);
        // It has no line to that worker any more, and reaches it all the same.
        await later.CancelAsync(cancelled, default);
        Assert.Equal(JobState.Cancelled, (await later.EndAsync(cancelled)).State);
        Assert.Equal(["before\n", "after\n"], (await later.AllEventsAsync(lives)).Select(e => e.Text));
        var status = await later.StatusAsync(lives, default);
        Assert.Equal((JobState.Succeeded, 1), (status.State, status.Attempt));
        Assert.Single(await File.ReadAllLinesAsync(log));
    }

    [Fact]
    public async Task What_died_meanwhile_is_lost_or_started_again_and_said()
    {
        await using var daemon = await Daemon.StartAsync();
        var connection = await daemon.ConnectAsync();
        var log = daemon.Home.File("log");
        var lost = await Daemon.SendAsync(connection, Jobs.Of($"note {log}\nsleep 60"));
        var again = await Daemon.SendAsync(connection, Jobs.Of($"note {log}\nsleep 1") with { Resources = new() { MayRequeue = true } });
        await Jobs.UntilAsync(() => File.Exists(log) && File.ReadAllLines(log).Length == 2);
        int[] workers = [(await connection.StatusAsync(lost, default)).ProcessId!.Value, (await connection.StatusAsync(again, default)).ProcessId!.Value];
        await daemon.KillAsync();
        foreach (var worker in workers)
        {
            ProcessFacts.SignalSession(worker, ProcessFacts.Kill);
        }

        await Jobs.UntilAsync(() => workers.All(w => ProcessFacts.Started(w) is null));
        await daemon.StartAgainAsync();
        var later = await daemon.ConnectAsync();
        var status = await later.EndAsync(lost);
        Assert.Equal(JobState.Lost, status.State);
        Assert.Contains("may have run in part", status.Message);
        status = await later.EndAsync(again);
        Assert.Equal((JobState.Succeeded, 2), (status.State, status.Attempt));
        Assert.Contains("Started again", status.Message);
    }

    [Fact]
    public async Task A_sender_that_follows_starts_a_service_that_crashed()
    {
        await using var daemon = await Daemon.StartAsync();
        await using var connection = await LocalEndpoint.ConnectAsync(daemon.Folder, startIfNeeded: true, default);
        var job = await Daemon.SendAsync(connection, Jobs.Of("say x"));
        await connection.EndAsync(job);
        await daemon.KillAsync();
        Assert.Equal(JobState.Succeeded, (await connection.StatusAsync(job, default)).State);
        daemon.Service = EndpointDaemon.Read(daemon.Folder)!;
    }

    [Fact]
    public async Task Two_that_start_it_at_once_get_the_same_in_a_session_of_its_own()
    {
        await using var daemon = await Daemon.StartAsync();
        await daemon.KillAsync();
        var both = await Task.WhenAll(
            EndpointDaemon.StartAsync(daemon.Folder, [], default), EndpointDaemon.StartAsync(daemon.Folder, [], default));
        daemon.Service = both[0].Service;
        Assert.Equal(both[0].Service.ProcessId, both[1].Service.ProcessId);
        var stat = await File.ReadAllTextAsync($"/proc/{daemon.Service.ProcessId}/stat");
        Assert.Equal(daemon.Service.ProcessId.ToString(), stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
    }

    [Fact]
    public async Task Stopped_in_order_it_leaves_running_jobs_to_their_end()
    {
        await using var daemon = await Daemon.StartAsync();
        var connection = await daemon.ConnectAsync();
        var log = daemon.Home.File("log");
        var job = await Daemon.SendAsync(connection, Jobs.Of($"sleep 1\nnote {log}"));
        await connection.RunsAsync(job);
        ProcessFacts.Signal(daemon.Service.ProcessId, ProcessFacts.Terminate);
        await Jobs.UntilAsync(() => ProcessFacts.Started(daemon.Service.ProcessId) is null);
        Assert.False(File.Exists(daemon.Folder.Running));
        await daemon.StartAgainAsync();
        var status = await (await daemon.ConnectAsync()).EndAsync(job);
        Assert.Equal((JobState.Succeeded, 1), (status.State, status.Attempt));
        Assert.Single(await File.ReadAllLinesAsync(log));
    }
}
