using System.Diagnostics;
using System.IO.Compression;

namespace Beamline.FrozenHost.Tests;

public sealed class PackageTests
{
    [Fact]
    public async Task The_package_carries_the_script_where_the_host_looks()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = folder.Name;
        while (!File.Exists(Path.Combine(folder!.FullName, "Interactive.sln")))
        {
            folder = folder.Parent;
        }

        var output = Directory.CreateTempSubdirectory("beamline-pack-");
        try
        {
            var start = new ProcessStartInfo(
                "dotnet", ["pack", "src/Beamline.Extension", "--no-build", "-c", configuration, "-o", output.FullName, "-nodeReuse:false", "-v", "quiet"])
            {
                WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, text + await errors);
            using var package = ZipFile.OpenRead(Assert.Single(output.GetFiles("Beamline.Extension.*.nupkg")).FullName);
            using var script = new StreamReader(package.GetEntry("interactive-extensions/dotnet/extension.dib")!.Open());
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "extension.dib")), await script.ReadToEndAsync());
            Assert.NotNull(package.GetEntry("lib/net10.0/Beamline.Extension.dll"));
            using var nuspec = new StreamReader(package.GetEntry("Beamline.Extension.nuspec")!.Open());
            Assert.DoesNotContain("Microsoft.DotNet.Interactive", await nuspec.ReadToEndAsync());
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
