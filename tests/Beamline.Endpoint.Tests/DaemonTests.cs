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
    public async Task The_commands_start_show_and_stop_it()
    {
        await using var daemon = await Daemon.StartAsync();
        // Two more at once find the one that runs; it has a session of its own.
        var both = await Task.WhenAll(daemon.RunAsync("start"), daemon.RunAsync("serve"));
        Assert.Equal(0, both[0].ExitCode);
        Assert.Contains($"runs already: process {daemon.Service.ProcessId}", both[0].Output);
        Assert.Equal(EndpointDaemon.RunsAlready, both[1].ExitCode);
        Assert.Contains("runs in", both[1].Output);
        var stat = await File.ReadAllTextAsync($"/proc/{daemon.Service.ProcessId}/stat");
        Assert.Equal(daemon.Service.ProcessId.ToString(), stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);

        var (code, token) = await daemon.RunAsync("token", "add", "carol", "--scope", "read");
        Assert.Equal(0, code);
        await using (var carol = new HttpEndpointConnection("local", new HttpEndpointOptions(EndpointAddress.Parse(daemon.Service.Address), token.Split('\n')[0])))
        {
            Assert.Empty(await carol.ListAsync(default));
            var id = token.Split('-')[1];
            Assert.Contains("carol  read", (await daemon.RunAsync("token", "list")).Output);
            Assert.Equal(0, (await daemon.RunAsync("token", "revoke", id)).ExitCode);
            Assert.Contains("not known", (await Assert.ThrowsAsync<EndpointException>(() => carol.ListAsync(default))).Message);
        }

        Assert.Equal(2, (await daemon.RunAsync("token", "add", "x", "--scope", "root")).ExitCode);
        var connection = await daemon.ConnectAsync();
        var job = await Daemon.SendAsync(connection, Jobs.Of("sleep 60"));
        await connection.RunsAsync(job);
        Assert.Contains("1 run", (await daemon.RunAsync("status")).Output);
        Assert.Contains(job, (await daemon.RunAsync("list")).Output);
        var stop = await daemon.RunAsync("stop", "--cancel-jobs");
        Assert.Equal((0, true), (stop.ExitCode, stop.Output.Contains("has ended", StringComparison.Ordinal)));
        Assert.Null(ProcessFacts.Started(daemon.Service.ProcessId));
        Assert.Equal(3, (await daemon.RunAsync("status")).ExitCode);
        var record = JobFolder.Open(daemon.Folder.Jobs, job).ReadStatus();
        Assert.Equal(JobState.Cancelled, record!.State);
        var open = await daemon.RunAsync("start", "--listen", "0.0.0.0:1");
        Assert.Equal(2, open.ExitCode);
        Assert.Contains("--allow-other-machines", open.Output);
    }
}
