using System.Text;

namespace Beamline.Browser.Tests;

/// <summary>The committed script is what its source builds, is small, and its parts do what they say.</summary>
public sealed class BundleTests
{
    private const int LargestBytes = 40_000;
    private static readonly string Source = Repository.PathOf("src", "Beamline.Display", "viewer");

    [Fact]
    public void It_is_small_and_carries_nothing_that_ends_a_script()
    {
        var text = File.ReadAllText(Path.Combine(Source, "dist", "beamline-viewer.js"));
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 20_000, LargestBytes);
        foreach (var forbidden in new[] { "</script", "<!--", "http:", "https:", "import(", "eval(", "innerHTML" })
        {
            Assert.DoesNotContain(forbidden, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.All(text, c => Assert.InRange(c, '\n', '~'));
    }

    [Fact]
    public async Task It_is_what_the_source_builds_and_the_unit_tests_pass()
    {
        string[] files =
        [
            "package.json", "package-lock.json", "tsconfig.json", "build.mjs",
            .. Directory.GetFiles(Path.Combine(Source, "src")).Concat(Directory.GetFiles(Path.Combine(Source, "test"))).Select(f => Path.GetRelativePath(Source, f)),
        ];
        foreach (var old in new[] { "src", "test" }.Select(f => Repository.PathOf("artifacts", "test-tools", "viewer", f)).Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        var folder = await Tool.NpmFolderAsync("viewer", Source, files);
        var (code, text) = await Tool.RunAsync(folder, "node", "build.mjs", "--out", "built.js");
        Assert.True(code == 0, text);
        Assert.True(
            File.ReadAllBytes(Path.Combine(folder, "built.js")).SequenceEqual(File.ReadAllBytes(Path.Combine(Source, "dist", "beamline-viewer.js"))),
            "dist/beamline-viewer.js is not what its source builds: run 'npm ci && npm run build' in src/Beamline.Display/viewer and commit it.");
        (code, text) = await Tool.RunAsync(folder, "node", Path.Combine("node_modules", "typescript", "bin", "tsc"), "--noEmit");
        Assert.True(code == 0, text);
        (code, text) = await Tool.RunAsync(folder, "node", "build.mjs", "--test");
        Assert.True(code == 0, text);
        Assert.Matches("# pass [1-9][0-9]", text);
    }
}
