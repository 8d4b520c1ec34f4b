namespace Beamline.Remote.Tests;

/// <summary>Which endpoints there are, and where their secrets come from.</summary>
public sealed class EndpointCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private EndpointCatalog Catalog => new(_folder.File("user"), _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_users_files_go_before_those_beside_a_notebook_and_local_needs_none()
    {
        Directory.CreateDirectory(_folder.File(".beamline/endpoints"));
        File.WriteAllText(_folder.File(".beamline/endpoints/a.json"), """{ "kind": "local", "description": "from the notebook" }""");
        File.WriteAllText(_folder.File(".beamline/endpoints/b.json"), """{ "kind": "local", "description": "from the notebook" }""");
        Assert.Equal(["a", "b", "local"], Catalog.Names);
        Catalog.Add("a", """{ "kind": "local", "description": "mine" }""");
        Assert.Equal("mine", Catalog.Find("a").Text("description"));
        Assert.Equal("from the notebook", Catalog.Find("b").Text("description"));
        Assert.Equal(("local", null), (Catalog.Find("local").Kind, Catalog.Find("local").Path));
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest_and_the_list()
    {
        Catalog.Add("slurm", """{ "kind": "local" }""");
        var error = Assert.Throws<EndpointException>(() => Catalog.Find("slrum"));
        Assert.StartsWith("There is no endpoint slrum. Did you mean slurm? Endpoints: local, slurm. ", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("user"), error.Message, StringComparison.Ordinal);
        Assert.Contains("#!endpoint add slrum", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("1a")]
    public void Names_that_are_paths_are_refused(string name) =>
        Assert.Contains("cannot be the name", Assert.Throws<EndpointException>(() => Catalog.Add(name, """{ "kind": "local" }""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_wrong_or_second_file_is_not_written()
    {
        Assert.Throws<EndpointException>(() => Catalog.Add("x", """{ "kind": "http" }"""));
        Assert.Equal(["local"], Catalog.Names);
        Catalog.Add("x", """{ "kind": "local" }""");
        Assert.Contains("already", Assert.Throws<EndpointException>(() => Catalog.Add("x", """{ "kind": "local" }""")).Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Catalog.PathOf("x")!));
        }
    }

    [Fact]
    public void A_token_comes_from_a_file_that_others_cannot_read_or_from_a_variable()
    {
        var file = Catalog.Add("x", """{ "kind": "http", "url": "https://a", "tokenFile": "x.token" }""");
        Assert.Contains("not there", Assert.Throws<EndpointException>(() => file.Token()).Message, StringComparison.Ordinal);
        var path = _folder.File("user/x.token");
        File.WriteAllText(path, "secret\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", Assert.Throws<EndpointException>(() => file.Token()).Message, StringComparison.Ordinal);
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }

        Assert.Equal("secret", file.Token());
        var variable = $"BEAMLINE_TEST_{Guid.NewGuid():N}";
        file = Catalog.Add("y", $$"""{ "kind": "http", "url": "https://a", "tokenVariable": "{{variable}}" }""");
        Assert.Contains(variable, Assert.Throws<EndpointException>(() => file.Token()).Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(variable, " abc ");
        Assert.Equal("abc", file.Token());
    }
}
