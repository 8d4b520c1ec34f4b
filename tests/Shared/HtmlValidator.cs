using System.ComponentModel;
using System.Diagnostics;

namespace Beamline.Tests;

/// <summary>The Nu validator of the W3C, installed by npm from a lock file into artifacts/test-tools.</summary>
internal static class HtmlValidator
{
    // Only against a program that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Fails with the validator's words when a page is not valid HTML; skips without npm or Java.</summary>
    public static async Task CheckAsync(string page)
    {
        var jar = await InstalledAsync();
        var file = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, page);
        try
        {
            var (code, text) = await RunAsync(Path.GetTempPath(), "java", "-jar", jar, "--errors-only", file);
            Assert.SkipWhen(code == -1, "java was not found, which the HTML validator needs: sudo apt-get install default-jre-headless");
            Assert.True(code == 0, text);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> InstalledAsync()
    {
        var (source, target) = (Find("tests", "Shared", "html-validator"), Find("artifacts", "test-tools", "html-validator"));
        var jar = Path.Combine(target, "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
        if (File.Exists(jar))
        {
            return jar;
        }

        Directory.CreateDirectory(target);
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(source, name), Path.Combine(target, name), overwrite: true);
        }

        var (code, text) = await RunAsync(target, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        Assert.SkipWhen(code == -1, "npm was not found, which installs the HTML validator.");
        Assert.SkipWhen(code != 0 && text.Contains("ENOTFOUND", StringComparison.Ordinal), "npm reaches no registry, so the HTML validator cannot be installed.");
        Assert.True(code == 0 && File.Exists(jar), $"npm ci in {target} failed: {text}");
        return jar;
    }

    private static string Find(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
            {
                return Path.Combine([folder.FullName, .. parts]);
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }

    private static async Task<(int Code, string Text)> RunAsync(string folder, string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(Limit);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception)
        {
            return (-1, $"{program} was not found");
        }
    }
}
