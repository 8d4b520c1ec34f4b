using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Beamline.Remote.Tests;

/// <summary>What the schema lets pass, and an editor with it, the reader takes, and the other way round. An independent validator says what the schema lets pass.</summary>
public sealed class EndpointSchemaTests
{
    private const string Slurm = """ "kind": "slurm", "workFolder": "/w" """;
    private const string Http = """ "kind": "http", "url": "https://a.example.org:8443" """;

    private static readonly string[] Good =
    [
        """ "kind": "local" """,
        """ "kind": "local", "$schema": "x", "description": "mine", "walltime": "08:00:00", "askAbove": "1.5 GiB" """,
        Http,
        """ "kind": "http", "url": "http://127.0.0.1:8765", "tokenFile": "~/t", "certificateFile": "c.pem" """,
        """ "kind": "http", "url": "http://localhost", "tokenVariable": "TOKEN_2" """,
        """ "kind": "http", "url": "http://[::1]:80/" """,
        """ "kind": "http", "url": "unix:/run/me/sock" """,
        Slurm,
        Slurm + """, "via": {} """,
        Slurm + """, "via": { "kind": "cli", "conf": "/etc/slurm.conf" } """,
        Slurm + """, "via": { "kind": "ssh", "host": "login-1.example.org", "user": "me", "port": 22, "config": "c", "program": "/usr/bin/ssh", "conf": "/c" }, "beamlineCommand": ["dotnet", "/b.dll"] """,
        Slurm + """, "via": { "kind": "rest", "socket": "/run/s" } """,
        Slurm + """, "via": { "kind": "rest", "url": "http://head:6820", "token": "SLURM_JWT", "version": "v0.0.38", "user": "me" } """,
        Slurm + """, "partition": "cpu,gpu", "account": "p-1", "qos": "high", "extra": ["--constraint=a100"], "prologue": ["module load dotnet/10"] """,
        Slurm + """, "mpi": "mpirun", "mpiOptions": ["--x"], "notice": 0, "arrayTasks": 1, "grace": 600, "trust": "/t", "policy": "/p" """,
        Slurm + """, "nodes": 0, "tasks": 2, "cpusPerTask": 3, "gpus": 4, "memory": "64G", "walltime": "1-00:00:00" """,
    ];

