using System.Diagnostics;

namespace Beamline.Endpoint.Tests;

/// <summary>Full disks, many senders, restarts.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Twenty_senders_at_once_all_get_their_own()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var log = service.Home.File("log");
        var jobs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var own = i % 2 == 0 ? connection : service.Connect(service.NewToken($"user{i % 3}"));
            var ids = new List<string>();
            for (var n = 0; n < 3; n++)
            {
                var id = await service.SendAsync(own, $"say {i}.{n}\nnote {log}");
                Assert.Equal($"{i}.{n}\n", Assert.Single(await own.AllEventsAsync(id)).Text);
                ids.Add(id);
            }

            return ids;
        })));
        Assert.Equal(jobs.SelectMany(j => j).Order(), (await File.ReadAllLinesAsync(log)).Order());
    }

    [Fact]
    public async Task The_same_job_sent_many_times_at_once_runs_once()
    {
        await using var service = await Service.StartAsync();
        var log = service.Home.File("log");
        var job = service.Sign(Jobs.Of($"note {log}\nsleep 0.2"));
        using var raw = service.Raw();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => raw.PostAsync(job)));
        Assert.Single(answers, a => (int)a.Status == 201);
        Assert.Equal(9, answers.Count(a => (int)a.Status == 200));
        var connection = service.Connect();
        await connection.EndAsync(service.Running.Parts.Book.All.Single().Id);
        Assert.Single(await File.ReadAllLinesAsync(log));
    }

    [Fact]
    public async Task A_restart_goes_on_with_what_waits()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 });
        var log = service.Home.File("log");
        var connection = service.Connect();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await service.SendAsync(connection, $"sleep 0.3\nnote {log}"));
        }

        await connection.RunsAsync(ids[0]);
        await service.RestartAsync();
        var later = service.Connect();
        foreach (var id in ids)
        {
            var status = await later.EndAsync(id);
            Assert.Equal((JobState.Succeeded, 1), (status.State, status.Attempt));
        }

        Assert.Equal(ids.Order(), (await File.ReadAllLinesAsync(log)).Order());
    }

    [Fact]
    public async Task A_full_disk_refuses_uploads_and_the_service_lives()
    {
        using var disk = new SmallDisk(megabytes: 4);
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 }, folder: Path.Combine(disk.Root, "local"));
        var connection = service.Connect();
        using var raw = service.Raw();
        var large = Jobs.Source(new byte[8 << 20]);
        var (status, body, _) = await raw.SendAsync("PUT", $"v1/arrays/{large.Array.Sha256}", new ByteArrayContent(new byte[8 << 20]), r => r.Headers.ExpectContinue = true);
        Assert.Equal(507, (int)status);
        Assert.Contains("8 MiB", body);
        Assert.Contains("free", body);
        // A job fills it up: it fails with words.
        var filling = await service.SendAsync(connection, "fill");
        var end = await connection.EndAsync(filling);
        Assert.Equal(JobState.Failed, end.State);
        Assert.Contains("No space left", end.Message ?? end.Error?.Message ?? "");
        // No job is accepted that could not be kept, and what is known can still be asked for.
        (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of("say x")));
        Assert.Equal(507, (int)status);
        Assert.Equal(JobState.Failed, (await connection.StatusAsync(filling, default)).State);
        // Nothing is left of it that a later service would run.
        Assert.Equal([filling], JobFolder.List(service.Folder.Jobs));
        Assert.Single(Directory.GetFiles(Path.Combine(service.Folder.Path, "records")));
        // With room again all goes on.
        File.Delete(Path.Combine(service.Folder.Jobs, filling, "out", "filler"));
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(await service.SendAsync(connection, "say x"))).State);
    }

    [Fact]
    public async Task Two_services_do_not_share_a_folder()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        var error = await Assert.ThrowsAsync<ServiceRunsException>(() => EndpointService.StartAsync(service.Options, null, default));
        Assert.Contains($"process {Environment.ProcessId}", error.Message);
        Assert.Equal("local", (await service.Connect().InfoAsync(default)).Name);
    }

    [Fact]
    public async Task An_idle_service_ends_by_itself()
    {
        await using var service = await Service.StartAsync(o => o with { IdleExit = TimeSpan.FromSeconds(0.6) });
        var connection = service.Connect();
        var since = Stopwatch.StartNew();
        var ended = service.Running.WaitAsync(TestContext.Current.CancellationToken);
        await service.SendAsync(connection, "sleep 1");
        await ended;
        Assert.True(since.Elapsed > TimeSpan.FromSeconds(1.4));
    }

    [Fact]
    public async Task A_broken_policy_keeps_the_service_from_starting()
    {
        using var home = new TemporaryFolder();
        var policy = home.Write("policy.json", "{\n  \"users\": [\"a\"],\n  \"wallTime\": 5\n}");
        var error = await Assert.ThrowsAsync<EndpointException>(() => EndpointService.StartAsync(
            new ServiceOptions(new ServiceFolder(home.File("local"))) { PolicyFile = policy, KeysFolder = Service.Keys(home) }, null, default));
        Assert.Contains("line 3", error.Message);
        Assert.Contains("'wallTime'", error.Message);
    }
}
