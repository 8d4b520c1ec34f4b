namespace Beamline.Packages.Tests;

public sealed class PackageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_are_spelled_as_the_packages_do_and_versions_are_newest_first()
    {
        Add("some.package", "1.9.0", "Some.Package");
        Add("some.package", "1.10.0", "Some.Package");
        Add("some.package", "1.10.0-rc.1", "Some.Package");
        Add("other", "1.0.0", null);
        Directory.CreateDirectory(_folder.File("some.package/2.0.0"));
        Directory.CreateDirectory(_folder.File("empty"));
        Directory.CreateDirectory(_folder.File(".tools"));
        Assert.Equal(["other", "Some.Package"], PackageFolder.Ids(_folder.Path));
        Assert.Equal(["1.10.0", "1.10.0-rc.1", "1.9.0"], PackageFolder.Versions("SOME.Package", _folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("none")]
    [InlineData("a\\b")]
    public void What_is_no_package_has_no_versions(string id) => Assert.Empty(PackageFolder.Versions(id, _folder.Path));

    [Fact]
    public void A_folder_that_is_not_there_is_empty() => Assert.Empty(PackageFolder.Ids(_folder.File("none")));

    [Fact]
    public void The_users_own_folder_has_what_this_program_was_built_with() =>
        Assert.Contains("18.1.0", PackageFolder.Versions("YamlDotNet"));

    private void Add(string id, string version, string? spelled)
    {
        Directory.CreateDirectory(_folder.File($"{id}/{version}"));
        _folder.Write($"{id}/{version}/.nupkg.metadata", "{}");
        _folder.Write($"{id}/{version}/{id}.nuspec", spelled is null ? "no xml" : $"<package><metadata><id>{spelled}</id></metadata></package>");
    }
}
