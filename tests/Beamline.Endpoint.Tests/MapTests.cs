namespace Beamline.Endpoint.Tests;

/// <summary>Maps over workers.</summary>
public sealed class MapTests
{
    [Fact]
    public async Task All_items_run_once()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var log = service.Home.File("log");
        var job = Jobs.MapOf($"item note {log}", 300);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        var events = await connection.AllEventsAsync(job.Id);
        Assert.Equal(JobState.Succeeded, (await connection.StatusAsync(job.Id, default)).State);
        Assert.Equal(Enumerable.Range(0, 300), events.Where(e => e.Kind == "item").Select(e => e.Item!.Value).Order());
        Assert.All(events, e => Assert.Equal(e.Item!.Value * e.Item.Value, (int)e.Value!.Json!));
        Assert.Equal(300, (await File.ReadAllLinesAsync(log)).Length);
        // A later service knows the end, though workers wrote nothing of the whole.
        await service.RestartAsync();
        Assert.Equal(JobState.Succeeded, (await service.Connect().StatusAsync(job.Id, default)).State);
    }

    [Fact]
    public async Task Failed_items_are_retried_and_the_rest_is_usable()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var job = Jobs.MapOf("item flaky 3\nitem fail 5\nitem killonce 7", 12, retries: 1);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        var status = await connection.EndAsync(job.Id);
        Assert.Equal(JobState.Failed, status.State);
        Assert.Contains("1 of 12 items failed: 5.", status.Message);
        var events = await connection.AllEventsAsync(job.Id);
        var good = events.Where(e => e is { Kind: "item", Value: not null }).Select(e => e.Item!.Value).ToArray();
        Assert.Equal(Enumerable.Range(0, 12).Except([5]), good.Order());
        Assert.Contains(events, e => e.Kind == "warning" && e.Text!.Contains("A worker ended at item 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_item_that_kills_its_worker_fails_alone()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var job = Jobs.MapOf("item kill 4", 10);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        Assert.Contains("1 of 10 items failed: 4.", (await connection.EndAsync(job.Id)).Message);
        var events = await connection.AllEventsAsync(job.Id);
        Assert.Equal("Crashed", Assert.Single(events, e => e.Error is not null).Error!.Name);
        Assert.Equal(9, events.Where(e => e.Value is not null).Select(e => e.Item).Distinct().Count());
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_fails_once_and_not_for_each_item()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var job = Jobs.MapOf("broken", 1000, retries: 3);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        var status = await connection.EndAsync(job.Id);
        Assert.Equal((JobState.Failed, "it does not compile"), (status.State, status.Error?.Message));
    }

    [Fact]
    public async Task A_throttle_is_kept()
    {
        await using var service = await Service.StartAsync(o => o with { Concurrency = 3 });
        var connection = service.Connect();
        var job = Jobs.MapOf("item sleep 0.05", 8, throttle: 1);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        var most = 0;
        while (!(await connection.StatusAsync(job.Id, default)).IsFinal)
        {
            most = Math.Max(most, service.Running.Parts.Book.Find(job.Id)!.Parts);
        }

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Cancel_and_time_stop_all_workers_of_a_map()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var job = Jobs.MapOf("item sleep 0.05", 1000);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        await Jobs.UntilAsync(async () => (await connection.EventsAsync(job.Id, 0, TimeSpan.Zero, default)).Events.Count > 3);
        await connection.CancelAsync(job.Id, default);
        var status = await connection.EndAsync(job.Id);
        Assert.Equal(JobState.Cancelled, status.State);
        Assert.Contains("of 1000 items were done", status.Message);
        Assert.DoesNotContain(" 0 of", status.Message);
        var timed = Jobs.MapOf("item sleep 0.05", 1000) with { Resources = new() { Walltime = TimeSpan.FromSeconds(0.4) } };
        await connection.SubmitAsync(service.Sign(timed), Jobs.NoArrays, null, default);
        status = await connection.EndAsync(timed.Id);
        Assert.Equal(JobState.TimedOut, status.State);
        Assert.Contains("of 1000 items were done", status.Message);
    }

    [Fact]
    public async Task A_map_of_nothing_ends_well()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var job = Jobs.MapOf("", 0);
        await connection.SubmitAsync(service.Sign(job), Jobs.NoArrays, null, default);
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(job.Id)).State);
    }
}
