using System.Text.Json.Nodes;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

public sealed class SlurmSettingsTests
{
    [Fact]
    public void All_fields_are_read()
    {
        var settings = Parse("""
            { "kind": "slurm", "workFolder": "/scratch/me/", "partition": "gpu", "account": "a1", "qos": "high", "extra": ["--constraint=a100"],
              "via": { "kind": "ssh", "host": "login.example.org", "user": "me", "port": 2222 },
              "beamlineCommand": ["dotnet", "/shared/beamline.dll"], "prologue": ["module load dotnet/10"], "mpi": "mpirun", "mpiOptions": ["--bind-to", "core"],
              "notice": 120, "arrayTasks": 50, "trust": "/etc/keys.json", "policy": "/etc/policy.json", "grace": 2.5, "keepDays": 7, "keepSize": "2 GiB" }
            """);
        Assert.Equal(("/scratch/me", "gpu", "a1", "high", SlurmMpi.Mpirun), (settings.WorkFolder, settings.Partition, settings.Account, settings.Qos, settings.Mpi));
        Assert.Equal((SlurmViaKind.Ssh, "login.example.org", "me", 2222), (settings.Via.Kind, settings.Via.Host, settings.Via.User, settings.Via.Port));
        Assert.Equal((120, 50, 2.5), (settings.Notice.TotalSeconds, settings.ArrayTasks, settings.Grace.TotalSeconds));
        Assert.Equal(new KeepRules(TimeSpan.FromDays(7), 2L << 30), settings.Keep);
        Assert.Equal(new KeepRules(TimeSpan.FromDays(30), 100L << 30), Parse("""{ "workFolder": "/w" }""").Keep);
        Assert.Null(Parse("""{ "workFolder": "/w", "keepDays": 0 }""").Keep.Age);
        Assert.Equal(SlurmViaKind.Cli, Parse("""{ "workFolder": "/w" }""").Via.Kind);
        Assert.Equal(7, SlurmSettings.Parse(new JsonObject { ["workFolder"] = "/w", ["arrayTasks"] = 7 }).ArrayTasks);
    }

    [Theory]
    [InlineData("{}", "field workFolder is missing")]
    [InlineData("""{ "workFolder": "jobs" }""", "field workFolder is \"jobs\": a whole path")]
    [InlineData("""{ "workFolder": 3 }""", "field workFolder is no text")]
    [InlineData("""{ "workFolder": "/w\n#SBATCH" }""", "field workFolder has a line break")]
    [InlineData("""{ "workFolder": "/w", "partiton": "x" }""", "no field partiton. Did you mean partition?")]
    [InlineData("""{ "workFolder": "/w", "partition": "a b" }""", "field partition is \"a b\"")]
    [InlineData("""{ "workFolder": "/w", "mpi": "mpiexec" }""", "there are srun, mpirun")]
    [InlineData("""{ "workFolder": "/w", "arrayTasks": 0 }""", "field arrayTasks is 0")]
    [InlineData("""{ "workFolder": "/w", "keepDays": -1 }""", "field keepDays is -1")]
    [InlineData("""{ "workFolder": "/w", "keepSize": "much" }""", "field keepSize is \"much\"")]
    [InlineData("""{ "workFolder": "/w", "prologue": "module load x" }""", "field prologue is no list")]
    [InlineData("""{ "workFolder": "/w", "prologue": ["a\nb"] }""", "field prologue has a line break")]
    [InlineData("""{ "workFolder": "/w", "extra": ["--output=x"] }""", "the field extra")]
    [InlineData("""{ "workFolder": "/w", "beamlineCommand": [] }""", "field beamlineCommand is empty")]
    [InlineData("""{ "workFolder": "/w", "via": "ssh" }""", "field via is no object")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "shh" } }""", "field via.kind is \"shh\"; there are cli, ssh, rest. Did you mean ssh?")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "ssh" }, "beamlineCommand": ["b"] }""", "field via.host is missing")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "ssh", "host": "-oProxyCommand=x" } }""", "field via.host is")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "ssh", "host": "login" } }""", "field beamlineCommand is missing")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "rest" } }""", "field via.url is missing")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "rest", "url": "http://h:1" } }""", "field via.token is missing")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "rest", "url": "head:6820", "token": "T" } }""", "field via.url is")]
    [InlineData("""{ "workFolder": "/w", "via": { "kind": "rest", "socket": "/s", "url": "http://h:1" } }""", "both there")]
    public void A_wrong_field_is_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<EndpointException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_example_is_right()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Interactive.sln")))
        {
            folder = folder.Parent;
        }

        var settings = Parse(File.ReadAllText(Path.Combine(folder.FullName, "kernels-config", "endpoints", "slurm.json")));
        Assert.Equal(SlurmViaKind.Ssh, settings.Via.Kind);
    }

    private static SlurmSettings Parse(string json) => SlurmSettings.Parse((JsonObject)JsonNode.Parse(json)!);
}
