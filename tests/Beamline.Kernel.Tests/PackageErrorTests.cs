using System.Diagnostics;

namespace Beamline.Kernel.Tests;

/// <summary>What goes wrong with packages, and that nothing stays behind.</summary>
public sealed class PackageErrorTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public PackageErrorTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task A_package_that_does_not_exist_gives_the_nearest_names_and_where_was_looked()
    {
        var error = await ErrorAsync("\n#r \"nuget: MathNet.Numericz\"");
        Assert.Equal("PackageError", error.Name);
        Assert.Contains("There is no package MathNet.Numericz. Looked in feed and ", error.Message);
        Assert.Contains("Did you mean MathNet.Numerics", error.Message);
        Assert.Equal("    2 | #r \"nuget: MathNet.Numericz\"", error.Traceback[^1]);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_version_that_does_not_exist_gives_the_nearest()
    {
        _feed.Add(_id, "1.1.0");
        _feed.Add(_id, "1.2.0");
        Assert.Contains("has no version 1.1.5. In feed are 2, the nearest is 1.2.0.", (await ErrorAsync($"#r \"nuget: {_id}, 1.1.5\"")).Message);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task Only_pre_releases_are_named_with_how_to_ask_for_one()
    {
        _feed.Add(_id, "1.0.0-rc.1");
        var message = (await ErrorAsync($"#r \"nuget: {_id}\"")).Message;
        Assert.Contains("1.0.0-rc.1", message);
        Assert.Contains("*-*", message);
    }

    [Fact]
    public async Task An_incompatible_framework_says_what_is_supported()
    {
        _feed.Add(_id, "1.0.0", framework: "net99.0");
        var message = (await ErrorAsync($"#r \"nuget: {_id}, 1.0.0\"")).Message;
        Assert.Contains("not compatible with net10.0", message);
        Assert.Contains("Cells run on .NET 10", message);
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_broken_NuGet_config_is_named()
    {
        _feed.WriteConfig("<configuration><packageSources><add key=\"x");
        Assert.Contains(_feed.File("nuget.config"), (await ErrorAsync($"#r \"nuget: {_id}, 1.0.0\"")).Message);
    }

    [Theory]
    [InlineData("#r nuget: A", "#r needs what to refer to in quotes")]
    [InlineData("#r \"\"", "#r needs what to refer to in quotes")]
    [InlineData("#r \"nuget:\"", "Nothing stands behind 'nuget:'")]
    [InlineData("#r \"nuget: a b\"", "'a b' is not the name of a package")]
    [InlineData("#r \"nuget: a<b/>\"", "is not the name of a package")]
    [InlineData("#r \"nuget: A, one\"", "'one' is not a version of A")]
    [InlineData("#i \"folder\"", "'folder' is not a source")]
    [InlineData("#i", "#i needs a source in quotes")]
    [InlineData("#load", "#load needs the name of a file in quotes")]
    public async Task What_is_written_wrongly_is_explained(string line, string expected)
    {
        var error = await ErrorAsync("// first\n" + line);
        Assert.Contains(expected, error.Message);
        Assert.Equal("    2 | " + line, error.Traceback[^1]);
    }

    [Fact]
    public async Task No_dotnet_and_no_SDK_say_what_to_install()
    {
        _kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = null };
        Assert.Contains("need the .NET SDK 10", (await ErrorAsync($"#r \"nuget: {_id}\"")).Message);
        _kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = _feed.File("not-there") };
        Assert.Contains("does not start", (await ErrorAsync($"#r \"nuget: {_id}\"")).Message);
        _kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = Script("echo 'No .NET SDKs were found.'; exit 145") };
        Assert.Contains("There is no .NET SDK here", (await ErrorAsync($"#r \"nuget: {_id}\"")).Message);
    }

    [Fact]
    public async Task An_interrupt_kills_the_restore_with_its_children()
    {
        _kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = Script("sleep 600 &\necho $! > child.tmp; mv child.tmp " + _feed.File("child") + "\nwait") };
        using var stop = new CancellationTokenSource();
        var running = _kernel.RunAsync($"var ran = 1;\n#r \"nuget: {_id}\"", token: stop.Token);
        while (!File.Exists(_feed.File("child")) && !running.IsCompleted)
        {
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        Assert.Equal(CellStatus.Interrupted, (await running).Outcome.Status);
        var child = int.Parse((await File.ReadAllTextAsync(_feed.File("child"))).Trim());
        Assert.True(await EndsAsync(child), "the restore's child still runs");
        _kernel.Kernel.Packages.DotNet = new DotNetProcess();
        await NothingChangedAsync();
    }

    [Fact]
    public async Task A_restore_that_takes_too_long_is_stopped()
    {
        _kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = Script("sleep 600"), Timeout = TimeSpan.FromMilliseconds(300) };
        Assert.Contains("BEAMLINE_RESTORE_TIMEOUT", (await ErrorAsync($"#r \"nuget: {_id}\"")).Message);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_named_and_what_is_there_is_used()
    {
        _feed.Add(_id, "1.0.0");
        var dead = "#i \"nuget: https://127.0.0.1:9/index.json\"\n";
        var message = (await ErrorAsync($"{dead}#r \"nuget: {_id}.None\"")).Message;
        Assert.Contains("A source does not answer", message);
        Assert.Contains("https://127.0.0.1:9/index.json", message);

        // The failed cell's source was not kept; in this one a folder beside it has the package.
        var (outcome, cell) = await _kernel.RunAsync($"{dead}#i \"nuget: {_feed.Feed}\"\n#r \"nuget: {_id}\"\n{_id}.Value.Version");
        Assert.Null(outcome.Error);
        Assert.Equal("1.0.0", cell.Outputs[^1]!["data"]!["text/plain"]!.ToString());
        Assert.Contains("127.0.0.1:9", TestKernel.Streams(cell, "stderr"));
    }

    private async Task<CellError> ErrorAsync(string code)
    {
        var (outcome, _) = await _kernel.RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        return outcome.Error!;
    }

    /// <summary>The next cell works, and there is no reference, package or cache entry.</summary>
    private async Task NothingChangedAsync()
    {
        Assert.Empty(_kernel.Kernel.Packages.Packages);
        Assert.False(Directory.Exists(_feed.Cache));
        var good = _id + ".Good";
        _feed.Add(good, "1.0.0");
        Assert.Equal("1.0.0", await _kernel.TextAsync($"#r \"nuget: {good}, 1.0.0\"\n{good}.Value.Version"));
    }

    /// <summary>A program in place of dotnet.</summary>
    private string Script(string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses a shell script");
        var path = _feed.Write($"dotnet-{Guid.NewGuid():N}", "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static async Task<bool> EndsAsync(int process)
    {
        for (var i = 0; i < 500; i++)
        {
            try
            {
                using var found = Process.GetProcessById(process);
                if (found.HasExited)
                {
                    return true;
                }
            }
            catch (ArgumentException)
            {
                return true;
            }

            await Task.Delay(20);
        }

        return false;
    }
}
