using System.Net;
using System.Text;
using System.Text.Json;

namespace Beamline.Endpoint.Tests;

/// <summary>Everything that must be refused, with its status and its line in the audit log.</summary>
public sealed class SecurityTests
{
    private const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public async Task Without_a_good_token_there_is_nothing()
    {
        await using var service = await Service.StartAsync();
        var (expired, record) = service.Running.Parts.Tokens.Add("old", ["admin"], DateTimeOffset.UtcNow.AddSeconds(0.2));
        await Jobs.UntilAsync(() => record.Expires < DateTimeOffset.UtcNow);
        var good = service.OwnToken;
        var (revoked, gone) = service.Running.Parts.Tokens.Add("gone", ["admin"], null);
        Assert.True(service.Running.Parts.Tokens.Revoke(gone.Id));
        (string? Token, string Says)[] bad =
        [
            (null, "has no token"), ("nonsense", "not known"), (good[..^1] + (good[^1] == 'A' ? 'B' : 'A'), "not known"), (expired, "ended at"), (revoked, "not known"),
        ];
        foreach (var (token, says) in bad)
        {
            using var raw = service.Raw(token ?? "");
            var (status, body, headers) = await raw.SendAsync("GET", "v1/info");
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Equal("Bearer", headers.WwwAuthenticate.ToString());
            Refused(service, body, 401, says);
        }

        Assert.DoesNotContain(good[^20..], await File.ReadAllTextAsync(service.Folder.Audit));
        // What is not there is not told to strangers either.
        using var stranger = service.Raw("");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync("GET", "v1/nothing")).Status);
    }

    [Theory]
    [InlineData("read", "POST", "v1/jobs", "submit")]
    [InlineData("read", "PUT", "v1/arrays/" + NoHash, "submit")]
    [InlineData("read", "DELETE", "v1/jobs/00000000000000000000000000000000", "submit")]
    [InlineData("submit", "GET", "v1/jobs", "read")]
    [InlineData("submit", "GET", "v1/info", "read")]
    [InlineData("submit", "GET", "v1/audit", "admin")]
    [InlineData("read", "GET", "v1/tokens", "admin")]
    [InlineData("submit", "POST", "v1/tokens", "admin")]
    public async Task A_scope_that_is_missing_is_named(string has, string method, string path, string needs)
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var raw = service.Raw(service.NewToken("someone", has));
        var (status, body, _) = await raw.SendAsync(method, path, method is "POST" or "PUT" ? new StringContent("{}", null, "application/json") : null);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Refused(service, body, 403, $"needs the scope '{needs}'");
    }

    [Fact]
    public async Task The_job_of_another_user_is_not_there()
    {
        await using var service = await Service.StartAsync();
        var alice = service.Connect(service.NewToken("alice"));
        var id = await service.SendAsync(alice, "say secret\nresult secret");
        await alice.EndAsync(id);
        var hash = (await alice.OutputsAsync(id, default))[0].Arrays[0].Sha256;
        using var mallory = service.Raw(service.NewToken("mallory"));
        foreach (var path in (string[])["", "/events", "/outputs", "/outputs/" + hash])
        {
            var (status, body, _) = await mallory.SendAsync("GET", $"v1/jobs/{id}{path}");
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.DoesNotContain("alice", body);
            var line = service.Audit()[^1];
            Assert.Equal(("mallory", id, 404), (line.User, line.Job, line.Status));
            Assert.Contains("alice", line.Reason);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await mallory.SendAsync("POST", $"v1/jobs/{id}/cancel")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await mallory.SendAsync("DELETE", $"v1/jobs/{id}")).Status);
        Assert.Equal("[]", (await mallory.SendAsync("GET", "v1/jobs")).Body);
        // An unknown job looks the same.
        var unknown = (await mallory.SendAsync("GET", "v1/jobs/" + new string('0', 32))).Body;
        Assert.Equal(unknown.Replace(new string('0', 32), id, StringComparison.Ordinal), (await mallory.SendAsync("GET", $"v1/jobs/{id}")).Body);
        // An administrator may cancel it, and not read it.
        using var admin = service.Raw();
        Assert.Equal(HttpStatusCode.NotFound, (await admin.SendAsync("GET", $"v1/jobs/{id}/events")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("DELETE", $"v1/jobs/{id}")).Status);
    }

    [Theory]
    [InlineData("v1/jobs/..%2f..%2ftoken")]
    [InlineData("v1/jobs/%2e%2e/events")]
    [InlineData("v1/jobs/..%2ftokens.json/outputs")]
    [InlineData("v1/arrays/..%2f..%2ftoken")]
    public async Task Names_that_lead_elsewhere_lead_nowhere(string path)
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var raw = service.Raw();
        var (status, body, _) = await raw.SendAsync(path.Contains("arrays", StringComparison.Ordinal) ? "PUT" : "GET", path, path.Contains("arrays", StringComparison.Ordinal) ? new StringContent("x") : null);
        Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed, status.ToString());
        Assert.DoesNotContain("bl-", body);
        var line = service.Audit()[^1];
        Assert.Equal(("refused", (int)status, Environment.UserName), (line.Outcome, line.Status, line.User));
        Assert.False(string.IsNullOrEmpty(line.Reason));
    }

    [Theory]
    [InlineData("\"id\":\"[0-9a-f]+\"", "\"id\":\"../../../etc/cron.d/x\"", "field 'id'")]
    [InlineData("\"label\":\"cell 1\"", "\"inputs\":[{\"codec\":\"json\",\"name\":\"../../x\",\"type\":\"int\"}],\"label\":\"cell 1\"", "no variable of C#")]
    [InlineData("\"label\":\"cell 1\"", "\"inputs\":[{\"arrays\":[{\"bytes\":1,\"dType\":\"<u1\",\"sha256\":\"../../../token\",\"shape\":[1]}],\"codec\":\"array\",\"name\":\"x\",\"type\":\"byte[]\"}],\"label\":\"cell 1\"", "64 hexadecimal digits")]
    public async Task Names_in_a_job_that_lead_elsewhere_lead_nowhere_although_it_is_signed(string old, string by, string says)
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var raw = service.Raw();
        var good = service.Sign(Jobs.Of("say x"));
        var text = System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(good.Json), old, by.Replace("$", "$$", StringComparison.Ordinal));
        Assert.NotEqual(Encoding.UTF8.GetString(good.Json), text);
        // Beamline itself would not sign it; whoever has the key can.
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(Service.Keys(service.Home), JobSigner.FileName)));
        var json = Encoding.UTF8.GetBytes(text);
        var signed = new SignedJob(json, good.Signature with { Value = Convert.ToBase64String(key.SignData(json, System.Security.Cryptography.HashAlgorithmName.SHA256)) });
        var (status, body, _) = await raw.PostAsync(signed);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Refused(service, body, 400, says);
        Assert.Empty(JobFolder.List(service.Folder.Jobs));
    }

    [Fact]
    public async Task A_result_by_another_name_is_not_served()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var id = await service.SendAsync(connection, "result x");
        await connection.EndAsync(id);
        using var raw = service.Raw();
        foreach (var name in (string[])["..%2f..%2f..%2ftoken", "outputs.json", NoHash, "..%2fjob.json"])
        {
            var (status, body, _) = await raw.SendAsync("GET", $"v1/jobs/{id}/outputs/{name}");
            var expected = name == NoHash ? 404 : 400;
            Assert.Equal(expected, (int)status);
            Refused(service, body, expected, name == NoHash ? "no result with the hash" : "no SHA-256");
            Assert.Equal(id, service.Audit()[^1].Job);
        }
    }

    [Fact]
    public async Task A_result_that_is_a_link_is_refused()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var secret = service.Home.Write("secret", "the secret");
        var id = await service.SendAsync(connection, $"link {secret}");
        await connection.EndAsync(id);
        var hash = (await connection.OutputsAsync(id, default))[0].Arrays[0].Sha256;
        using var raw = service.Raw();
        var (status, body, _) = await raw.SendAsync("GET", $"v1/jobs/{id}/outputs/{hash}");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Refused(service, body, 403, "symbolic link");
        // The folder of results itself, and the events.
        var layout = new JobLayout(Path.Combine(service.Folder.Jobs, id));
        Directory.Move(layout.OutputFolder, layout.OutputFolder + "-away");
        Directory.CreateSymbolicLink(layout.OutputFolder, layout.OutputFolder + "-away");
        await LinkedAsync("outputs");
        await LinkedAsync("outputs/" + hash);
        File.Delete(layout.Events);
        File.CreateSymbolicLink(layout.Events, secret);
        await LinkedAsync("events");

        async Task LinkedAsync(string what)
        {
            (status, body, _) = await raw.SendAsync("GET", $"v1/jobs/{id}/{what}");
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Refused(service, body, 403, "symbolic link");
            Assert.Equal((id, $"GET /v1/jobs/{id}/{what}"), (service.Audit()[^1].Job, service.Audit()[^1].What));
            Assert.DoesNotContain("the secret", body);
        }
    }

    [Fact]
    public async Task A_job_that_was_changed_replayed_or_signed_by_a_stranger_is_refused()
    {
        await using var service = await Service.StartAsync();
        using var raw = service.Raw();
        var job = service.Sign(Jobs.Of("say signed"));
        var changed = job with { Json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(job.Json).Replace("say signed", "say sogned", StringComparison.Ordinal)) };
        await RefuseAsync(403, "changed after it was signed", "Tampered", raw.PostAsync(changed));
        using var stranger = JobSigner.Open(service.Home.File("stranger"));
        await RefuseAsync(403, "does not trust the key", "Untrusted", raw.PostAsync(stranger.Sign(Jobs.Of("say hello"))));
        var old = Jobs.Of("say old") with { Created = DateTimeOffset.UtcNow.AddHours(-3), Expires = DateTimeOffset.UtcNow.AddHours(-1) };
        await RefuseAsync(403, "expired at", "Expired", raw.PostAsync(service.Sign(old)));
        Assert.Equal(HttpStatusCode.Created, (await raw.PostAsync(job)).Status);
        // The same once more is the same job; its nonce in another one is a replay.
        Assert.Equal(HttpStatusCode.OK, (await raw.PostAsync(job)).Status);
        var nonce = JsonDocument.Parse(job.Json).RootElement.GetProperty("nonce").GetString()!;
        await RefuseAsync(409, "sent before", "Replayed", raw.PostAsync(service.Sign(Jobs.Of("say again") with { Nonce = nonce })));
        // Another user's token does not get at it by sending it again.
        using var mallory = service.Raw(service.NewToken("mallory"));
        await RefuseAsync(409, "another job", "mallory", mallory.PostAsync(job));
        // Also after a restart.
        await service.RestartAsync();
        using var later = service.Raw();
        Assert.Equal(HttpStatusCode.OK, (await later.PostAsync(job)).Status);
        await RefuseAsync(409, "sent before", "Replayed", later.PostAsync(service.Sign(Jobs.Of("say again") with { Nonce = nonce })));

        async Task RefuseAsync(int expected, string says, string audit, Task<(HttpStatusCode Status, string Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> answer)
        {
            var (status, body, _) = await answer;
            Assert.Equal(expected, (int)status);
            Assert.Contains(says, JsonSerializer.Deserialize<Problem>(body, JobJson.Options)!.Detail);
            Assert.Contains(audit, service.Audit()[^1].Reason);
        }
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        await using var service = await Service.StartAsync(o => o with { LargestUploadBytes = 1000, LargestJobBytes = 5000 });
        using var raw = service.Raw();
        var large = Jobs.Source(new byte[2000]);
        var (status, body, _) = await raw.SendAsync("PUT", $"v1/arrays/{large.Array.Sha256}", new ByteArrayContent(new byte[2000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Refused(service, body, 413, "this endpoint takes 1000 bytes");
        (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of(new string('x', 6000))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Refused(service, body, 413, "this endpoint takes 5000 bytes");
        (status, body, _) = await raw.SendAsync("POST", "v1/jobs", new ByteArrayContent(new byte[50_000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Refused(service, body, 413, "The request has");
        // Other bytes than the hash says; nothing of them is kept.
        (status, body, _) = await raw.SendAsync("PUT", $"v1/arrays/{NoHash}", new ByteArrayContent([1, 2, 3]));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Refused(service, body, 400, "should have " + NoHash);
        Assert.Empty(Directory.EnumerateFiles(service.Folder.Store, "*", SearchOption.AllDirectories));
        // A body without a length cannot be judged.
        using var stream = new StreamContent(new EndlessStream());
        Assert.Equal(HttpStatusCode.LengthRequired, (await raw.SendAsync("PUT", $"v1/arrays/{NoHash}", stream, r => r.Headers.TransferEncodingChunked = true)).Status);
    }

    [Fact]
    public async Task The_policy_is_kept()
    {
        await using var service = await Service.StartAsync();
        using var raw = service.Raw(service.NewToken("alice"));
        await Refuse("""{ "users": ["bob"] }""", "does not name the user 'alice'", j => j);
        await Refuse("""{ "packages": ["MathNet.*"] }""", "does not allow the package Evil.Package", j => j with { Packages = [new("MathNet.Numerics", "5.0.0", ""), new("Evil.Package", "1.0.0", "")] });
        await Refuse("""{ "longestWalltime": 60 }""", "at most 60 s", j => j with { Resources = new() { Walltime = TimeSpan.FromMinutes(2) } });
        await Refuse("""{ "mode": "registered-only", "sources": [] }""", "Its hash is " + SourceHash.Of(Jobs.Of("say hello")), j => j);
        await Refuse("""{ "memoryBytes": 10 }""", "at most 10", j => j with { Resources = new() { MemoryBytes = 11 } });
        await Refuse("""{ "inputBytes": 10 }""", "takes at most 10", j => j.With(Jobs.Source(new byte[11])));
        await Refuse("""{ "oops": 1 }""", "'oops'", j => j, 500);
        Write($$"""{ "mode": "registered-only", "sources": ["{{SourceHash.Of(Jobs.Of("say hello"))}}"], "jobsPerUser": 1 }""");
        Assert.Equal(HttpStatusCode.Created, (await raw.PostAsync(service.Sign(Jobs.Of("say hello")))).Status);
        // A declaration before it makes it another cell.
        Assert.Equal(HttpStatusCode.Forbidden, (await raw.PostAsync(service.Sign(Jobs.Of("say hello") with { Prelude = [new("cell 0", "int x;", [])] }))).Status);
        await Jobs.UntilAsync(() => service.Running.Parts.Book.All.All(j => j.Status.IsFinal));
        Write("""{ "jobsPerUser": 1 }""");
        Assert.Equal(HttpStatusCode.Created, (await raw.PostAsync(service.Sign(Jobs.Of("sleep 60")))).Status);
        await Refuse("""{ "jobsPerUser": 1 }""", "the most that this endpoint allows", j => j);

        void Write(string text)
        {
            File.WriteAllText(service.Folder.Policy, text);
            // Two versions within one tick of the file system's clock.
            File.SetLastWriteTimeUtc(service.Folder.Policy, DateTime.UtcNow.AddTicks(Random.Shared.Next()));
        }

        async Task Refuse(string policy, string says, Func<JobDescription, JobDescription> change, int expected = 403)
        {
            Write(policy);
            var (status, body, _) = await raw.PostAsync(service.Sign(change(Jobs.Of("say hello"))));
            Assert.Equal(expected, (int)status);
            Refused(service, body, expected, says);
        }
    }

    [Fact]
    public async Task Other_versions_are_refused_with_the_command_that_mends_it()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var raw = service.Raw();
        var (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of("say x") with { Framework = "net9.0" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Refused(service, body, 422, "dotnet tool update -g Beamline.Tool");
        (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of("say x") with { Beamline = "0.0.1" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Refused(service, body, 422, $"--version {BeamlineProgram.Version}");
        (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of("say x") with { Resources = new() { Nodes = 2 } }));
        Refused(service, body, 422, "one machine");
        (status, body, _) = await raw.PostAsync(service.Sign(Jobs.Of("say x") with { Resources = new() { After = [JobNames.NewId()] } }));
        Refused(service, body, 422, "no such job of yours");
    }

    [Fact]
    public async Task Requests_that_come_too_fast_are_put_off()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0, RequestsPerSecond = 1, RequestBurst = 5, StrangersPerSecond = 3 });
        using var raw = service.Raw(service.NewToken("alice"));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add((await raw.SendAsync("GET", "v1/info")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, answers[0]);
        var (status, body, headers) = await raw.SendAsync("GET", "v1/info");
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.True(headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Refused(service, body, 429, "Too many requests");
        // Another token is not slowed down by it, and the client waits as it is told.
        Assert.Equal("local", (await service.Connect().InfoAsync(default)).Name);
        using var stranger = service.Raw("bl-00000000-guess");
        var guesses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            guesses.Add((await stranger.SendAsync("GET", "v1/info")).Status);
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], guesses.Distinct());
    }

    [Fact, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Files_are_for_their_user_alone()
    {
        await using var service = await Service.StartAsync();
        var connection = service.Connect();
        var source = Jobs.Source([1, 2, 3]);
        var job = Jobs.Of("say x\nresult y").With(source);
        await connection.SubmitAsync(service.Sign(job), new Dictionary<string, IArraySource> { [source.Array.Sha256] = source }, null, default);
        await connection.EndAsync(job.Id);
        using var raw = service.Raw();
        await raw.SendAsync("GET", "v1/nothing");
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(service.Folder.Socket()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(service.Folder.Socket())!));
        string[] secret = [service.Folder.Tokens, service.Folder.OwnToken, service.Folder.Audit, service.Folder.Trust, service.Folder.Running, new JobLayout(Path.Combine(service.Folder.Jobs, job.Id)).Job];
        Assert.All(secret, path => Assert.True(File.Exists(path)));
        // All there is, but for the store's arrays no file is made otherwise; what the double of the worker leaves comes from its own mask.
        var all = Directory.EnumerateFiles(service.Folder.Path, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Service.Keys(service.Home))).Where(p => p != service.Folder.Socket());
        Assert.All(all, path => Assert.True(File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{path}: {File.GetUnixFileMode(path)}"));
        var folders = Directory.EnumerateDirectories(service.Folder.Path, "*", SearchOption.AllDirectories).Prepend(service.Folder.Path);
        Assert.All(folders, path => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & Others));
        // Only hashes of tokens are kept.
        Assert.DoesNotContain(service.OwnToken[^30..], await File.ReadAllTextAsync(service.Folder.Tokens));
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_ended_by_administrators()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var admin = service.Raw();
        var (status, body, _) = await admin.PostAsync("v1/tokens", new TokenWish("carol", ["read"]));
        Assert.Equal(HttpStatusCode.Created, status);
        var made = JsonSerializer.Deserialize<NewToken>(body, JobJson.Options)!;
        using var carol = service.Raw(made.Token);
        Assert.Equal(HttpStatusCode.OK, (await carol.SendAsync("GET", "v1/jobs")).Status);
        var list = (await admin.SendAsync("GET", "v1/tokens")).Body;
        Assert.Contains("carol", list);
        Assert.DoesNotContain("hash", list, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync("DELETE", $"v1/tokens/{made.Line.Id}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await carol.SendAsync("GET", "v1/jobs")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.SendAsync("DELETE", $"v1/tokens/{made.Line.Id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("v1/tokens", new TokenWish("carol", ["root"]))).Status);
        var lines = (await admin.SendAsync("GET", "v1/audit?last=5")).Body;
        Assert.Contains("for carol: read", lines);
        Assert.DoesNotContain(made.Token, await File.ReadAllTextAsync(service.Folder.Audit));
    }

    private static void Refused(Service service, string body, int status, string says)
    {
        var problem = JsonSerializer.Deserialize<Problem>(body, JobJson.Options)!;
        Assert.Equal(status, problem.Status);
        Assert.Contains(says, problem.Detail);
        var line = service.Audit()[^1];
        Assert.Equal(("refused", status), (line.Outcome, line.Status));
        Assert.Contains(says, line.Reason);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public EndlessStream()
            : base([1, 2, 3])
        {
        }
    }
}
