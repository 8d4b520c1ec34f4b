namespace Beamline.Kernel.Tests;

/// <summary>Packages from a folder: restore, cache, versions. No network.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public PackageTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task A_package_and_what_it_needs_are_usable_in_this_and_later_cells_and_told_in_one_line()
    {
        _feed.Add(_id + ".Base", "1.2.0");
        _feed.Add(_id, "2.0.0", needs: (_id + ".Base", "1.0.0"));
        _feed.Add(_id + ".Base", "1.0.0");
        var (outcome, cell) = await _kernel.RunAsync($"var before = 1;\n#r \"nuget: {_id}, 2.0.0\"\n{_id}.Value.Version + \" \" + {_id}.Base.Value.Version");
        Assert.Null(outcome.Error);
        Assert.Equal(
            [$"Packages: {_id} 2.0.0 (with {_id}.Base 1.0.0)", "2.0.0 1.0.0"],
            cell.Outputs.Select(o => o!["data"]!["text/plain"]!.ToString()));
        Assert.Equal("2.0.0", await _kernel.TextAsync("var later = 5;\n" + _id + ".Value.Version"));
        Assert.Equal("2.0.0", await _kernel.TextAsync("var later2 = 5;\n" + _id + ".Value.Version"));
        Assert.Equal([_id, _id + ".Base"], _kernel.Kernel.Packages.Packages.Select(p => p.Id));
        var (_, list) = await _kernel.RunAsync("#!packages");
        Assert.Contains($"{_id}       2.0.0", list.Outputs[0]!["data"]!["text/plain"]!.ToString());
        Assert.Contains(new LightAssistant(_kernel.Kernel).Complete(_id + ".Val", _id.Length + 4).Items, i => i.Text == "Value");
    }

    [Theory]
    [InlineData("", "1.10.0")]
    [InlineData(", *-*", "2.0.0-beta.1")]
    [InlineData(", 1.*", "1.10.0")]
    [InlineData(",1.9.0", "1.9.0")]
    [InlineData(", [1.0,1.10)", "1.9.0")]
    [InlineData(", 2.0.0-beta.1", "2.0.0-beta.1")]
    public async Task A_version_may_be_left_out_floating_a_range_or_a_pre_release(string version, string expected)
    {
        foreach (var offered in (string[])["1.9.0", "1.10.0", "2.0.0-beta.1"])
        {
            _feed.Add(_id, offered);
        }

        Assert.Equal(expected, await _kernel.TextAsync($"#r \"nuget:{_id}{version}\"\n{_id}.Value.Version"));
    }

    [Fact]
    public async Task The_second_use_needs_no_restore_and_a_damaged_cache_or_missing_package_a_new_one()
    {
        _feed.Add(_id, "1.0.0");
        var code = $"#r \"nuget: {_id}, 1.0.0\"\n{_id}.Value.Version";
        await _kernel.TextAsync(code);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_feed.Cache, "packages")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_feed.Cache));
        }

        // Another session, without a dotnet: the cache alone must do.
        Assert.Null((await WithoutDotNetAsync(code)).Error);
        var good = await File.ReadAllTextAsync(file);
        foreach (var damaged in (string[])["", "{", "[]", "null", "{\"Format\":1}", good[..(good.Length / 2)], good.Replace("\"Format\": 1", "\"Format\": 0")])
        {
            await File.WriteAllTextAsync(file, damaged);
            Assert.Contains("'dotnet' was not found", (await WithoutDotNetAsync(code)).Error?.Message);
        }

        await File.WriteAllTextAsync(file, "{");
        using (var again = _feed.Kernel())
        {
            Assert.Equal("1.0.0", await again.TextAsync(code));
        }

        Assert.Null((await WithoutDotNetAsync(code)).Error);
        foreach (var library in Directory.GetFiles(_feed.PackagesFolder, "*.dll", SearchOption.AllDirectories))
        {
            File.Delete(library);
        }

        Assert.Contains("'dotnet' was not found", (await WithoutDotNetAsync(code)).Error?.Message);
    }

    [Fact]
    public async Task An_open_version_is_asked_for_again_after_a_day_and_the_old_answer_serves_when_no_source_does()
    {
        _feed.Add(_id, "1.0.0");
        var code = $"#r \"nuget: {_id}\"\n{_id}.Value.Version";
        var question = new RestoreQuestion
        {
            Requests = [PackageRequest.Parse(new ReferenceDirective(DirectiveKind.Package, _id, "", 1))], ConfigFolder = _feed.Folder,
        };
        var cache = new RestoreCache(_feed.Cache);
        await _kernel.TextAsync(code);
        var file = cache.FileOf(question);
        Assert.NotNull(cache.Find(question));
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, System.Text.RegularExpressions.Regex.Replace(text, "\"Made\": \"....", "\"Made\": \"2020"));
        Assert.Null(cache.Find(question));
        Assert.NotNull(cache.Find(question, evenOld: true));

        Directory.Move(_feed.Feed, _feed.Feed + "-gone");
        var warnings = new List<string>();
        var packages = await new PackageRestorer(cache, new DotNetProcess()).RestoreAsync(question, () => { }, warnings.Add, default);
        Assert.Equal("1.0.0", Assert.Single(packages).Version);
        Assert.Contains("The versions of an earlier day are used", Assert.Single(warnings));
    }

    [Fact]
    public async Task Settings_of_the_folders_above_do_not_reach_the_restore()
    {
        _feed.Add(_id, "1.0.0");
        var below = Directory.CreateDirectory(_feed.File("below")).FullName;
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            _feed.Write(file, "<Project><no end");
        }

        _feed.Write("global.json", "{\"sdk\":{\"version\":\"1.0.0\",\"rollForward\":\"disable\"}}");
        var project = RestoreProject.Write(
            below,
            new RestoreQuestion
            {
                Requests = [PackageRequest.Parse(new ReferenceDirective(DirectiveKind.Package, _id, "", 1))], ConfigFolder = _feed.Folder,
            },
            null);
        var (exitCode, output) = await new DotNetProcess().RunAsync(below, ["restore", project], default);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task A_changed_NuGet_config_asks_anew()
    {
        _feed.Add(_id, "1.0.0");
        var code = $"#r \"nuget: {_id}, 1.0.0\"\n{_id}.Value.Version";
        await _kernel.TextAsync(code);
        _feed.WriteConfig((await File.ReadAllTextAsync(_feed.File("nuget.config"))).Replace("<clear />", "<clear /><!-- changed -->"));
        Assert.Contains("'dotnet' was not found", (await WithoutDotNetAsync(code)).Error?.Message);
    }

    [Fact]
    public async Task A_source_is_added_by_i_also_relative_to_the_notebook()
    {
        Directory.CreateDirectory(_feed.File("more"));
        _feed.Add(_id, "1.0.0");
        File.Move(Path.Combine(_feed.Feed, $"{_id}.1.0.0.nupkg"), _feed.File($"more/{_id}.1.0.0.nupkg"));
        var (missing, _) = await _kernel.RunAsync($"#i \"nuget: nowhere\"\n#r \"nuget: {_id}, 1.0.0\"");
        Assert.Contains("neither a URL nor a folder", missing.Error!.Message);
        Assert.Equal("1.0.0", await _kernel.TextAsync($"#i \"nuget: more\"\n#r \"nuget: {_id}, 1.0.0\"\n{_id}.Value.Version"));
    }

    [Fact]
    public async Task Conflicts_name_both_versions_and_change_nothing()
    {
        var other = _id + ".Other";
        _feed.Add(_id, "1.0.0");
        _feed.Add(_id, "2.0.0");
        _feed.Add(other, "1.0.0", needs: (_id, "2.0.0"));
        await _kernel.TextAsync($"#r \"nuget: {_id}, 1.0.0\"");
        foreach (var wanted in (string[])[$"{_id}, 2.0.0", other])
        {
            var (outcome, _) = await _kernel.RunAsync($"var ran = true;\n#r \"nuget: {wanted}\"");
            Assert.Equal("PackageError", outcome.Error!.Name);
            Assert.Contains($"{_id} 1.0.0", outcome.Error.Message);
            Assert.Contains("2.0.0", outcome.Error.Message);
            Assert.Contains("estart the kernel", outcome.Error.Message);
        }

        Assert.Null(_kernel.Kernel.Session.FindVariable("ran"));
        Assert.Equal("1.0.0", await _kernel.TextAsync($"#r \"nuget: {_id}\"\n#r \"nuget: {_id}, 1.*\"\n{_id}.Value.Version"));
        var (twice, _) = await _kernel.RunAsync($"#r \"nuget: {_id}.Q, 1.0\"\n#r \"nuget: {_id}.Q, 2.0\"");
        Assert.Contains("asked for twice", twice.Error!.Message);
    }

    [Fact]
    public async Task All_packages_of_a_cell_come_before_it_runs_or_none()
    {
        _feed.Add(_id, "1.0.0");
        var (outcome, cell) = await _kernel.RunAsync($"#r \"nuget: {_id}, 1.0.0\"\nConsole.WriteLine(\"ran\");\n#r \"nuget: {_id}X, 1.0.0\"");
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Equal("", TestKernel.Streams(cell));
        Assert.Empty(_kernel.Kernel.Packages.Packages);
        Assert.Contains("line 3", string.Join('\n', outcome.Error!.Traceback.Append("line " + outcome.Error.Traceback[^1].Trim()[..1])));
        Assert.Contains("CS0103", (await _kernel.RunAsync($"{_id}.Value.Version")).Outcome.Error!.Message);
        Assert.Equal("1.0.0", await _kernel.TextAsync($"#r \"nuget: {_id}, 1.0.0\"\n{_id}.Value.Version"));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_loses_no_reference()
    {
        _feed.Add(_id, "1.0.0");
        await _kernel.RunAsync($"#r \"nuget: {_id}, 1.0.0\"\nwrong");
        Assert.Equal("1.0.0", await _kernel.TextAsync($"{_id}.Value.Version"));
    }

    [Fact]
    public async Task What_the_kernel_ships_is_the_same_type_for_cells()
    {
        _feed.Add("YamlDotNet", "3.0.0");
        _feed.Add("YamlDotNet", "99.0.0");
        var (outcome, _) = await _kernel.RunAsync("#r \"nuget: YamlDotNet, 99.0.0\"");
        Assert.Contains("brings YamlDotNet 99.0.0.0, but this program itself uses YamlDotNet 18", outcome.Error!.Message);
        await _kernel.TextAsync("#r \"nuget: YamlDotNet, 3.0.0\"\nvar type = typeof(YamlDotNet.Serialization.DeserializerBuilder);");
        Assert.Same(typeof(YamlDotNet.Serialization.DeserializerBuilder), _kernel.Kernel.Session.FindVariable("type")!.Value);
    }

    private async Task<CellOutcome> WithoutDotNetAsync(string code)
    {
        using var kernel = _feed.Kernel();
        kernel.Kernel.Packages.DotNet = new DotNetProcess { Program = null };
        return (await kernel.RunAsync(code)).Outcome;
    }
}
