using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>Versions recorded by a run and held by the next. Runs change the folder of the process.</summary>
[Collection(nameof(RunnerCollection))]
public sealed class PackageLockTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly string _id;

    public PackageLockTests() => _id = _feed.Id;

    public void Dispose() => _feed.Dispose();

    [Fact]
    public async Task A_run_records_all_packages_with_the_hash_of_their_content()
    {
        _feed.Add(_id + ".Base", "1.0.0");
        _feed.Add(_id, "1.5.0", needs: (_id + ".Base", "1.0.0"));
        var path = Notebook($"#r \"nuget: {_id}\"\n{_id}.Value.Version");
        var result = await RunAsync(path, path);
        Assert.Equal(0, result.ExitCode);
        var packages = NotebookDocument.Load(path).Metadata["beamline"]!["packages"]!.AsObject();
        Assert.Equal([_id, _id + ".Base"], packages.Select(p => p.Key));
        Assert.Equal("1.5.0", (string?)packages[_id]!["version"]);
        Assert.Equal(88, ((string?)packages[_id]!["sha512"])!.Length);
        await JupyterPython.ValidateAsync(path);

        // A cell that names no version gets the recorded one, although there is a newer one now.
        _feed.Add(_id, "1.6.0", needs: (_id + ".Base", "1.0.0"));
        result = await RunAsync(path, _feed.File("second.ipynb"));
        Assert.Equal("1.5.0", RunnerFixture.Text(result.Document!.Cells[0]));
        result = await RunAsync(path, _feed.File("third.ipynb"), locked: true);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_locked_run_takes_the_lock_and_nothing_else()
    {
        _feed.Add(_id, "1.0.0");
        _feed.Add(_id, "2.0.0");
        foreach (var (code, packages, expected) in new (string, string, string)[]
        {
            ($"#r \"nuget: {_id}\"", "", $"{_id} is not in the lock"),
            ($"#r \"nuget: {_id}, 2.0.0\"", Entry("1.0.0", ""), $"The lock has {_id} 1.0.0, and the cell asks for {_id} 2.0.0"),
            ($"#r \"nuget: {_id}\"", Entry("1.0.0", "abc"), $"The content of {_id} 1.0.0 is not that of the lock"),
        })
        {
            var result = await RunAsync(Notebook(code, packages), _feed.File("out.ipynb"), locked: true);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(expected, result.Message);
        }

        // Without --locked the cell's own version wins over the lock.
        var free = await RunAsync(Notebook($"#r \"nuget: {_id}, 2.0.0\"\n{_id}.Value.Version", Entry("1.0.0", "abc")), _feed.File("out.ipynb"));
        Assert.Equal("2.0.0", RunnerFixture.Text(free.Document!.Cells[0]));
        Assert.Equal("2.0.0", (string?)free.Document.Metadata["beamline"]!["packages"]![_id]!["version"]);
    }

    [Fact]
    public async Task A_package_that_a_locked_one_brings_must_be_in_the_lock_too()
    {
        _feed.Add(_id + ".Base", "1.0.0");
        _feed.Add(_id, "1.0.0", needs: (_id + ".Base", "1.0.0"));
        var result = await RunAsync(
            Notebook($"#r \"nuget: {_id}\"", Entry("1.0.0", "")), _feed.File("out.ipynb"), locked: true);
        Assert.Contains($"{_id}.Base 1.0.0 is needed and not in the lock", result.Message);
    }

    [Fact]
    public async Task A_run_that_fails_keeps_what_the_lock_says_of_cells_it_did_not_reach()
    {
        _feed.Add(_id, "1.0.0");
        var path = Notebook("throw new Exception();", """{"Later":{"version":"3.0.0","sha512":"x"}}""");
        var result = await RunAsync(path, _feed.File("out.ipynb"));
        Assert.Equal("3.0.0", (string?)result.Document!.Metadata["beamline"]!["packages"]!["Later"]!["version"]);
        path = Notebook("1", """{"Later":{"version":"3.0.0","sha512":"x"}}""");
        result = await RunAsync(path, _feed.File("out.ipynb"));
        Assert.Null(result.Document!.Metadata["beamline"]?["packages"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"A":{}}""")]
    [InlineData("""{"A":{"version":"x"}}""")]
    [InlineData("""{"A":{"version":{}}}""")]
    [InlineData("\"text\"")]
    public async Task A_lock_of_another_form_is_bad_input(string packages)
    {
        var result = await RunAsync(Notebook("1", packages), _feed.File("out.ipynb"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("lock of packages that cannot be read", result.Message);
    }

    [Fact]
    public async Task A_lock_file_is_written_and_used_by_the_magic()
    {
        _feed.Add(_id, "1.0.0");
        using (var kernel = _feed.Kernel())
        {
            await kernel.TextAsync($"#r \"nuget: {_id}\"\n#!packages --lock versions.json");
        }

        var file = _feed.File("versions.json");
        Assert.Equal("1.0.0", (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["packages"]![_id]!["version"]);
        using (var kernel = _feed.Kernel())
        {
            await kernel.TextAsync("#!packages --use versions.json");
            Assert.Equal("1.0.0", await kernel.TextAsync($"#r \"nuget: {_id}\"\n{_id}.Value.Version"));
            Assert.Contains("is not in the lock", (await kernel.RunAsync("#r \"nuget: Another\"")).Outcome.Error!.Message);
            Assert.Contains("cannot be used", (await kernel.RunAsync("#!packages --use none.json")).Outcome.Error!.Message);
        }
    }

    private string Entry(string version, string hash) =>
        new JsonObject { [_id] = new JsonObject { ["version"] = version, ["sha512"] = hash } }.ToJsonString();

    private static Task<RunResult> RunAsync(string path, string output, bool locked = false)
    {
        using var run = new RunnerFixture();
        return run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = output, Locked = locked });
    }

    private string Notebook(string code, string packages = "")
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Code, code));
        if (packages.Length > 0)
        {
            document.Metadata["beamline"] = new JsonObject { ["packages"] = JsonNode.Parse(packages) };
        }

        document.Save(_feed.File("book.ipynb"));
        return _feed.File("book.ipynb");
    }
}
