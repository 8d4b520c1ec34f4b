namespace Beamline.Cli.Tests;

/// <summary><c>beamline endpoint</c>.</summary>
public sealed class EndpointCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private Dictionary<string, string> Home => new() { ["BEAMLINE_HOME"] = _folder["home"] };

    [Fact]
    public void Start_shows_where_it_is_and_stop_ends_it()
    {
        Directory.CreateDirectory(_folder["home"]);
        Assert.Contains("No endpoint runs here", Run(3, "status").Output);
        var started = Run(0, "start", "--concurrency", "1");
        Assert.Contains("has started in", started.Output);
        Assert.Contains("1 job at a time", started.Output);
        Assert.Contains("runs already", Run(0, "start").Output);
        Assert.Contains("runs in", Run(4, "serve").Errors);
        var status = Run(0, "status").Output;
        Assert.Contains("0 jobs wait, 0 run", status);
        Assert.Contains("GPU", status);
        Assert.Equal("", Run(0, "list").Output);
        var token = Run(0, "token", "add", "carol", "--scope", "read").Output.Trim();
        Assert.StartsWith("bl-", token);
        var list = Run(0, "token", "list").Output;
        Assert.Contains("carol  read", list);
        Assert.DoesNotContain(token, list);
        Run(0, "token", "revoke", token.Split('-')[1]);
        Assert.DoesNotContain("carol", Run(0, "token", "list").Output);
        Assert.Contains("local: 0 jobs and 0 arrays (0 bytes) removed", Run(0, "prune").Output);
        Assert.Contains("has a policy of its own", Run(2, "prune", "--policy", "x").Errors);
        Assert.Contains("has ended", Run(0, "stop").Output);
        Run(3, "status");
        Assert.Contains("would be removed", Run(0, "prune", "--dry-run", "--older-than", "0").Output);
        Assert.Contains("No endpoint runs here", Run(0, "stop").Output);
    }

    [Theory]
    [InlineData("--allow-other-machines", "start", "--listen", "0.0.0.0:1")]
    [InlineData("--certificate", "start", "--listen", "0.0.0.0:1", "--allow-other-machines")]
    [InlineData("--concurrency must be", "serve", "--concurrency", "0")]
    [InlineData("cannot be read", "serve", "--policy", "nowhere.json")]
    [InlineData("no scopes", "token", "add", "x", "--scope", "root")]
    [InlineData("does not run", "list")]
    [InlineData("no endpoint in", "prune", "--folder", "nowhere")]
    [InlineData("number of days", "prune", "--folder", ".", "--older-than", "-1")]
    public void What_cannot_be_is_said(string says, params string[] arguments) => Assert.Contains(says, Run(2, arguments).Errors);

    public void Dispose()
    {
        // Whatever failed, no service stays behind.
        Child.Run(_folder.Root, Home, ["endpoint", "stop"]);
        _folder.Dispose();
    }

    private Ended Run(int exitCode, params string[] arguments)
    {
        var ended = Child.Run(_folder.Root, Home, ["endpoint", .. arguments]);
        return ended.ExitedWith(exitCode);
    }
}
