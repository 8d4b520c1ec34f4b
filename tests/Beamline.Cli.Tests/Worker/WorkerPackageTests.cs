using System.IO.Compression;
using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Cli.Tests;

/// <summary>Packages of jobs: exact versions, from what NuGet.Config beside the jobs names.</summary>
public sealed class WorkerPackageTests(WarmWorker worker) : IClassFixture<WarmWorker>
{
    // A name that no other test uses: what is restored once stays in caches.
    private readonly string _id = "T" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public void A_job_gets_the_versions_that_it_names_whatever_other_jobs_had()
    {
        var feed = worker.Bench.Folder["feed"];
        Directory.CreateDirectory(feed);
        Add(feed, "1.0.0");
        Add(feed, "2.0.0");
        File.WriteAllText(worker.Bench.Folder["nuget.config"], $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{worker.Bench.Folder["packages"]}" /></config>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
            </configuration>
            """);

        // The second one finds the first one's version loaded, and runs in a process of its own.
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            Assert.Equal(version, JobBench.Output<string>(worker.Succeeds(Cell, j => With(j, version, "")), "version"));
        }

        var changed = worker.Run(worker.Bench.Make(Cell, j => With(j, "1.0.0", "AAAA")));
        Assert.Equal(JobState.Failed, changed.State);
        Assert.Contains("is not that of the lock", changed.Error!.Message, StringComparison.Ordinal);
        var crashed = worker.Run(worker.Bench.Make("Environment.Exit(9);", j => With(j, "2.0.0", "")));
        Assert.Equal((JobState.Crashed, 9), (crashed.State, crashed.ExitCode));
    }

    private string Cell => $"var version = {_id}.Value.Version;";

    private JobDescription With(JobDescription job, string version, string hash) => job with
    {
        Packages = [new JobPackage(_id, version, hash)], Outputs = [new("version", "string")],
    };

    private void Add(string feed, string version)
    {
        using var zip = ZipFile.Open(Path.Combine(feed, $"{_id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(zip.CreateEntry(_id + ".nuspec").Open()))
        {
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{_id}</id><version>{version}</version><authors>test</authors><description>test</description></metadata></package>
                """);
        }

        var compilation = CSharpCompilation.Create(
            _id,
            [CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}.0\")] namespace {_id} {{ public static class Value {{ public static string Version => \"{version}\"; }} }}")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var library = zip.CreateEntry($"lib/net10.0/{_id}.dll").Open();
        var bytes = new MemoryStream();
        Assert.True(compilation.Emit(bytes).Success);
        bytes.WriteTo(library);
    }
}
