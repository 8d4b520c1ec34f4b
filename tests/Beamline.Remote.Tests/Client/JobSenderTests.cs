namespace Beamline.Remote.Tests;

/// <summary>What happens before a job is accepted, and what is refused.</summary>
public sealed class JobSenderTests : IDisposable
{
    private readonly Sender _sender = new();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task A_job_is_written_down_before_it_is_sent()
    {
        JobRecord? then = null;
        _sender.Endpoint.Submitting = _ => then = _sender.Client.Registry.Find(1);
        var record = await _sender.SendAsync(Sender.Cell(("x", 3)) with { Outputs = [new("y", "int", true)] }, new RemoteOptions { Nodes = 2, Walltime = TimeSpan.FromMinutes(5) });
        Assert.Equal((1, false, "being sent"), (then!.Number, then.IsAccepted, then.Status.Message));
        Assert.True(record.IsAccepted);
        var job = Assert.Single(_sender.Codec.Signed);
        Assert.Equal(record.JobId, job.Id);
        Assert.Equal(("cell 1", "var y = 1;", "x", "y", 2, TimeSpan.FromMinutes(5)), (job.Label, job.Source, job.Inputs[0].Name, job.Outputs[0].Name, job.Resources.Nodes, job.Resources.Walltime));
        Assert.True(job.Expires > job.Created && job.Nonce.Length == 32 && job.Id.Length == 32);
        Assert.NotEmpty(await File.ReadAllBytesAsync(Path.Combine(_sender.Client.Registry.Files(1).Folder, "job.json")));
    }

    [Fact]
    public async Task A_job_is_sent_again_after_a_broken_line_under_the_same_identifier()
    {
        await _sender.Client.InfoAsync("fake", CancellationToken.None);
        _sender.Endpoint.FailuresLeft = 1;
        var record = await _sender.SendAsync(Sender.Cell());
        Assert.Equal(2, _sender.Endpoint.Submissions);
        Assert.Equal(record.JobId, Assert.Single(_sender.Codec.Signed).Id);
        Assert.Single(_sender.Client.Registry.All());
    }

