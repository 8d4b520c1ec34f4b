namespace Beamline.Remote.Tests;

/// <summary>Jobs as C# sees them.</summary>
public sealed class RemoteJobTests : IDisposable
{
    private readonly Sender _sender = new();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Its_endpoint_is_asked_at_most_twice_a_second()
    {
        var clock = new Clock();
        _sender.Clock = clock;
        _sender.New();
        var job = new RemoteJob(_sender.Client, await _sender.SendAsync(Sender.Cell()));
        Assert.Equal(JobState.Queued, job.State);
        _sender.Endpoint.Last.Be(JobState.Running);
        Assert.Equal(JobState.Queued, job.State);
        clock.Now += TimeSpan.FromSeconds(0.6);
        Assert.Equal(JobState.Running, job.State);
    }

    [Fact]
    public async Task A_job_whose_sender_was_killed_before_it_heard_of_it_is_asked_about()
    {
        var sent = await _sender.SendAsync(Sender.Cell());
        _sender.Endpoint.Last.Succeed();
        _sender.Client.Registry.Update(sent with { IsAccepted = false, ProcessId = Environment.ProcessId, Status = new JobStatus(JobState.Queued) { Message = "being sent" } });
        Assert.Equal(JobState.Queued, new RemoteJob(_sender.Client, _sender.Client.Find(1)).State);
        _sender.Client.Registry.Update(_sender.Client.Find(1) with { ProcessId = int.MaxValue });
        Assert.Equal(JobState.Succeeded, new RemoteJob(_sender.Client, _sender.Client.Find(1)).State);
        Assert.True(_sender.Client.Find(1).IsAccepted);
    }

    [Fact]
    public async Task State_results_and_output_come_from_the_endpoint()
    {
        var job = new RemoteJob(_sender.Client, await _sender.SendAsync(Sender.Cell() with { Outputs = [new("y", "int", true)] }));
        Assert.Equal((1, "fake", "cell 1", JobState.Queued), (job.Id, job.Endpoint, job.Label, job.State));
        Assert.Contains("waits in the queue: it has results when it has ended", Assert.Throws<EndpointException>(() => job.Get<int>("y")).Message, StringComparison.Ordinal);
        var there = _sender.Endpoint.Last;
        there.Print("a");
        there.Print("b", "stderr");
        Assert.Equal("ab", job.Output);
        there.Give("y", "int", 7);
        there.Succeed();
        Assert.Equal(JobState.Succeeded, (await job.WaitAsync()).State);
        Assert.Equal(7, job.Get<int>("y"));
        Assert.Contains("has no result z. Did you mean y? Results: y.", Assert.Throws<EndpointException>(() => job.Get<int>("z")).Message, StringComparison.Ordinal);
        Assert.Equal(["y"], job.Results);

        // All of it is here now.
        _sender.Endpoint.ForgetAll();
        var later = new RemoteJob(_sender.New(), _sender.Client.Find(1));
        Assert.Equal((JobState.Succeeded, "ab", 7), (later.State, later.Output, later.Get<int>("y")));
    }

    [Fact]
    public async Task A_result_that_could_not_travel_says_why_and_files_are_fetched_once()
    {
        var job = new RemoteJob(_sender.Client, await _sender.SendAsync(Sender.Cell()));
        var there = _sender.Endpoint.Last;
        there.Outputs.Add(new JobValue("h", "FileStream", "json") { Problem = "it is an open file: return its path" });
        there.GiveFile("v", "int[]", "[1,2]", 100);
        there.Succeed();
        Assert.Contains("h of job 1 could not travel back: it is an open file", Assert.Throws<EndpointException>(() => job.Get<object>("h")).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], job.Get<int[]>("v"));
        Assert.Equal([1, 2], job.Get<int[]>("v"));
        Assert.Equal(1, there.Fetches);
    }

    [Fact]
    public async Task Cancel_reaches_the_endpoint_and_leaves_what_has_ended()
    {
        var job = new RemoteJob(_sender.Client, await _sender.SendAsync(Sender.Cell()));
        await job.CancelAsync();
        Assert.True(_sender.Endpoint.Last.IsCancelled);
        Assert.Equal(JobState.Cancelled, job.State);
        await job.CancelAsync();
    }

    [Fact]
    public async Task An_endpoint_out_of_reach_leaves_what_was_known()
    {
        var job = new RemoteJob(_sender.Client, await _sender.SendAsync(Sender.Cell()));
        _sender.Endpoint.FailuresLeft = 100;
        Assert.Equal(JobState.Queued, job.State);
    }

    [Theory]
    [InlineData(JobState.TimedOut, "ran out of time", "more --time")]
    [InlineData(JobState.OutOfMemory, "ran out of memory", "more --memory")]
    [InlineData(JobState.Lost, "was lost", "may have run in part")]
    [InlineData(JobState.Crashed, "crashed with exit code 139", ".Output has what it printed")]
    [InlineData(JobState.Cancelled, "was cancelled", "")]
    [InlineData(JobState.Refused, "was refused: because", "")]
    public void Every_way_to_end_badly_is_told_apart(JobState state, string words, string advice)
    {
        var error = JobFailure.Of(new JobRecord
        {
            Number = 4, Endpoint = "fake", JobId = "x", Label = "c", Source = "1", Created = DateTimeOffset.UnixEpoch,
            Status = new JobStatus(state) { ExitCode = state == JobState.Crashed ? 139 : null, Message = state == JobState.Refused ? "because" : null },
        });
        Assert.StartsWith($"Job 4 on fake {words}", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_says_each_step_and_leaves_no_job()
    {
        _sender.Endpoint.Work = job =>
        {
            job.Give("answer", "int", 42);
            job.Succeed();
        };
        var test = await EndpointTest.RunAsync(_sender.Client, "fake", CancellationToken.None);
        Assert.Null(test.Problem);
        Assert.Equal(["reach it", "send a job", "wait for it", "fetch its result"], test.Steps.Select(s => s.Name));
        Assert.Empty(_sender.Client.Registry.All());
        _sender.Endpoint.Work = job => job.Be(JobState.Crashed, "no dotnet there");
        test = await EndpointTest.RunAsync(_sender.Client, "fake", CancellationToken.None);
        Assert.Contains("crashed on n1: no dotnet there", test.Problem!, StringComparison.Ordinal);
        Assert.Equal(3, test.Steps.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
