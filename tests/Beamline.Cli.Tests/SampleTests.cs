using System.Security.Cryptography;

namespace Beamline.Cli.Tests;

/// <summary><c>beamline sample</c>.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_name_the_samples_are_listed()
    {
        var ended = Child.Run(_folder.Root, "sample").ExitedWith(0);
        Assert.Contains("foam: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("shepp-logan: ", ended.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_sample_is_the_tracked_one()
    {
        Child.Run(_folder.Root, "sample", "shepp-logan").ExitedWith(0);
        Child.Run(_folder.Root, "sample", "shepp-logan", "--output", "other.h5").ExitedWith(0);
        Assert.Equal(["other.h5", "shepp-logan.h5"], _folder.Names);
        var tracked = SHA256.HashData(File.ReadAllBytes(Repository.PathOf("data-samples", "shepp-logan.h5")));
        Assert.Equal(tracked, SHA256.HashData(File.ReadAllBytes(_folder["shepp-logan.h5"])));
        Assert.Equal(tracked, SHA256.HashData(File.ReadAllBytes(_folder["other.h5"])));
    }

    [Fact]
    public void An_unknown_name_suggests_the_nearest()
    {
        var ended = Child.Run(_folder.Root, "sample", "faom").ExitedWith(2).SaysInErrors("There is no sample 'faom'", "foam, shepp-logan", "Did you mean foam?");
        Assert.DoesNotContain("Parameter", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_so()
    {
        Child.Run(_folder.Root, "sample", "shepp-logan", "-o", "nowhere/a.h5").ExitedWith(2).SaysInErrors("beamline sample: ", "there is no folder", "nowhere");
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_full_disk_keeps_nothing()
    {
        using var disk = new SmallDisk();
        Child.Run(disk.Root, "sample", "foam").ExitedWith(2).SaysInErrors("foam.h5", "full");
        Assert.Empty(TestFolder.NamesIn(disk.Root));
    }
}
