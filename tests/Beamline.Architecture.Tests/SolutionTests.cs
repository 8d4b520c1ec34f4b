using System.Text.Json;

namespace Beamline.Architecture.Tests;

/// <summary>The solution is whole, and the build is set up as the scripts expect.</summary>
public sealed class SolutionTests
{
    [Fact]
    public void Every_source_project_has_a_test_project()
    {
        var missing = Repository.Projects
            .Where(p => !File.Exists(Repository.FullPath($"tests/{p.Name}.Tests/{p.Name}.Tests.csproj")))
            .Select(p => p.Name);
        Assert.True(!missing.Any(), $"No test project for {string.Join(", ", missing)}.");
    }

    [Fact]
    public void The_solution_has_every_project()
    {
        var solution = File.ReadAllText(Repository.FullPath("Interactive.sln")).Replace('\\', '/');
        string[] folders = ["src", "tests"];
        var missing = folders
            .SelectMany(f => Directory.EnumerateFiles(Repository.FullPath(f), "*.csproj", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal))
            .ToArray();
        Assert.True(missing.Length == 0, $"Run: dotnet sln add {string.Join(' ', missing)}");
    }

    [Fact]
    public void Tests_run_on_the_testing_platform_and_the_sdk_is_dotnet_10()
    {
        using var global = JsonDocument.Parse(File.ReadAllText(Repository.FullPath("global.json")));
        Assert.Equal("Microsoft.Testing.Platform", global.RootElement.GetProperty("test").GetProperty("runner").GetString());
        Assert.StartsWith("10.", global.RootElement.GetProperty("sdk").GetProperty("version").GetString());
    }

    [Fact]
    public void Every_package_version_is_in_one_place()
    {
        // A version in a project file would win silently over the reviewed one in Directory.Packages.props.
        var own = Repository.TrackedFiles
            .Where(p => p.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(p => File.ReadLines(Repository.FullPath(p)).Any(
                line => line.Contains("<PackageReference", StringComparison.Ordinal) && (line.Contains(" Version=", StringComparison.Ordinal) || line.Contains("VersionOverride", StringComparison.Ordinal))));
        Assert.Empty(own);
    }
}
