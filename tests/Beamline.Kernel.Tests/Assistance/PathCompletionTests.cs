using System.Runtime.Versioning;

namespace Beamline.Kernel.Tests;

/// <summary>Paths are completed below a folder of the test's own, so that the working folder stays as it is.</summary>
public sealed class PathCompletionTests : IClassFixture<AssistantFixture>, IDisposable
{
    private readonly AssistantFixture _session;
    private readonly TemporaryFolder _folder = new();

    public PathCompletionTests(AssistantFixture session)
    {
        _session = session;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "scans"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "my scans"));
        foreach (var name in (string[])["tooth.h5", "tooth.csx", "lib.dll", ".hidden", "scans/foam.h5", "my scans/in side.h5", "a\"quote.txt"])
        {
            File.WriteAllText(Path.Combine(_folder.Path, name), "0123456789");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("File.Exists(\"DIR/to|\")", "tooth.csx tooth.h5")]
    [InlineData("File.Exists(\"DIR/to|", "tooth.csx tooth.h5")]
    [InlineData("Open(@\"DIR/sc|\")", "scans/")]
    [InlineData("Open(\"DIR/scans/|\")", "foam.h5")]
    [InlineData("Open(\"DIR/.h|\")", ".hidden")]
    [InlineData("Open(\"DIR/a|\")", "a\\\"quote.txt")]
    [InlineData("Open(@\"DIR/a|\")", "a\"\"quote.txt")]
    [InlineData("Open(\"DIR/nothing/|\")", "")]
    [InlineData("Open(\"DIR/to\\0|\")", "")]
    [InlineData("#load \"DIR/|", "my scans/ scans/ tooth.csx")]
    [InlineData("#r \"DIR/|", "lib.dll my scans/ scans/")]
    [InlineData("#!recon names DIR/to|", "tooth.csx tooth.h5")]
    [InlineData("#!recon --mask \"DIR/my|", "my scans/")]
    [InlineData("#!recon --mask \"DIR/my scans/|", "in side.h5")]
    [InlineData("#!recon --mask=DIR/too|", "tooth.csx tooth.h5")]
    public void Paths(string code, string expected) =>
        Assert.Equal(expected, string.Join(' ', _session.Texts(code.Replace("DIR", _folder.Path, StringComparison.Ordinal))));

    [Fact]
    public void Only_the_last_part_is_replaced_and_a_blank_brings_quotes()
    {
        var code = $"Open(\"{_folder.Path}/to";
        var found = _session.Assistant.Complete(code, code.Length);
        Assert.Equal((code.Length - 2, code.Length), (found.Start, found.End));
        Assert.Equal(("path", "10 B"), (found.Items[0].Kind, found.Items[0].Signature));
        code = $"#!recon --mask {_folder.Path}/my";
        found = _session.Assistant.Complete(code, code.Length);
        Assert.Equal($"\"{_folder.Path}/my scans/", Assert.Single(found.Items).Text);
        Assert.Equal("#!recon --mask ".Length, found.Start);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_may_not_be_read_offers_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "root may read everything");
        var locked = Path.Combine(_folder.Path, "scans");
        File.SetUnixFileMode(locked, UnixFileMode.None);
        try
        {
            Assert.Empty(_session.Texts($"Open(\"{locked}/|\")"));
        }
        finally
        {
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Packages_and_versions_come_from_the_folder_of_packages()
    {
        foreach (var version in (string[])["1.9.0", "1.10.0", "1.10.0-beta.2"])
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "math.things", version)).FullName;
            // NuGet writes this file last; without it a package is not whole.
            File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), "{}");
            File.WriteAllText(Path.Combine(folder, "math.things.nuspec"), "<package><metadata><id>Math.Things</id></metadata></package>");
        }

        var assistant = new LightAssistant(_session.Kernel.Kernel, new PackageNames(_folder.Path));
        List<string> Texts(string marked) => [.. AssistantFixture.Ask(marked, assistant.Complete).Items.Select(i => i.Text)];
        Assert.Equal(["Math.Things"], Texts("#r \"nuget: mat|\""));
        Assert.Equal(["Math.Things"], Texts("#r \"nuget:Things|"));
        Assert.Equal(["1.10.0", "1.10.0-beta.2", "1.9.0"], Texts("#r \"nuget: Math.Things, |"));
        Assert.Equal(["1.9.0"], Texts("var x = 1;\n#r \"nuget: math.things,1.9|"));
        Assert.Empty(Texts("#r \"nuget: ../x, |"));
        Assert.Empty(Texts("#r \"nuget: Math.Things, 1.9.0\"|"));
        var found = AssistantFixture.Ask("#r \"nuget: Math.Things, 1.1|", assistant.Complete);
        Assert.Equal((24, 27), (found.Start, found.End));
    }
}
