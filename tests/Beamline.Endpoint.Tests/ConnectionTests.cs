using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beamline.Endpoint.Tests;

/// <summary>The sender's side: what it sends, and what it does when the line breaks.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_is_sent_once(bool isSocket)
    {
        await using var service = await Service.StartAsync(o => isSocket ? o : o with { Listen = new ListenAddress(IPAddress.Loopback, 0, null) });
        var connection = service.Connect();
        Assert.Equal(isSocket, (await connection.InfoAsync(default)).SharedStore is not null);
        var source = Jobs.Source(RandomNumberGenerator.GetBytes(300_000));
        var sources = new Dictionary<string, IArraySource> { [source.Array.Sha256] = source };
        var counted = new Counted();
        for (var i = 0; i < 2; i++)
        {
            var job = Jobs.Of("say x").With(source);
            await connection.SubmitAsync(service.Sign(job), sources, counted, default);
            Assert.Equal(JobState.Succeeded, (await connection.EndAsync(job.Id)).State);
        }

        Assert.Equal(1, source.Written);
        Assert.Equal((300_000L, 300_000L), counted.Last);
        Assert.True(service.Running.Parts.Store.Has(source.Array.Sha256));
    }

    [Fact]
    public async Task A_value_that_changes_meanwhile_is_not_stored()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        var source = new Liar();
        var error = await Assert.ThrowsAsync<EndpointException>(() => service.Connect().SubmitAsync(
            service.Sign(Jobs.Of("say x").With(source)), new Dictionary<string, IArraySource> { [source.Array.Sha256] = source }, null, default));
        Assert.Contains("changed", error.Message);
    }

    [Fact]
    public async Task TLS_keeps_tokens_from_the_network()
    {
        using var files = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (pem, keyPem) = (files.Write("cert.pem", certificate.ExportCertificatePem()), files.Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
        var listen = ListenAddress.Parse("127.0.0.1:0", false, pem, keyPem);
        await using var service = await Service.StartAsync(o => o with { Listen = listen, Spares = 0 });
        Assert.StartsWith("https://127.0.0.1:", service.Running.Address.Text);
        await using var trusting = new HttpEndpointConnection("tls", new HttpEndpointOptions(service.Running.Address, service.OwnToken) { CertificateFile = pem });
        Assert.Equal("local", (await trusting.InfoAsync(default)).Name);
        await using var wary = new HttpEndpointConnection("tls", new HttpEndpointOptions(service.Running.Address, service.OwnToken) { RetryFirst = TimeSpan.Zero });
        Assert.True((await Assert.ThrowsAsync<EndpointException>(() => wary.InfoAsync(default))).IsUnreachable);
    }

    [Theory]
    [InlineData("0.0.0.0:8000", false, "--allow-other-machines")]
    [InlineData("0.0.0.0:8000", true, "--certificate")]
    [InlineData("[::]:8000", false, "--allow-other-machines")]
    [InlineData("nowhere", false, "no address to listen on")]
    [InlineData("99999", false, "no address to listen on")]
    public void An_open_door_needs_to_be_asked_for(string listen, bool allowsOthers, string says) =>
        Assert.Contains(says, Assert.Throws<EndpointException>(() => ListenAddress.Parse(listen, allowsOthers, null, null)).Message);

    [Theory]
    [InlineData("http://example.org:80", "would send your token over the network")]
    [InlineData("unix:relative", "full path")]
    [InlineData("ftp://x", "no address")]
    [InlineData("https://x/path", "no address")]
    public void An_address_that_cannot_be_used_is_refused(string text, string says) =>
        Assert.Contains(says, Assert.Throws<EndpointException>(() => EndpointAddress.Parse(text)).Message);

    [Fact]
    public async Task A_line_that_is_cut_for_seconds_costs_time_and_nothing_else()
    {
        await using var service = await Service.StartAsync(o => o with { Listen = new ListenAddress(IPAddress.Loopback, 0, null) });
        using var line = new BreakableLine(service.Running.Address.Root.Port);
        var connection = service.Connect(address: EndpointAddress.Parse($"http://127.0.0.1:{line.Port}"));
        var log = service.Home.File("log");
        var id = await service.SendAsync(connection, $"note {log}\nsleep 1.5\nsay after\nresult size 3000000");
        await connection.RunsAsync(id);
        var watching = connection.AllEventsAsync(id);
        line.Cut();
        var second = service.SendAsync(connection, $"note {log}");
        await Task.Delay(2000);
        Assert.False(second.IsCompleted);
        line.Mend();
        Assert.Equal("after\n", Assert.Single(await watching).Text);
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(await second)).State);
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);

        // A download that breaks in the middle goes on where it was.
        var array = (await connection.OutputsAsync(id, default))[0].Arrays[0];
        Assert.Null(array.Path);
        line.BreakAfter(1_000_000);
        var path = await connection.FetchAsync(id, array, service.Home.File("fetched"), default);
        Assert.Equal(3_000_000 / 256 * 256, new FileInfo(path).Length);
        Assert.Equal(1, line.Broken);
        Assert.InRange(line.BytesToSender, 3_000_000, 5_000_000);

        // An upload too.
        var source = Jobs.Source(RandomNumberGenerator.GetBytes(3_000_000));
        line.BreakAfter(1_000_000, isUpload: true);
        var job = Jobs.Of("say x").With(source);
        await connection.SubmitAsync(service.Sign(job), new Dictionary<string, IArraySource> { [source.Array.Sha256] = source }, null, default);
        Assert.Equal(2, line.Broken);
        Assert.Equal(JobState.Succeeded, (await connection.EndAsync(job.Id)).State);
    }

    [Fact]
    public async Task A_long_upload_is_begun_again_and_one_that_never_gets_further_is_given_up()
    {
        await using var service = await Service.StartAsync(o => o with { Listen = new ListenAddress(IPAddress.Loopback, 0, null), Spares = 0 });
        using var line = new BreakableLine(service.Running.Address.Root.Port);
        await using var connection = new HttpEndpointConnection("slow", new HttpEndpointOptions(EndpointAddress.Parse($"http://127.0.0.1:{line.Port}"), service.OwnToken) { RetryFor = TimeSpan.FromSeconds(1) });
        await connection.InfoAsync(default);

        // Longer than a broken line may last, and broken at its end.
        var slow = new Slow(new byte[3 << 20], pieces: 30, TimeSpan.FromMilliseconds(60));
        line.BreakAfter(5 << 19, isUpload: true);
        var job = Jobs.Of("say x").With(slow);
        await connection.SubmitAsync(service.Sign(job), new Dictionary<string, IArraySource> { [slow.Array.Sha256] = slow }, null, default);
        Assert.Equal((1, 2), (line.Broken, slow.Written));

        // It breaks at the same place each time.
        var never = new Slow(RandomNumberGenerator.GetBytes(3 << 20), pieces: 3, TimeSpan.FromMilliseconds(100)) { Begins = () => line.BreakAfter(1 << 20, isUpload: true) };
        var error = await Assert.ThrowsAsync<EndpointException>(() => connection.SubmitAsync(
            service.Sign(Jobs.Of("say x").With(never)), new Dictionary<string, IArraySource> { [never.Array.Sha256] = never }, null, default));
        Assert.True(error.IsUnreachable);
        Assert.InRange(never.Written, 2, 100);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_said_soon()
    {
        var options = new HttpEndpointOptions(EndpointAddress.Parse("unix:/nowhere/sock"), "x") { RetryFirst = TimeSpan.FromSeconds(0.1) };
        await using var connection = new HttpEndpointConnection("nowhere", options);
        var error = await Assert.ThrowsAsync<EndpointException>(() => connection.InfoAsync(default));
        Assert.True(error.IsUnreachable);
        Assert.Contains("unix:/nowhere/sock", error.Message);
    }

    [Fact]
    public async Task A_service_that_is_gone_is_started_again_once()
    {
        var asked = new List<bool>();
        var options = new HttpEndpointOptions(EndpointAddress.Parse("unix:/nowhere/sock"), "x")
        {
            RetryFirst = TimeSpan.FromSeconds(0.2),
            Revive = (isSending, _) =>
            {
                asked.Add(isSending);
                return Task.CompletedTask;
            },
        };
        await using var connection = new HttpEndpointConnection("nowhere", options);
        await Assert.ThrowsAsync<EndpointException>(() => connection.ListAsync(default));
        Assert.Equal([false], asked);
        await Assert.ThrowsAsync<EndpointException>(() => connection.SubmitAsync(
            new SignedJob([1], new JobSignature("", "", "")), Jobs.NoArrays, null, default));
        Assert.Equal([false, true], asked);
    }

    private sealed class Counted : IProgress<(long Sent, long All)>
    {
        public (long Sent, long All) Last { get; private set; }

        public void Report((long Sent, long All) value) => Last = value;
    }

    /// <summary>A file that comes slowly, in pieces.</summary>
    private sealed class Slow(byte[] bytes, int pieces, TimeSpan pause) : IArraySource
    {
        public int Written { get; private set; }

        public Action? Begins { get; init; }

        public JobArray Array { get; } = Jobs.Source(bytes).Array;

        public void WriteTo(Stream stream)
        {
            Written++;
            Begins?.Invoke();
            foreach (var piece in bytes.Chunk(bytes.Length / pieces))
            {
                stream.Write(piece);
                stream.Flush();
                Thread.Sleep(pause);
            }
        }
    }

    private sealed class Liar : IArraySource
    {
        public JobArray Array { get; } = Jobs.Source([1, 2, 3]).Array;

        public void WriteTo(Stream stream) => stream.Write([1, 2, 4]);
    }
}
