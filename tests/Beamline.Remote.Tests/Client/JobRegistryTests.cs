namespace Beamline.Remote.Tests;

/// <summary>The list of jobs on disk, with several kernels at once and after one was killed.</summary>
public sealed class JobRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private JobRegistry Registry => new(_folder.File("jobs"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Twenty_kernels_at_once_get_different_numbers()
    {
        var records = await Task.WhenAll(Enumerable.Range(0, 20).Select(k => Task.Run(async () =>
        {
            var registry = Registry;
            var mine = new List<JobRecord>();
            for (var i = 0; i < 10; i++)
            {
                mine.Add(await registry.AddAsync(n => Record(n, $"{k}.{i}"), CancellationToken.None));
            }

            return mine;
        })));
        var all = records.SelectMany(r => r).ToArray();
        Assert.Equal(Enumerable.Range(1, 200), all.Select(r => r.Number).Order());
        foreach (var record in all)
        {
            Assert.Equal(record.Label, Registry.Find(record.Number)!.Label);
        }

        Assert.Equal(Enumerable.Range(1, 200).Reverse(), Registry.All().Select(r => r.Number));
    }

    [Fact]
    public async Task A_number_is_not_given_again_when_its_job_is_forgotten()
    {
        await Registry.AddAsync(n => Record(n), CancellationToken.None);
        var second = await Registry.AddAsync(n => Record(n), CancellationToken.None);
        Registry.Forget(second.Number);
        Assert.Null(Registry.Find(2));
        Assert.Equal(3, (await Registry.AddAsync(n => Record(n), CancellationToken.None)).Number);
    }

    [Fact]
    public async Task A_record_comes_back_as_it_was()
    {
        var record = await Registry.AddAsync(n => Record(n) with
        {
            Outputs = [new("x", "double[]", true), new("y", "int", false)], Declarations = "record R(int A);", NotComingBack = ["z: no"], IsLazy = true,
            Map = new JobMap("a", "int", "int", 3, "F") { Items = "items" }, Variable = "v", InputBytes = 5, SentBytes = 4,
            Status = new JobStatus(JobState.Failed) { Error = new JobError("E", "m", ["l1", "l2"]), Host = "n" },
        }, CancellationToken.None);
        var read = Registry.Find(record.Number)!;
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(record), System.Text.Json.JsonSerializer.Serialize(read));
        Assert.Equal(record.Outputs, read.Outputs);
    }

    [Fact]
    public async Task A_line_that_was_cut_off_by_a_kill_is_dropped_and_new_ones_follow()
    {
        var files = Registry.Files((await Registry.AddAsync(n => Record(n), CancellationToken.None)).Number);
        files.Keep(new JobEvents([new JobEvent("stream") { Text = "a" }], 10, new JobStatus(JobState.Running)));
        await File.AppendAllTextAsync(Path.Combine(files.Folder, "events.jsonl"), "{\"events\":[{\"kind\":\"stre");
        Assert.Equal(10, files.Kept().Next);
        using (files.TryFollow())
        {
            files.Mend();
        }

        files.Keep(new JobEvents([new JobEvent("stream") { Text = "b" }], 20, new JobStatus(JobState.Running)));
        var (events, next) = files.Kept();
        Assert.Equal((20, "ab"), (next, string.Concat(events.Select(e => e.Text))));
    }

    [Fact]
    public async Task One_follows_at_a_time()
    {
        var files = Registry.Files((await Registry.AddAsync(n => Record(n), CancellationToken.None)).Number);
        using (files.TryFollow() ?? throw new InvalidOperationException("nobody else follows"))
        {
            Assert.Null(Registry.Files(1).TryFollow());
            Assert.Equal(Environment.ProcessId, Registry.Files(1).Follower());
        }

        using (files.TryFollow() ?? throw new InvalidOperationException("nobody else follows"))
        {
        }
    }

    [Fact]
    public async Task All_is_for_the_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var files = Registry.Files((await Registry.AddAsync(n => Record(n), CancellationToken.None)).Number);
        files.Write(new SignedJob([1], new JobSignature("a", "b", "c")));
        files.Write([new JobValue("x", "int", "json")]);
        files.Keep(new JobEvents([], 10, new JobStatus(JobState.Running)));
        using (files.TryFollow())
        {
            var all = Directory.GetFiles(Registry.Folder, "*", SearchOption.AllDirectories);
            Assert.Equal(9, all.Length);
            foreach (var path in all)
            {
                Assert.True(File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), path);
            }

            foreach (var path in (string[])[Registry.Folder, files.Folder])
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            }
        }
    }

    private static JobRecord Record(int number, string label = "cell") => new()
    {
        Number = number, Endpoint = "fake", JobId = JobNames.NewId(), Label = label, Source = "1", Created = DateTimeOffset.UnixEpoch,
    };
}
