using System.Diagnostics;
using System.IO.Compression;

namespace Beamline.Cli.Tests;

/// <summary>The tool package as users get it: packed, installed from a folder, and run from where it was installed.</summary>
public sealed class ToolPackageTests : IDisposable
{
    // Only against a tool that hangs; packing compresses 170 MB.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(9);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_installs_runs_a_notebook_and_brings_the_kernel_and_the_tutorials()
    {
        // Packing what was built: this test must not build again what tests run from.
        var (code, text) = Run("dotnet", "pack", Repository.PathOf("src", "Beamline.Cli"), "-c", "Release", "--no-build", "-o", _folder["feed"], "-v", "quiet", "-nodeReuse:false");
        Assert.True(code == 0, text);
        var package = Assert.Single(Directory.GetFiles(_folder["feed"], "*.nupkg"));
        Assert.InRange(new FileInfo(package).Length, 20L << 20, 80L << 20);
        using (var zip = ZipFile.OpenRead(package))
        {
            string[] names = [.. zip.Entries.Select(e => e.FullName)];
            Assert.Contains(names, n => n.EndsWith("/tutorials/notebooks/01-first-reconstruction.ipynb", StringComparison.Ordinal));
            Assert.Contains(names, n => n.EndsWith("/linux-x64/native/libSkiaSharp.so", StringComparison.Ordinal));
            Assert.Contains(names, n => n.EndsWith("/win-x64/native/libSkiaSharp.dll", StringComparison.Ordinal));
            // TorchSharp, but not libtorch with its half a gigabyte.
            Assert.Contains(names, n => n.EndsWith("/linux-x64/native/libLibTorchSharp.so", StringComparison.Ordinal));
            Assert.DoesNotContain(names, n => n.Contains("torch_cpu", StringComparison.Ordinal) || n.EndsWith("SkiaSharp.pdb", StringComparison.Ordinal));
        }

        (code, text) = Run("dotnet", "tool", "install", "Beamline.Tool", "--tool-path", _folder["tool"], "--add-source", _folder["feed"], "--version", Version(package));
        Assert.True(code == 0, text);
        var beamline = Path.Combine(_folder["tool"], OperatingSystem.IsWindows() ? "beamline.exe" : "beamline");
        Assert.StartsWith(Version(package), Run(beamline, "--version").Text, StringComparison.Ordinal);
        (code, text) = Run(beamline, "kernel", "install", "--prefix", _folder["env"]);
        Assert.True(code == 0, text);
        var spec = Path.Combine(_folder["env"], "share", "jupyter", "kernels", "beamline");
        Assert.Contains($"\"{beamline.Replace("\\", "\\\\", StringComparison.Ordinal)}\"", File.ReadAllText(Path.Combine(spec, "kernel.json")), StringComparison.Ordinal);
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], TestFolder.NamesIn(spec));
        TestNotebook.Write(_folder["a.ipynb"], "new Image(4, 4)");
        (code, text) = Run(beamline, "run", "a.ipynb");
        Assert.True(code == 0, text);
        Assert.NotNull(TestNotebook.Outputs(TestNotebook.Read(_folder["a.executed.ipynb"]), 0)[0]["data"]!["image/png"]);
    }

    private static string Version(string package) => Path.GetFileNameWithoutExtension(package)["Beamline.Tool.".Length..];

    private (int Code, string Text) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Root };
        // A package of this version that another test run left in the cache of the user is not what is tested.
        start.Environment["NUGET_PACKAGES"] = program == "dotnet" && arguments[0] == "tool" ? _folder["packages"] : null;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
