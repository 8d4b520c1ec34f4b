using System.Text.Json.Nodes;

namespace Beamline.Remote.Tests;

/// <summary>The folder of a job: who may read it, and what readers see while others write.</summary>
public sealed class JobFolderTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_sent_is_there_for_its_user_only()
    {
        var id = JobNames.NewId();
        var sent = Jobs.Unsigned(id);
        var job = JobFolder.Create(Jobs0, id, sent);
        var read = JobFolder.Open(Jobs0, id).ReadSigned();
        Assert.Equal(sent.Json, read.Json);
        Assert.Equal(sent.Signature, read.Signature);
        Assert.Equal(id, job.ReadJob().Id);
        Assert.Equal([id], JobFolder.List(Jobs0));
        job.WriteStatus(new JobStatus(JobState.Running));
        using (var events = job.OpenEvents())
        {
            events.Append(new JobEvent("stream"));
        }

        Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(job.Layout.Folder));
        Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(job.Layout.OutputFolder));
        Assert.All(Directory.GetFiles(job.Layout.Folder), f => Assert.Equal(Mine, File.GetUnixFileMode(f)));
        Assert.Throws<EndpointException>(() => JobFolder.Create(Jobs0, id, sent));
        Assert.True(job.SizeBytes() > sent.Json.Length);
        job.Delete();
        Assert.Null(JobFolder.Find(Jobs0, id));
        Assert.Empty(Directory.GetFileSystemEntries(Jobs0));
    }

    [Theory]
    [InlineData("../escape0000000000000000000000000")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("0123456789abcdef0123456789abcde/")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public void An_identifier_that_is_a_path_is_refused(string id)
    {
        Assert.Throws<EndpointException>(() => JobFolder.Create(Jobs0, id, Jobs.Unsigned(JobNames.NewId())));
        Assert.Throws<EndpointException>(() => JobFolder.Open(Jobs0, id));
    }

    [Fact]
    public void A_status_has_all_its_fields_and_no_temporary_file_is_left()
    {
        var job = NewJob();
        Assert.Null(job.ReadStatus());
        var status = new JobStatus(JobState.TimedOut)
        {
            Message = "10 min are over", ExitCode = 5, Attempt = 2, Host = "n1", ProcessId = 77, BatchId = "12_3", Since = Jobs.Noon,
            Error = new JobError("E", "m", ["a", "b"]),
        };
        job.WriteStatus(status);
        var read = job.ReadStatus()!;
        Assert.Equal(status with { Error = null }, read with { Error = null });
        Assert.Equal(status.Error.Traceback, read.Error!.Traceback);
        Assert.Contains("\"timedOut\"", File.ReadAllText(job.Layout.Status));
        job.WriteStatus(new JobStatus(JobState.Queued) { Since = Jobs.Noon });
        Assert.Equal("""{"state":"queued","since":"2026-03-01T12:00:00+00:00"}""", File.ReadAllText(job.Layout.Status));
        Assert.DoesNotContain(Directory.GetFiles(job.Layout.Folder), f => f.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void Events_are_read_from_an_offset_and_never_by_halves()
    {
        var job = NewJob();
        Assert.Empty(job.ReadEvents(0).Events);
        using (var events = job.OpenEvents())
        {
            events.Append(new JobEvent("stream") { Name = "stdout", Text = "a\nb", Time = 1.5 });
            events.Append(new JobEvent("item") { Item = 0, Value = new JobValue("", "int", "json") { Json = 4 } });
        }

        var first = job.ReadEvents(0);
        Assert.Equal(["a\nb", null], first.Events.Select(e => e.Text));
        Assert.Equal((0, 4), (first.Events[1].Item, (int)first.Events[1].Value!.Json!));
        Assert.Equal(new FileInfo(job.Layout.Events).Length, first.Next);

        File.AppendAllText(job.Layout.Events, "{\"kind\":\"stre");
        var none = job.ReadEvents(first.Next);
        Assert.Empty(none.Events);
        Assert.Equal(first.Next, none.Next);
        File.AppendAllText(job.Layout.Events, "am\",\"text\":\"c\"}\n");
        Assert.Equal("c", Assert.Single(job.ReadEvents(first.Next).Events).Text);
        Assert.Throws<EndpointException>(() => job.ReadEvents(1 << 20));
    }

    [Fact]
    public void Half_a_line_of_a_killed_worker_does_not_swallow_the_next_one()
    {
        var job = NewJob();
        File.WriteAllText(job.Layout.Events, "{\"kind\":\"stream\",\"text\":\"a\"}\n{\"kind\":\"stre");
        using (var events = job.OpenEvents())
        {
            events.Append(new JobEvent("stream") { Text = "b" });
        }

        Assert.Equal(["a", "b"], job.ReadEvents(0).Events.Select(e => e.Text));
    }

    [Fact]
    public void Long_lines_are_read_in_small_pieces()
    {
        var job = NewJob();
        var bundle = new JsonObject { ["text/plain"] = new string('x', 300_000) };
        using (var events = job.OpenEvents())
        {
            for (var i = 0; i < 3; i++)
            {
                events.Append(new JobEvent("display") { Data = (JsonObject)bundle.DeepClone(), Item = i });
            }
        }

        var (seen, offset) = (new List<int?>(), 0L);
        for (var page = job.ReadEvents(0, 1000); page.Events.Count > 0; page = job.ReadEvents(offset, 1000))
        {
            seen.AddRange(page.Events.Select(e => e.Item));
            offset = page.Next;
        }

        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public void A_full_disk_is_said()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        // The writer does not follow links: it is given the device itself.
        using var events = new JobEventWriter("/dev/full");
        var error = Assert.Throws<EndpointException>(() => events.Append(new JobEvent("stream") { Text = "x" }));
        Assert.Contains("The disk is full", error.Message);
    }

    [Fact]
    public void Links_out_of_the_folder_are_not_followed()
    {
        var secret = _folder.Write("secret", "{\"kind\":\"secret\"}\n");
        var job = NewJob();
        File.CreateSymbolicLink(job.Layout.Events, secret);
        Assert.Contains("link", Assert.Throws<EndpointException>(() => job.ReadEvents(0)).Message);
        Assert.Throws<EndpointException>(() => job.OpenEvents().Dispose());
        File.CreateSymbolicLink(job.Layout.Status, secret);
        Assert.Throws<EndpointException>(() => job.ReadStatus());

        // A status written there replaces the link, not the file.
        job.WriteStatus(new JobStatus(JobState.Running));
        Assert.Equal(JobState.Running, job.ReadStatus()!.State);
        Assert.StartsWith("{\"kind\":\"secret\"}", File.ReadAllText(secret));

        var hash = new string('c', 64);
        var array = new JobArray("<f4", [1], 18, hash);
        Directory.Delete(job.Layout.OutputFolder);
        Directory.CreateSymbolicLink(job.Layout.OutputFolder, _folder.Path);
        File.WriteAllText(_folder.File(hash + ".npy"), File.ReadAllText(secret));
        Assert.Contains("link", Assert.Throws<EndpointException>(() => job.OpenOutput(array)).Message);
        Assert.Throws<EndpointException>(() => job.ReadOutputs());
        Assert.Throws<EndpointException>(() => job.OpenOutput(array with { Sha256 = "../job.json" }));

        var linked = JobNames.NewId();
        Directory.CreateSymbolicLink(Path.Combine(Jobs0, linked), job.Layout.Folder);
        Assert.Null(JobFolder.Find(Jobs0, linked));
    }

    [Fact]
    public void A_pipe_in_place_of_a_file_does_not_hang_the_reader()
    {
        var job = NewJob();
        using var made = System.Diagnostics.Process.Start("mkfifo", job.Layout.Events)!;
        made.WaitForExit();
        Assert.Contains("pipe", Assert.Throws<EndpointException>(() => job.ReadEvents(0)).Message);
        Directory.CreateDirectory(job.Layout.Status);
        Assert.Contains("folder", Assert.Throws<EndpointException>(() => job.ReadStatus()).Message);
    }

    [Fact]
    public void Results_are_named_by_their_hashes_and_listed_last()
    {
        var job = NewJob();
        Assert.Null(job.ReadOutputs());
        var values = Enumerable.Range(0, 1000).Select(i => i * 0.1).ToArray();
        var value = new ValueCodecs().EncodeOrProblem("a", "double[]", typeof(double[]), values, job.OutputSink());
        var failed = new ValueCodecs().EncodeOrProblem("f", "Action", typeof(Action), () => { }, job.OutputSink());
        job.WriteOutputs([value, failed]);
        var read = JobFolder.At(job.Layout.Folder).ReadOutputs()!;
        Assert.Equal(values, new ValueCodecs().Decode(read[0], typeof(double[]), job.OutputPath));
        Assert.Contains("delegate", read[1].Problem);
        using (var file = job.OpenOutput(read[0].Arrays[0]))
        {
            Assert.Equal(read[0].Arrays[0].Bytes, file.Length);
        }

        File.AppendAllText(job.OutputPath(read[0].Arrays[0]), "x");
        Assert.Contains("changed", Assert.Throws<EndpointException>(() => job.OpenOutput(read[0].Arrays[0])).Message);
        File.WriteAllText(job.Layout.Outputs, """[{"name":"a","type":"x","codec":"array","arrays":[{"dType":"<f4","shape":[1],"bytes":4,"sha256":"../../x"}]}]""");
        Assert.Throws<EndpointException>(() => job.ReadOutputs());
    }

    [Fact]
    public void Cancelling_leaves_a_mark()
    {
        var job = NewJob();
        Assert.False(job.IsCancelRequested);
        job.RequestCancel();
        job.RequestCancel();
        Assert.True(job.IsCancelRequested);
    }

    private string Jobs0 => _folder.File("jobs");

    private JobFolder NewJob()
    {
        var id = JobNames.NewId();
        return JobFolder.Create(Jobs0, id, Jobs.Unsigned(id));
    }
}
