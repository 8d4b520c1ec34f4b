using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>Packages travel by name, version and hash, when they are used.</summary>
public sealed class CapturePackageTests
{
    [Fact]
    public async Task All_packages_go_when_one_is_used_and_none_when_none_is()
    {
        using var feed = new TestFeed();
        feed.Add(feed.Id + ".Base", "1.0.0");
        feed.Add(feed.Id, "2.0.0", needs: (feed.Id + ".Base", "1.0.0"));
        using var kernel = feed.Kernel();
        await kernel.TextAsync($"#r \"nuget: {feed.Id}, 2.0.0\"\nusing {feed.Id};");
        await kernel.TextAsync("int n = 1; string Version() => Value.Version;");
        var capture = kernel.Kernel.Services.OfType<ICellCapture>().Single();
        var cell = capture.Capture("Version()", new CaptureOptions("sent cell"));
        Assert.Equal([(feed.Id, "2.0.0"), (feed.Id + ".Base", "1.0.0")], cell.Packages.Select(p => (p.Id, p.Version)));
        Assert.All(cell.Packages, p => Assert.NotEqual("", p.Sha512));
        Assert.Contains(feed.Id, cell.Usings);
        var plain = capture.Capture($"#r \"nuget: {feed.Id}, 2.0.0\"\nvar m = n + 1;", new CaptureOptions("sent cell"));
        Assert.Empty(plain.Packages);
        Assert.DoesNotContain(feed.Id, plain.Usings);
        Assert.Equal(["", "var m = n + 1;"], plain.Source.Split('\n').Select(l => l.Trim()));
    }
}
