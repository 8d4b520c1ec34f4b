using System.ComponentModel;
using System.Diagnostics;

namespace Beamline.Browser.Tests;

/// <summary>Runs other programs.</summary>
internal static class Tool
{
    // Only against a program that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program; -1 when it is not on this machine.</summary>
    public static async Task<(int Code, string Text)> RunAsync(string folder, string program, params string[] arguments)
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

    /// <summary>Copies a folder with a lock file into artifacts/test-tools and installs its packages there; skips without npm.</summary>
    /// <returns>The folder with node_modules.</returns>
    public static async Task<string> NpmFolderAsync(string name, string source, params string[] files)
    {
        var target = Repository.PathOf("artifacts", "test-tools", name);
        Directory.CreateDirectory(target);
        foreach (var file in files)
        {
            var to = Path.Combine(target, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(source, file), to, overwrite: true);
        }

        // npm writes this file when it has installed what the lock file says.
        var done = Path.Combine(target, "node_modules", ".package-lock.json");
        if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(Path.Combine(source, "package-lock.json")))
        {
            return target;
        }

        var (code, text) = await RunAsync(target, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        Assert.SkipWhen(code == -1, "npm was not found, which installs what this test needs.");
        Assert.SkipWhen(code != 0 && text.Contains("ENOTFOUND", StringComparison.Ordinal), "npm reaches no registry.");
        Assert.True(code == 0, $"npm ci in {target} failed: {text}");
        return target;
    }
}
