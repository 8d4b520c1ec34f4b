using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel.Tests;

/// <summary>A folder with a NuGet feed of tiny packages, a package folder and a NuGet.Config of its own: nothing of the user's is touched.</summary>
internal sealed class TestFeed : IDisposable
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "Beamline.Notebook.dll" or "System.Collections.dll" or "netstandard.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    private readonly TemporaryFolder _folder = new();

    public TestFeed()
    {
        Directory.CreateDirectory(Feed);
        WriteConfig($"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.File("packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{Feed}" /></packageSources>
            </configuration>
            """);
    }

    /// <summary>A name that no other test uses: what is loaded once stays in the process.</summary>
    public string Id { get; } = "T" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>The notebook's folder.</summary>
    public string Folder => _folder.Path;

    public string Feed => _folder.File("feed");

    public string Cache => _folder.File("cache");

    public string PackagesFolder => _folder.File("packages");

    public string File(string name) => _folder.File(name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        return _folder.Write(name, text);
    }

    public void WriteConfig(string xml) => _folder.Write("nuget.config", xml);

    /// <summary>A kernel whose notebook lies in this folder and whose cache is empty at first.</summary>
    public TestKernel Kernel()
    {
        var kernel = new TestKernel();
        kernel.Kernel.Packages.NotebookFolder = Folder;
        kernel.Kernel.Packages.Cache = new RestoreCache(Cache);
        return kernel;
    }

    /// <summary>Makes a package of native libraries for this machine.</summary>
    public void AddNative(string id, string version, params string[] files)
    {
        using var zip = ZipFile.Open(Path.Combine(Feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(zip.CreateEntry(id + ".nuspec").Open()))
        {
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description></metadata></package>
                """);
        }

        var rid = new RestoreQuestion { Requests = [], ConfigFolder = Folder }.RuntimeIdentifier;
        foreach (var file in files)
        {
            zip.CreateEntryFromFile(file, $"runtimes/{rid}/native/{Path.GetFileName(file)}");
        }
    }

    /// <summary>Makes a package whose library has a class Value in the namespace of its name.</summary>
    public void Add(string id, string version, string? code = null, string framework = "net8.0", params (string Id, string Version)[] needs)
    {
        using var zip = ZipFile.Open(Path.Combine(Feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        var dependencies = string.Concat(needs.Select(n => $"<dependency id=\"{n.Id}\" version=\"{n.Version}\" />"));
        using (var nuspec = new StreamWriter(zip.CreateEntry(id + ".nuspec").Open()))
        {
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description>
                <dependencies><group targetFramework="{framework}">{dependencies}</group></dependencies>
                </metadata></package>
                """);
        }

        using var library = zip.CreateEntry($"lib/{framework}/{id}.dll").Open();
        library.Write(Compile(id, code ?? $"namespace {id} {{ public static class Value {{ public static string Version => \"{version}\"; }} }}", version));
    }

    /// <summary>The bytes of a library.</summary>
    public static byte[] Compile(string name, string code, string version = "1.0.0")
    {
        var number = version.Split('-')[0] + ".0";
        var compilation = CSharpCompilation.Create(
            name,
            [
                CSharpSyntaxTree.ParseText(code),
                CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{number}\")]"),
            ],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return bytes.ToArray();
    }

    public void Dispose() => _folder.Dispose();
}
