namespace Beamline.Kernel.Tests;

public sealed class ProjectReferenceTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public ProjectReferenceTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task A_project_is_built_with_its_packages_and_again_when_it_changed()
    {
        _feed.Add(_id + ".Package", "3.0.0");
        _feed.Write("global.json", "{}");
        Project($"<PackageReference Include=\"{_id}.Package\" Version=\"3.0.0\" />");
        Code("1");
        var line = $"#r \"project: lib/{_id}.csproj\"\n";
        Assert.Equal("1 3.0.0", await _kernel.TextAsync($"{line}{_id}.Mine.Value"));
        Assert.Equal("1 3.0.0", await _kernel.TextAsync($"{line}var same = {_id}.Mine.Value; same"));
        Code("2");
        Assert.Equal("2 3.0.0", await _kernel.TextAsync($"{line}{_id}.Mine.Value"));
        Assert.Equal("2 3.0.0 1 3.0.0", await _kernel.TextAsync($"{_id}.Mine.Value + \" \" + same"));
        Assert.Equal([_id + ".Package"], _kernel.Kernel.Packages.Packages.Select(p => p.Id));

        // Nothing of the session lies in the user's own folders: they can be built and removed.
        Assert.False(Directory.Exists(_feed.File("lib/bin/Release/net10.0/publish")));
        Directory.Delete(_feed.File("lib/obj"), recursive: true);

        Code("3 +");
        var (outcome, _) = await _kernel.RunAsync($"var ran = 1;\n{line}");
        Assert.Contains("does not build", outcome.Error!.Message);
        Assert.Contains("Mine.cs(", outcome.Error.Message);
        Assert.Equal("2 3.0.0", await _kernel.TextAsync($"{_id}.Mine.Value"));
    }

    [Fact]
    public async Task A_missing_project_gives_the_names_that_are_there()
    {
        _feed.Write("tools.csproj", "");
        var (outcome, _) = await _kernel.RunAsync("#r \"project: tool.csproj\"");
        Assert.Contains("Did you mean tools.csproj?", outcome.Error!.Message);
    }

    private void Project(string items) => _feed.Write($"lib/{_id}.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>
          <ItemGroup>{items}</ItemGroup>
        </Project>
        """);

    private void Code(string value) => _feed.Write(
        "lib/Mine.cs", $"namespace {_id}; public static class Mine {{ public static string Value => {value} + \" \" + {_id}.Package.Value.Version; }}");
}