    private static readonly string[] Bad =
    [
        "",
        """ "kind": "ssh" """,
        """ "kind": 1 """,
        """ "kind": "local", "url": "https://a" """,
        """ "kind": "local", "walltime": "10" """,
        """ "kind": "local", "walltime": "00:00:00" """,
        """ "kind": "local", "walltime": "00:60:00" """,
        """ "kind": "local", "askAbove": "64" """,
        """ "kind": "local", "askAbove": "0 GiB" """,
        """ "kind": "local", "askAbove": 64 """,
        """ "kind": "local", "description": " " """,
        """ "kind": "local", "description": "a\nb" """,
        """ "kind": "local", "colour": "red" """,
        """ "kind": "local", "workFolder": "/w" """,
        """ "kind": "http" """,
        """ "kind": "http", "url": "ftp://a" """,
        """ "kind": "http", "url": "http://a.example.org" """,
        """ "kind": "http", "url": "https://a/path" """,
        """ "kind": "http", "url": "https://me:secret@a" """,
        """ "kind": "http", "url": "unix:relative" """,
        Http + """, "token": "abc" """,
        Http + """, "tokenFile": "t", "tokenVariable": "T" """,
        Http + """, "tokenVariable": "2T" """,
        Http + """, "partition": "gpu" """,
        """ "kind": "slurm" """,
        """ "kind": "slurm", "workFolder": "~/beamline" """,
        """ "kind": "slurm", "workFolder": "beamline" """,
        """ "kind": "slurm", "workFolder": "" """,
        Slurm + """, "tokenFile": "t" """,
        Slurm + """, "via": "ssh" """,
        Slurm + """, "via": { "kind": "telnet" } """,
        Slurm + """, "via": { "kind": "ssh", "host": "login" } """,
        Slurm + """, "via": { "kind": "ssh" }, "beamlineCommand": ["b"] """,
        Slurm + """, "via": { "kind": "ssh", "host": "-oProxyCommand=x" }, "beamlineCommand": ["b"] """,
        Slurm + """, "via": { "kind": "ssh", "host": "login", "port": 70000 }, "beamlineCommand": ["b"] """,
        Slurm + """, "via": { "kind": "ssh", "host": "login", "password": "x" }, "beamlineCommand": ["b"] """,
        Slurm + """, "via": { "kind": "rest" } """,
        Slurm + """, "via": { "kind": "rest", "url": "http://head:6820" } """,
        Slurm + """, "via": { "kind": "rest", "url": "head:6820", "token": "SLURM_JWT" } """,
        Slurm + """, "via": { "kind": "rest", "url": "http://head:6820", "socket": "/s", "token": "SLURM_JWT" } """,
        Slurm + """, "via": { "kind": "rest", "url": "http://head:6820", "token": "eyJhbGciOiJIUzI1NiJ9.e30.x" } """,
        Slurm + """, "via": { "kind": "rest", "socket": "/s", "version": "38" } """,
        Slurm + """, "via": { "kind": "rest", "socket": "/s", "version": 38 } """,
        Slurm + """, "beamlineCommand": [] """,
        Slurm + """, "beamlineCommand": "dotnet b.dll" """,
        Slurm + """, "prologue": ["a\nb"] """,
        Slurm + """, "prologue": [""] """,
        Slurm + """, "extra": "--a" """,
        Slurm + """, "mpi": "mpiexec" """,
        Slurm + """, "notice": 3601 """,
        Slurm + """, "notice": -1 """,
        Slurm + """, "arrayTasks": 0 """,
        Slurm + """, "grace": 601 """,
        Slurm + """, "partition": "a b" """,
        Slurm + """, "qos": "-x" """,
        Slurm + """, "nodes": 1.5 """,
        Slurm + """, "nodes": "1" """,
        Slurm + """, "memory": "GiB" """,
    ];

    [Fact]
    public async Task The_schema_and_the_reader_agree()
    {
        string[] all = [.. Good.Concat(Bad).Select(f => "{" + f + "}")];
        var schema = await ValidAsync(all);
        for (var i = 0; i < all.Length; i++)
        {
            var problem = Record.Exception(() => EndpointFileReader.Parse("/a/x.json", Encoding.UTF8.GetBytes(all[i])));
            Assert.True(problem is null or EndpointException, $"{all[i]}: {problem}");
            Assert.True((i < Good.Length, i < Good.Length) == (problem is null, schema[i]), $"{all[i]}: the reader says {problem?.Message ?? "good"}, the schema {(schema[i] ? "good" : "bad")}");
        }
    }

    [Fact]
    public void A_token_in_the_place_of_its_variable_is_not_repeated()
    {
        var error = Assert.Throws<EndpointException>(() => EndpointFileReader.Parse(
            "/a/x.json", Encoding.UTF8.GetBytes("{" + Slurm + ",\n \"via\": { \"kind\": \"rest\", \"url\": \"http://head:6820\", \"token\": \"eyJhbGciOiJIUzI1NiJ9.e30.x\" } }")));
        Assert.Equal("x.json, line 2: The field via.token must be the name of an environment variable, for instance \"SLURM_JWT\": the secret itself does not belong in this file.", error.Message);
    }

    private static async Task<bool[]> ValidAsync(string[] files)
    {
        const string Program = """
            import json, sys, jsonschema
            schema, files = json.load(sys.stdin)
            jsonschema.Draft202012Validator.check_schema(schema)
            print(json.dumps([jsonschema.Draft202012Validator(schema).is_valid(json.loads(f)) for f in files]))
            """;
        var start = new ProcessStartInfo("python3", ["-c", Program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var python = Process.Start(start)!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.StandardInput.WriteAsync($"[{await File.ReadAllTextAsync(SchemaPath())}, {JsonSerializer.Serialize(files)}]");
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<bool[]>(await output)!;
    }

    private static string SchemaPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "kernels-config", "endpoints", "endpoint.schema.json");
    }
}
