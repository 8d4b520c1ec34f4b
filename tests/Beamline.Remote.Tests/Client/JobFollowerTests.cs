namespace Beamline.Remote.Tests;

/// <summary>Following a job: order, broken lines, coming back.</summary>
public sealed class JobFollowerTests : IDisposable
{
    private readonly Sender _sender = new();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Everything_comes_once_in_order_with_the_states()
    {
        _sender.Endpoint.Work = job =>
        {
            job.Be(JobState.Queued, "Resources");
            for (var i = 0; i < 10; i++)
            {
                job.Print($"{i} ");
            }

            job.Be(JobState.Running);
            job.Print("end");
            job.Be(JobState.Succeeded);
        };
        var view = new FakeView();
        var ended = await FollowAsync(await _sender.SendAsync(Sender.Cell()), view);
        Assert.Equal("0 1 2 3 4 5 6 7 8 9 end", view.Text);
        Assert.Equal(JobState.Succeeded, ended.Status.State);
        Assert.True(ended.IsComplete);
        Assert.Equal("Succeeded", view.Notes[^1]);
    }

    [Fact]
    public async Task A_broken_line_is_tried_again_and_nothing_is_shown_twice()
    {
        _sender.Endpoint.Work = job =>
        {
            job.Print("a");
            job.Print("b");
            _sender.Endpoint.FailuresLeft = 2;
            job.Print("c");
            job.Succeed();
        };
        var view = new FakeView();
        var ended = await FollowAsync(await _sender.SendAsync(Sender.Cell()), view);
        Assert.Equal("abc", view.Text);
        Assert.Equal(JobState.Succeeded, ended.Status.State);
        Assert.Contains(view.Notes, n => n.Contains("fake cannot be reached, trying again; the job goes on (the line is broken)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_that_stays_away_ends_the_following_and_not_the_job()
    {
        var record = await _sender.SendAsync(Sender.Cell());
        _sender.Endpoint.FailuresLeft = 1000;
        var follower = new JobFollower(_sender.Client.Registry, _sender.Endpoint, TimeProvider.System) { Patience = TimeSpan.FromMilliseconds(150) };
        var error = await Assert.ThrowsAsync<EndpointException>(() => follower.RunAsync(record, new FakeView(), CancellationToken.None));
        Assert.Contains($"Job {record.Number} goes on there without this cell: #!attach {record.Number}", error.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Queued, _sender.Client.Find(record.Number).Status.State);
    }

    [Fact]
    public async Task After_a_kill_all_output_is_shown_from_the_start_and_only_new_output_travels()
    {
        using var seen = new CancellationTokenSource();
        var record = await _sender.SendAsync(Sender.Cell());
        var job = _sender.Endpoint.Last;
        job.Print("before ");
        var first = new FakeView();
        var following = FollowAsync(record, first, seen.Token);
        await Until(() => first.Text.Length > 0);
        await seen.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        job.Print("after");
        job.Succeed();
        _sender.New();
        lock (_sender.Endpoint.Offsets)
        {
            _sender.Endpoint.Offsets.Clear();
        }

        var second = new FakeView();
        var ended = await FollowAsync(_sender.Client.Find(record.Number), second);
        Assert.Equal("before after", second.Text);
        Assert.Equal(JobState.Succeeded, ended.Status.State);
        Assert.All(_sender.Endpoint.Offsets, offset => Assert.NotEqual(0, offset));
    }

    [Fact]
    public async Task What_has_ended_and_is_here_needs_no_endpoint()
    {
        _sender.Endpoint.Work = job =>
        {
            job.Print("all");
            job.Succeed();
        };
        var record = await _sender.SendAsync(Sender.Cell());
        await FollowAsync(record, new FakeView());
        _sender.Endpoint.ForgetAll();
        _sender.New();
        var view = new FakeView();
        await FollowAsync(_sender.Client.Find(record.Number), view);
        Assert.Equal("all", view.Text);
    }

    [Fact]
    public async Task Two_kernels_see_the_same_and_the_second_says_that_there_is_another()
    {
        var record = await _sender.SendAsync(Sender.Cell());
        var job = _sender.Endpoint.Last;
        var (first, second) = (new FakeView(), new FakeView());
        var one = FollowAsync(record, first);
        job.Print("x");
        await Until(() => first.Text == "x");
        var two = FollowAsync(_sender.New().Find(record.Number), second);
        await Until(() => second.Text == "x");
        job.Print("y");
        job.Succeed();
        await Task.WhenAll(one, two);
        Assert.Equal(("xy", "xy"), (first.Text, second.Text));
        Assert.Contains($"process {Environment.ProcessId} follows it as well", second.Notes[0], StringComparison.Ordinal);
        Assert.Equal("xy", string.Concat(_sender.Client.Registry.Files(record.Number).Kept().Events.Select(e => e.Text)));
    }

    [Fact]
    public async Task Output_that_a_kill_cut_off_in_its_file_comes_again_and_what_follows_is_kept_behind_it()
    {
        using var seen = new CancellationTokenSource();
        var record = await _sender.SendAsync(Sender.Cell());
        var job = _sender.Endpoint.Last;
        job.Print("before ");
        var first = new FakeView();
        var following = FollowAsync(record, first, seen.Token);
        await Until(() => first.Text.Length > 0);
        await seen.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        await File.AppendAllTextAsync(Path.Combine(_sender.Client.Registry.Files(1).Folder, "events.jsonl"), """{"events":[{"kind":"stream","text":"ha""");
        job.Print("after");
        job.Succeed();
        await FollowAsync(_sender.New().Find(1), new FakeView());
        var last = new FakeView();
        await FollowAsync(_sender.New().Find(1), last);
        Assert.Equal("before after", last.Text);
    }

    [Fact]
    public void Output_that_was_kept_already_is_not_there_twice()
    {
        var files = _sender.Client.Registry.Files(7);
        PrivateFile.CreateFolder(files.Folder);
        JobEvent Said(string text) => new("stream") { Text = text };
        files.Keep(new JobEvents([Said("a")], 10, new JobStatus(JobState.Running)));
        files.Keep(new JobEvents([Said("b")], 20, new JobStatus(JobState.Running)));
        files.Keep(new JobEvents([Said("a")], 10, new JobStatus(JobState.Running)));
        var (events, next) = files.Kept();
        Assert.Equal(("ab", 20L), (string.Concat(events.Select(e => e.Text)), next));
    }

    [Fact]
    public async Task Patience_begins_anew_when_the_endpoint_was_there_between()
    {
        var clock = new Clock();
        var record = await _sender.SendAsync(Sender.Cell());
        var job = _sender.Endpoint.Last;
        job.Print("a");
        var view = new BreakingView(() =>
        {
            clock.Now += TimeSpan.FromHours(1);
            _sender.Endpoint.FailuresLeft = 1;
        });
        _sender.Endpoint.FailuresLeft = 1;
        var following = new JobFollower(_sender.Client.Registry, _sender.Endpoint, clock).RunAsync(record, view, CancellationToken.None);
        await Until(() => view.Count == 1);
        job.Print("b");
        await Until(() => view.Count == 2);
        job.Succeed();
        Assert.Equal(JobState.Succeeded, (await following).Status.State);
    }

    [Fact]
    public async Task Who_keeps_nothing_does_not_say_that_all_is_kept()
    {
        var record = await _sender.SendAsync(Sender.Cell());
        _sender.Endpoint.Last.Print("x");
        _sender.Endpoint.Last.Succeed();
        using (_sender.Client.Registry.Files(1).TryFollow())
        {
            Assert.False((await FollowAsync(record, new FakeView())).IsComplete);
        }

        Assert.False(_sender.Client.Find(1).IsComplete);
        Assert.True((await FollowAsync(record, new FakeView())).IsComplete);
    }

    private Task<JobRecord> FollowAsync(JobRecord record, IJobView view, CancellationToken token = default) =>
        _sender.Client.Follower(record).RunAsync(record, view, token);

    private static async Task Until(Func<bool> isSo)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 1000, "waited for too long");
            await Task.Delay(10);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Breaks the line after each thing that it sees.</summary>
    private sealed class BreakingView(Action seen) : IJobView
    {
        public int Count { get; private set; }

        public void Event(JobEvent shown)
        {
            seen();
            Count++;
        }

        public void Status(JobRecord record, string? note)
        {
        }
    }
}
