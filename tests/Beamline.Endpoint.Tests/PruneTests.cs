using System.Net;

namespace Beamline.Endpoint.Tests;

/// <summary>Housekeeping: what goes, what stays, and what is said of it.</summary>
public sealed class PruneTests
{
    [Fact]
    public async Task What_has_ended_goes_and_what_runs_or_is_needed_stays()
    {
        await using var service = await Service.StartAsync();
        var alice = service.Connect(service.NewToken("alice"));
        var (only, both) = (Jobs.Source([1, 2, 3]), Jobs.Source([4, 5, 6]));
        var ended = await SendAsync("result a", only, both);
        await alice.EndAsync(ended);
        var array = (await alice.OutputsAsync(ended, default))[0].Arrays[0];
        var needed = await SendAsync("result b");
        await alice.EndAsync(needed);
        // One runs, with an array of the first; one waits, reads a result of another where it lies, and waits for a third.
        var runs = await SendAsync("sleep 60", both);
        await alice.RunsAsync(runs);
        var before = await SendAsync("say x");
        await alice.EndAsync(before);
        var other = new JobLayout(Path.Combine(service.Folder.Jobs, needed));
        var waits = Jobs.Of("say y") with
        {
            Inputs = [new JobValue("x", "byte[]", "array") { Arrays = [new JobArray("<u1", [1], 1, only.Array.Sha256[..63] + "0") { Path = Path.Combine(other.OutputFolder, "b.npy") }] }],
            Resources = new() { After = [before, runs] },
        };
        await alice.SubmitAsync(service.Sign(waits), Jobs.NoArrays, null, default);
        Age(service.Folder.Store);
        var admin = service.Connect();
        var trial = await admin.PruneAsync(0, isTrial: true, default);
        Assert.Equal(("local", true, 1, 1), (trial.Endpoint, trial.IsTrial, trial.Jobs, trial.Arrays));
        Assert.Equal(JobState.Succeeded, (await alice.StatusAsync(ended, default)).State);
        Assert.DoesNotContain(service.Audit(), l => l.What == "prune");

        var made = await admin.PruneAsync(0, isTrial: false, default);
        Assert.Equal(trial with { IsTrial = false, Bytes = made.Bytes, BytesLeft = made.BytesLeft }, made);
        Assert.True(made.Bytes > 100 && made.BytesLeft > 100);
        Assert.Equal(new[] { needed, runs, before, waits.Id }.Order(), JobFolder.List(service.Folder.Jobs));
        Assert.False(service.Running.Parts.Store.Has(only.Array.Sha256));
        Assert.True(service.Running.Parts.Store.Has(both.Array.Sha256));
        Assert.Equal(4, Directory.GetFiles(Path.Combine(service.Folder.Path, "records")).Length);
        var lines = service.Audit().Where(l => l.What == "prune").ToArray();
        Assert.Equal((ended, "done", 200), (lines[0].Job, lines[0].Outcome, lines[0].Status));
        Assert.Contains("alice's job was removed because everything that had ended was to go", lines[0].Reason, StringComparison.Ordinal);
        Assert.Contains("1 job and 1 array", Assert.Single(lines[1..]).Reason, StringComparison.Ordinal);

        await SaysWhatBecameAsync(alice);
        // A stranger learns nothing; and a restart forgets nothing.
        using var mallory = service.Raw(service.NewToken("mallory"));
        Assert.Equal(HttpStatusCode.NotFound, (await mallory.SendAsync("GET", $"v1/jobs/{ended}")).Status);
        using var raw = service.Raw(service.NewToken("alice"));
        Assert.Equal(HttpStatusCode.Gone, (await raw.SendAsync("GET", $"v1/jobs/{ended}/outputs/{array.Sha256}")).Status);
        await alice.CancelAsync(runs, default);
        await alice.EndAsync(waits.Id);
        await service.RestartAsync();
        await SaysWhatBecameAsync(service.Connect(service.NewToken("alice")));

        async Task<string> SendAsync(string source, params Jobs.ArraySource[] inputs)
        {
            var job = inputs.Aggregate(Jobs.Of(source), (j, s) => j.With(s));
            await alice.SubmitAsync(service.Sign(job), inputs.ToDictionary(s => s.Array.Sha256, s => (IArraySource)s), null, default);
            return job.Id;
        }

        async Task SaysWhatBecameAsync(IEndpointConnection connection)
        {
            foreach (var ask in (Func<Task>[])
                [() => connection.StatusAsync(ended, default), () => connection.OutputsAsync(ended, default), () => connection.FetchAsync(ended, array, service.Home.File("fetched"), default)])
            {
                var error = await Assert.ThrowsAsync<EndpointException>(ask);
                Assert.Contains($"Job {ended} (cell 1) has ended", error.Message, StringComparison.Ordinal);
                Assert.Contains("run the cell again", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_service_does_it_by_itself_and_by_its_policy()
    {
        await using var service = await Service.StartAsync(o => o with { FirstPruning = TimeSpan.FromHours(1) });
        var connection = service.Connect();
        var (old, young) = (await service.SendAsync(connection, "say x"), await service.SendAsync(connection, "say y"));
        await connection.EndAsync(old);
        await connection.EndAsync(young);
        await File.WriteAllTextAsync(service.Folder.Policy, "{ \"keepDays\": 10 }");
        await service.StopAsync();
        var status = new JobLayout(Path.Combine(service.Folder.Jobs, old)).Status;
        PrivateFile.Replace(status, JobJson.Write(JobJson.Read<JobStatus>(await File.ReadAllBytesAsync(status), "status") with { Since = DateTimeOffset.UtcNow.AddDays(-11) }));
        // Left by something that broke off: a folder that no service takes up, and a record without its folder.
        foreach (var (id, days) in new[] { (JobNames.NewId(), -2), (JobNames.NewId(), 0) })
        {
            var stray = Directory.CreateDirectory(Path.Combine(service.Folder.Jobs, id)).FullName;
            await File.WriteAllTextAsync(Path.Combine(stray, "job.json"), "{}");
            Directory.SetLastWriteTimeUtc(stray, DateTime.UtcNow.AddDays(days));
            var record = Path.Combine(service.Folder.Path, "records", JobNames.NewId() + ".json");
            await File.WriteAllTextAsync(record, "{}");
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow.AddDays(days));
        }

        // And a job that a service was just removing when it was killed: it must not run again.
        var half = Directory.CreateDirectory(Path.Combine(service.Folder.Jobs, $".{JobNames.NewId()}.pruned")).FullName;
        await File.WriteAllTextAsync(Path.Combine(half, "job.json"), "{}");
        await service.StartAgainAsync(o => o with { FirstPruning = TimeSpan.Zero });
        await Jobs.UntilAsync(() => service.Audit().Any(l => l.What == "prune" && l.Job is null));
        Assert.Equal(2, JobFolder.List(service.Folder.Jobs).Count);
        Assert.False(Directory.Exists(half));
        Assert.Contains(young, JobFolder.List(service.Folder.Jobs));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(service.Folder.Path, "records")).Length);
        var line = service.Audit().First(l => l.What == "prune");
        Assert.Equal((old, null), (line.Job, line.User));
        Assert.Contains("more than 10 days before", line.Reason, StringComparison.Ordinal);
        Assert.Contains("removed", (await Assert.ThrowsAsync<EndpointException>(() => service.Connect().StatusAsync(old, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_array_that_a_job_finds_there_counts_as_used_before_the_job_is_known()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        var input = Jobs.Source([7, 8]);
        service.Running.Parts.Store.Add(input);
        Age(service.Folder.Store);
        var before = service.Running.Parts.Store.List().Single();
        using var raw = service.Raw();
        // Refused, because the other one is not there: its sender comes again with that, and this one must still be there then.
        Assert.Equal(HttpStatusCode.Conflict, (await raw.PostAsync(service.Sign(Jobs.Of("say x").With(input).With(Jobs.Source([9]))))).Status);
        Assert.Equal(0, service.Running.Parts.Store.Remove(before));
        Assert.Equal(0, (await service.Connect().PruneAsync(0, isTrial: true, default)).Arrays);
    }

    [Fact]
    public async Task Only_administrators_ask_for_it()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var raw = service.Raw(service.NewToken("alice"));
        Assert.Equal(HttpStatusCode.Forbidden, (await raw.PostAsync("v1/prune", new PruneWish())).Status);
        using var admin = service.Raw();
        var (status, body, _) = await admin.PostAsync("v1/prune", new PruneWish { OlderThanDays = -3 });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("number of days", body, StringComparison.Ordinal);
        // A policy that cannot be read removes nothing.
        await File.WriteAllTextAsync(service.Folder.Policy, "{ oops");
        Assert.Equal(500, (int)(await admin.PostAsync("v1/prune", new PruneWish())).Status);
    }

    [Fact]
    public async Task Without_the_service_the_same_is_done_on_its_files()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, "result x");
        await connection.EndAsync(id);
        Assert.Throws<ServiceRunsException>(() => OfflinePruning.Run(service.Options, 0, isTrial: false));
        await service.StopAsync();
        Assert.Equal(0, OfflinePruning.Run(service.Options, null, isTrial: false).Jobs);
        Assert.Equal(1, OfflinePruning.Run(service.Options, 0, isTrial: true).Jobs);
        Assert.Equal(1, OfflinePruning.Run(service.Options, 0, isTrial: false).Jobs);
        Assert.Empty(JobFolder.List(service.Folder.Jobs));
        await service.StartAgainAsync(o => o);
        Assert.Contains("run the cell again", (await Assert.ThrowsAsync<EndpointException>(() => service.Connect().StatusAsync(id, default))).Message, StringComparison.Ordinal);
        Assert.Contains(service.Audit(), l => l.Job == id && l.User == Environment.UserName);
        Assert.Contains("no endpoint", Assert.Throws<EndpointException>(() => OfflinePruning.Run(new ServiceOptions(new ServiceFolder(service.Home.File("none"))), 0, false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_says_how_much_could_go()
    {
        using var disk = new SmallDisk(megabytes: 4);
        await using var service = await Service.StartAsync(o => o with { Concurrency = 1 }, folder: Path.Combine(disk.Root, "local"));
        var connection = service.Connect();
        using var raw = service.Raw();
        var large = Jobs.Source(new byte[8 << 20]);
        Assert.Contains("No job that has ended is left", await PutAsync(), StringComparison.Ordinal);
        var first = Jobs.Of("say x").With(Jobs.Source(new byte[1 << 20]));
        await connection.SubmitAsync(service.Sign(first), new Dictionary<string, IArraySource> { [first.Inputs[0].Arrays[0].Sha256] = Jobs.Source(new byte[1 << 20]) }, null, default);
        await connection.EndAsync(first.Id);
        Age(service.Folder.Store);
        Assert.Matches(@"have 1(\.\d)? MiB: its owner removes them with 'beamline endpoint prune", await PutAsync());

        async Task<string> PutAsync()
        {
            var (status, body, _) = await raw.SendAsync("PUT", $"v1/arrays/{large.Array.Sha256}", new ByteArrayContent(new byte[8 << 20]), r => r.Headers.ExpectContinue = true);
            Assert.Equal(507, (int)status);
            return System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!;
        }
    }

    private static void Age(string store)
    {
        foreach (var path in Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        }
    }
}