    [Fact]
    public async Task An_upload_of_hours_whose_line_breaks_is_tried_again_and_one_that_gets_nowhere_is_given_up()
    {
        var clock = new Clock();
        _sender.Clock = clock;
        _sender.New();
        var calls = 0;
        _sender.Endpoint.Uploading = sent =>
        {
            sent!.Report((100 * Math.Min(++calls, 2), 200));
            clock.Now += TimeSpan.FromHours(1);
            if (calls < 3)
            {
                throw new EndpointException("the line is broken") { IsUnreachable = true };
            }
        };
        Assert.True((await _sender.SendAsync(Sender.Cell())).IsAccepted);
        Assert.Equal(3, calls);

        calls = 0;
        _sender.Endpoint.Uploading = sent =>
        {
            sent!.Report((100, 200));
            calls++;
            clock.Now += TimeSpan.FromSeconds(31);
            throw new EndpointException("the line is broken") { IsUnreachable = true };
        };
        Assert.Contains("the line is broken", (await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell()))).Message, StringComparison.Ordinal);
        Assert.Equal(2, calls);
        Assert.Equal(JobState.Lost, _sender.Client.Find(2).Status.State);
    }

    [Fact]
    public async Task A_sender_that_is_stopped_cancels_what_may_have_arrived()
    {
        using var stop = new CancellationTokenSource();
        _sender.Endpoint.Submitting = _ => stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new JobSender(_sender.Client).SendAsync(Sender.Cell(), new SendRequest("fake", new()), stop.Token));
        Assert.True(_sender.Endpoint.Last.IsCancelled);
        Assert.Equal((JobState.Cancelled, "stopped while it was sent"), (_sender.Client.Find(1).Status.State, _sender.Client.Find(1).Status.Message));
    }

    [Fact]
    public void As_much_as_the_limit_needs_no_question()
    {
        (string, string, long)[] inputs = [("a", "byte[]", 60), ("b", "byte[]", 40)];
        InputSizes.Check("there", inputs, 100, null, "--yes");
        Assert.Throws<EndpointException>(() => InputSizes.Check("there", inputs, 99, null, "--yes"));
    }

    [Fact]
    public async Task Another_major_version_of_Beamline_is_refused_with_a_command()
    {
        _sender.Endpoint.Info = _sender.Endpoint.Info with { Beamline = "99.0.0" };
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell()));
        Assert.Contains("fake runs Beamline 99.0.0", error.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet tool update --global beamline --version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scan_goes_only_where_its_file_is()
    {
        var cell = Sender.Cell(("n", 1), ("mine", new Dictionary<string, object> { ["Scan"] = new Dictionary<string, object> { ["$codec"] = "scan", ["$value"] = 1 } }));
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(cell));
        Assert.StartsWith("mine (Dictionary`2) cannot go to fake: a scan stays a file, which is sent as its path, and fake shares no folder with this machine. Send its data:", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _sender.Endpoint.Submissions);
        Assert.Empty(_sender.Client.Registry.All());
        _sender.Endpoint.Info = _sender.Endpoint.Info with { SharedStore = "/shared" };
        _sender.New();
        await _sender.SendAsync(cell);
    }

    [Fact]
    public async Task What_an_endpoint_refuses_stays_in_the_list_with_the_reason()
    {
        _sender.Endpoint.Submitting = _ => throw new EndpointException("no such partition: gpu. Partitions: cpu.");
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell()));
        Assert.Contains("no such partition", error.Message, StringComparison.Ordinal);
        var record = Assert.Single(_sender.Client.Registry.All());
        Assert.Equal((JobState.Refused, error.Message), (record.Status.State, record.Status.Message));
    }

    [Fact]
    public async Task Large_inputs_are_asked_about_with_the_largest_first()
    {
        var cell = Sender.Cell(("small", new byte[1 << 20]), ("large", new byte[70 << 20]), ("n", 1));
        string? question = null;
        var record = await _sender.SendAsync(cell, ask: q =>
        {
            question = q;
            return "y";
        });
        Assert.Equal(71L << 20, record.SentBytes);
        Assert.Contains("71 MiB, more than the 64 MiB", question!, StringComparison.Ordinal);
        Assert.True(question!.IndexOf("large (Byte[])", StringComparison.Ordinal) < question.IndexOf("small (Byte[])", StringComparison.Ordinal));
        Assert.EndsWith("Send them to fake? [y/n] ", question, StringComparison.Ordinal);

        Assert.Contains("Not sent: the answer was 'n'", (await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(cell, ask: _ => "n"))).Message, StringComparison.Ordinal);
        var unasked = (await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(cell, ask: _ => null))).Message;
        Assert.Contains("  70 MiB  large (Byte[])\n", unasked, StringComparison.Ordinal);
        Assert.Contains("Nobody can be asked here: add SendsAnything = true", unasked, StringComparison.Ordinal);
        Assert.Single(_sender.Client.Registry.All());
        await _sender.SendAsync(cell, new RemoteOptions { SendsAnything = true });
    }

    [Fact]
    public async Task A_shared_folder_needs_no_question_and_a_limit_is_one_for_all()
    {
        var cell = Sender.Cell(("large", new byte[70 << 20]));
        _sender.Endpoint.Info = _sender.Endpoint.Info with { SharedStore = "/shared" };
        await _sender.SendAsync(cell);
        _sender.New();
        _sender.Endpoint.Info = _sender.Endpoint.Info with { LargestUploadBytes = 1 << 20 };
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(cell, new RemoteOptions { SendsAnything = true }));
        Assert.Contains("large (Byte[]) has 70 MiB, and fake takes files of 1 MiB at most", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_framework_is_refused_with_a_command_and_another_patch_is_told()
    {
        var warnings = new List<string>();
        _sender.Endpoint.Info = _sender.Endpoint.Info with { Runtime = "10.0.99" };
        await new JobSender(_sender.Client).SendAsync(Sender.Cell(), new SendRequest("fake", new()) { Warn = warnings.Add }, CancellationToken.None);
        Assert.Contains("fake runs .NET 10.0.99", Assert.Single(warnings), StringComparison.Ordinal);
        _sender.New();
        _sender.Endpoint.Info = _sender.Endpoint.Info with { Runtime = "9.0.1", Framework = "net9.0" };
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell()));
        Assert.Contains("dotnet-install.sh | bash -s -- --channel 10.0", error.Message, StringComparison.Ordinal);
        Assert.Single(_sender.Client.Registry.All());
    }

    [Fact]
    public async Task Too_much_time_and_jobs_of_elsewhere_are_refused_before_anything_is_sent()
    {
        _sender.Endpoint.Info = _sender.Endpoint.Info with { LongestWalltime = TimeSpan.FromMinutes(30) };
        var error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell(), new RemoteOptions { Walltime = TimeSpan.FromHours(25) }));
        Assert.Contains("for 00:30:00 at most, and 1-01:00:00 was asked for", error.Message, StringComparison.Ordinal);
        var first = await _sender.SendAsync(Sender.Cell());
        var second = await _sender.SendAsync(Sender.Cell(), new RemoteOptions { After = [first.Number] });
        Assert.Equal([first.JobId], _sender.Codec.Signed[^1].Resources.After);
        _sender.Client.Registry.Update(second with { Endpoint = "other" });
        error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell(), new RemoteOptions { After = [second.Number] }));
        Assert.Contains("Job 2 is on other", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<EndpointException>(() => _sender.SendAsync(Sender.Cell(), new RemoteOptions { After = [99] }));
        Assert.Contains("There is no job 99 of yours. The newest: 2, 1.", error.Message, StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
