using System.Text.Json.Nodes;

namespace Beamline.Remote.Tests;

/// <summary>Maps: order, failures one by one, partial results, a second try.</summary>
public sealed class RemoteMapTests : IDisposable
{
    private readonly Sender _sender = new();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Results_are_in_the_order_of_the_items_however_they_come()
    {
        _sender.Endpoint.Work = job =>
        {
            foreach (var i in (int[])[2, 0, 1])
            {
                job.Say(Item(i, i * 10));
            }

            job.Succeed();
        };
        var map = await MapAsync(5, 6, 7);
        Assert.Equal([0, 10, 20], map.Results);
        Assert.Equal((3, 3), (map.Count, map.Completed));
        Assert.Empty(map.Failed);
        Assert.Same(map, await map.RetryFailedAsync());
    }

    [Fact]
    public async Task Failed_items_are_reported_one_by_one_and_run_again_alone()
    {
        var runs = 0;
        _sender.Endpoint.Work = job =>
        {
            if (runs++ == 0)
            {
                job.Say(Item(0, 100));
                job.Say(new JobEvent("item") { Item = 1, Attempt = 2, Error = new JobError("DivideByZeroException", "zero", ["trace"]) });
                job.Say(Item(3, 103));
            }
            else
            {
                Assert.Equal("[6,7]", job.Description.Inputs.Single(i => i.Name == "items").Json!.ToJsonString());
                Assert.Equal(2, job.Description.Map!.Count);
                job.Say(Item(0, 101));
                job.Say(new JobEvent("item") { Item = 1, Attempt = 1, Error = new JobError("E", "still", []) });
            }

            job.Succeed();
        };
        var map = await MapAsync(5, 6, 7, 8);
        var failed = Assert.Single(map.Failed);
        Assert.Equal((1, "DivideByZeroException", 2), (failed.Index, failed.Error.Name, failed.Attempts));
        Assert.Equal([0, 3], map.Succeeded);
        Assert.Equal(103, map[3]);
        Assert.Equal("map of 4 items by job 1: 2 done, 1 failed, 1 left", map.ToString());
        var error = Assert.Throws<EndpointException>(() => map.Results);
        Assert.Contains("2 of 4 items of job 1 have no result: 1, 2.", error.Message, StringComparison.Ordinal);
        Assert.Contains("DivideByZeroException: zero (tried 2 times)", Assert.Throws<EndpointException>(() => map[1]).Message, StringComparison.Ordinal);
        Assert.Contains("Item 2 of job 1 has no result", Assert.Throws<EndpointException>(() => map[2]).Message, StringComparison.Ordinal);

        var again = await map.RetryFailedAsync();
        Assert.Equal([0, 1, 3], again.Succeeded);
        Assert.Equal((100, 101, 103), (again[0], again[1], again[3]));
        Assert.Equal((2, "still"), (Assert.Single(again.Failed).Index, again.Failed[0].Error.Message));
        Assert.Equal([0, 3], map.Succeeded);
    }

    [Fact]
    public async Task What_a_second_try_gave_is_fetched_from_its_job_and_tries_are_counted_over_both()
    {
        var runs = 0;
        _sender.Endpoint.Work = job =>
        {
            if (++runs == 2)
            {
                job.GiveFile("large", "int", "77", 1000);
                job.Say(new JobEvent("item") { Item = 0, Attempt = 1, Value = job.Outputs[0] });
            }
            else
            {
                job.Say(new JobEvent("item") { Item = 0, Attempt = 2, Error = new JobError("E", "no", []) });
            }

            job.Say(new JobEvent("item") { Item = 1, Attempt = 2, Error = new JobError("E", "no", []) });
            job.Succeed();
        };
        var again = await (await MapAsync(5, 6)).RetryFailedAsync();
        Assert.Equal(77, again[0]);
        Assert.Equal(4, Assert.Single(again.Failed).Attempts);
    }

    [Fact]
    public async Task A_map_of_an_earlier_session_has_its_results_and_cannot_be_tried_again()
    {
        _sender.Endpoint.Work = job =>
        {
            job.Say(Item(0, 1));
            job.Succeed();
        };
        var record = await _sender.SendAsync(Sender.MapCell(5, 6));
        _sender.New();
        var map = await new RemoteMap<int>(_sender.Client, _sender.Client.Find(record.Number)).WaitAsync();
        Assert.Equal(1, map[0]);
        Assert.Contains("not in this session any more", (await Assert.ThrowsAsync<EndpointException>(() => map.RetryFailedAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_without_items_is_refused() =>
        Assert.Contains("no items", Assert.Throws<EndpointException>(() => MapInputs.With(Sender.MapCell(1), Array.Empty<int>())).Message, StringComparison.Ordinal);

    private async Task<RemoteMap<int>> MapAsync(params int[] items)
    {
        var cell = Sender.MapCell(items);
        var record = await _sender.SendAsync(cell);
        _sender.Client.Retries.Keep(record, cell, new SendRequest("fake", new RemoteOptions()));
        return await new RemoteMap<int>(_sender.Client, record, _sender.Client.Retries.Of<int>(record)).WaitAsync();
    }

    private static JobEvent Item(int index, int value) =>
        new("item") { Item = index, Attempt = 1, Value = new JobValue($"{index}", "int", "json") { Json = JsonValue.Create(value) } };
}
