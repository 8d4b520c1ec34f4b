namespace Beamline.Endpoint.Tests;

/// <summary>What the end of a worker means, without a worker.</summary>
public sealed class OutcomeTests
{
    private static readonly JobError Error = new("Crashed", "gone", []);

    [Theory]
    [InlineData(137, true, JobState.OutOfMemory)]
    [InlineData(137, false, JobState.Crashed)]
    [InlineData(139, true, JobState.Crashed)]
    public void A_kill_for_memory_is_told_from_another_one(int exitCode, bool kernelKilled, JobState state)
    {
        var outcome = new RunOutcome { Reply = new WorkerReply(null, exitCode, true), KernelKilled = kernelKilled, Written = new JobStatus(JobState.Running) };
        Assert.Equal(state, outcome.Status().State);
        Assert.Equal(exitCode == 137 && !kernelKilled, outcome.IsLost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_job_that_ended_just_before_it_was_stopped_ended_well(bool isCancel)
    {
        var outcome = new RunOutcome { Reply = new WorkerReply(JobState.Succeeded, null, false), Stop = isCancel ? StopReason.Cancelled : StopReason.TimedOut, Written = new JobStatus(JobState.Succeeded) };
        Assert.Equal(JobState.Succeeded, outcome.Status().State);
    }

    [Fact]
    public void A_worker_that_did_not_say_that_it_runs_a_job_has_not_run_it()
    {
        var reply = new WorkerReply(null, null, true);
        Assert.True(new RunOutcome { Reply = reply, Written = new JobStatus(JobState.Queued) }.NeverBegan);
        Assert.False(new RunOutcome { Reply = reply, Written = new JobStatus(JobState.Running) }.NeverBegan);
        Assert.Equal(JobState.Lost, new RunOutcome { Reply = reply, Written = new JobStatus(JobState.Running) }.Status().State);
        Assert.Equal(JobState.Succeeded, new RunOutcome { Reply = reply, Written = new JobStatus(JobState.Succeeded) }.Status().State);
    }

    [Fact]
    public void Who_has_the_fewest_workers_is_next_and_among_those_who_waited_longest()
    {
        var turn = new FairTurn();
        turn.Began("a");
        turn.Began("b");
        turn.Began("c");
        Assert.Equal(["new", "a", "b", "c"], turn.Order(["c", "b", "a", "new", "a"]));
        turn.Ended("b");
        turn.Ended("c");
        // The first one was served longest ago, but it still has its worker.
        Assert.Equal(["b", "c", "a"], turn.Order(["a", "c", "b"]));
    }

    [Fact]
    public void Ranges_shrink_and_cover_all_items_once()
    {
        var map = new MapProgress(1000, 0);
        var sizes = new List<int>();
        var next = 0;
        while (map.Take(2) is { } range)
        {
            Assert.Equal(next, range.First);
            next = range.Last + 1;
            sizes.Add(range.Count);
        }

        Assert.Equal(1000, next);
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.Equal((250, 1), (sizes[0], sizes[^1]));
    }

    [Fact]
    public void Only_the_item_that_a_worker_was_at_pays_for_its_end()
    {
        using var folder = new TemporaryFolder();
        var map = new MapProgress(20, 1);
        var range = map.Take(1)!;
        Assert.Equal("0-9", range.Text);
        folder.Write("display.jsonl", "{\"kind\":\"item\",\"item\":0,\"value\":{\"name\":\"r\",\"type\":\"int\",\"codec\":\"json\"}}\n{\"kind\":\"item\",\"item\":1,\"attempt\":1,\"error\":{\"name\":\"E\",\"message\":\"m\",\"traceback\":[]}}\n");
        map.Collect(folder.Path);
        Assert.Equal(1, map.Done);
        // Item 1 is with another worker meanwhile, at its second attempt: the end of this one is not its end.
        var again = map.Take(1)!;
        Assert.Equal((1, 1, 2), (again.First, again.Last, again.Attempt));
        var (culprit, isFinal, left) = map.End(range, Error);
        Assert.Equal((2, false, 8), (culprit!.First, isFinal, left));
        Assert.Equal((2, 2, 2), (map.Take(1)! is var second ? second.First : 0, second.Last, second.Attempt));
        Assert.Equal((3, 1), (map.Take(1)! is var third ? third.First : 0, third.Attempt));
        // At the second attempt it fails for good.
        Assert.True(map.End(second, Error).IsFinal);
        Assert.Equal([2], map.Failed.Keys);
        map.Close();
        Assert.Null(map.Take(1));
    }

    [Fact]
    public void Sizes_that_overflow_a_sum_break_a_rule_and_nothing_else()
    {
        JobArray Huge(char digit) => new("<u1", [], long.MaxValue, new string(digit, 64));
        var job = Jobs.Of("x") with { Inputs = [new JobValue("x", "byte[]", "array") { Arrays = [Huge('1'), Huge('2')] }] };
        Assert.Contains("takes at most 10", new EndpointPolicy { InputBytes = 10 }.Check(job, "me"));
        Assert.Null(new EndpointPolicy().Check(job, "me"));
        // As much as allowed is allowed, and names of packages and hashes are the same in capitals.
        var exact = job with { Inputs = [new JobValue("x", "byte[]", "array") { Arrays = [new JobArray("<u1", [10], 10, new string('1', 64))] }], Packages = [new("mathnet.numerics", "5.0.0", "")] };
        Assert.Null(new EndpointPolicy { InputBytes = 10, Packages = ["MathNet.*"] }.Check(exact, "me"));
        Assert.Null(new EndpointPolicy { Mode = PolicyMode.RegisteredOnly, Sources = [SourceHash.Of(exact).ToUpperInvariant()] }.Check(exact, "me"));
        Assert.NotNull(new EndpointPolicy { Mode = PolicyMode.RegisteredOnly, Sources = [SourceHash.Of(exact)] }.Check(exact with { Usings = ["static Evil"] }, "me"));
    }

    [Theory]
    [InlineData("{\n\"nodes\": -1 }", "line 2, field 'nodes'")]
    [InlineData("{\n\n\"longestWalltime\": 0 }", "field 'longestWalltime'")]
    [InlineData("{ \"mode\": \"some\" }", "\"any\" or \"registered-only\"")]
    [InlineData("{ \"mode\": \"registered-only\", \"sources\": [\"abc\"] }", "SHA-256")]
    [InlineData("{ \"sources\": [\"0000000000000000000000000000000000000000000000000000000000000000\"] }", "all code would run")]
    [InlineData("{ \"users\": \"alice\" }", "field 'users'")]
    [InlineData("{\n\"keepDays\": -1 }", "line 2, field 'keepDays'")]
    [InlineData("{ \"keepDays\": 1e9 }", "field 'keepDays'")]
    [InlineData("{ \"keepBytes\": -1 }", "field 'keepBytes'")]
    [InlineData("{ \"users\": [", "line 1")]
    [InlineData("null", "null")]
    public void A_policy_that_breaks_its_schema_is_refused_by_line_and_field(string text, string says)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("policy.json", text);
        var error = Assert.Throws<EndpointException>(() => EndpointPolicy.Load(path));
        Assert.Contains(says, error.Message);
        Assert.StartsWith(path, error.Message);
    }
}
