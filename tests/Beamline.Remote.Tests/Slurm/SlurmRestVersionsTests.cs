using System.Net.Sockets;
using System.Text;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>Which version of slurmrestd's interface is spoken. The daemon is a double: the one of the tests' cluster knows v0.0.38 and older only.</summary>
public sealed class SlurmRestVersionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v0.0.36 v0.0.37 v0.0.38", null, "v0.0.38")]
    [InlineData("v0.0.38 v0.0.39", null, "v0.0.39")]
    [InlineData("v0.0.40 v0.0.41 v0.0.42", null, "v0.0.42")]
    [InlineData("v0.0.42 v0.0.43 v0.0.44", null, "v0.0.43")]
    [InlineData("v0.0.40 v0.0.41 v0.0.42", "v0.0.41", "v0.0.41")]
    public async Task The_newest_that_both_know_is_spoken_or_the_one_that_the_file_names(string there, string? wanted, string spoken)
    {
        await using var daemon = new Daemon(_folder.File("sock"), there);
        await using var control = daemon.Control(wanted);
        Assert.Equal("gpu", Assert.Single(await control.PartitionsAsync(default)).Name);
        Assert.Equal([("n1", "gpu:a100:4", "gpu debug")], (await control.NodesAsync(default)).Select(n => (n.Name, n.Gres, string.Join(' ', n.Partitions))));
        // Asked once which there are.
        Assert.Equal(["/openapi/v3", $"/slurm/{spoken}/partitions", $"/slurm/{spoken}/nodes"], daemon.Paths);
    }

    [Theory]
    [InlineData("v0.0.36 v0.0.37", null, "speaks v0.0.36, v0.0.37, and Beamline knows v0.0.43, v0.0.42, v0.0.41, v0.0.40, v0.0.39, v0.0.38. Use via cli or ssh.")]
    [InlineData("v0.0.50", null, "speaks v0.0.50, and Beamline knows")]
    [InlineData("", null, "speaks no version of Slurm's interface")]
    [InlineData("v0.0.38 v0.0.44", "v0.0.44", "the field via.version asks for v0.0.44, and Beamline knows")]
    [InlineData("v0.0.38", "v0.0.40", "speaks v0.0.38, the field via.version asks for v0.0.40")]
    public async Task Another_one_is_refused_with_what_both_know(string there, string? wanted, string says)
    {
        await using var daemon = new Daemon(_folder.File("sock"), there);
        await using var control = daemon.Control(wanted);
        var error = await Assert.ThrowsAsync<EndpointException>(() => control.PartitionsAsync(default));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsUnreachable);
        Assert.Equal(["/openapi/v3"], daemon.Paths);
    }

    /// <summary>Answers as slurmrestd does, on a unix socket, one request a connection.</summary>
    private sealed class Daemon : IAsyncDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly string _path;
        private readonly string _versions;
        private readonly Task _loop;

        public Daemon(string path, string versions)
        {
            (_path, _versions) = (path, versions);
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _socket.Listen();
            _loop = Task.Run(LoopAsync);
        }

        public List<string> Paths { get; } = [];

        public RestControl Control(string? version) => new(new SlurmVia { Kind = SlurmViaKind.Rest, Socket = _path, User = "me", Version = version });

        public async ValueTask DisposeAsync()
        {
            _socket.Dispose();
            await _loop;
        }

        private async Task LoopAsync()
        {
            try
            {
                while (true)
                {
                    using var line = await _socket.AcceptAsync();
                    await using var stream = new NetworkStream(line);
                    using var reader = new StreamReader(stream);
                    var path = (await reader.ReadLineAsync())!.Split(' ')[1];
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    Paths.Add(path);
                    var body = Encoding.UTF8.GetBytes(Answer(path));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
                    await stream.WriteAsync(body);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private string Answer(string path) => path == "/openapi/v3"
            ? "{\"paths\":{\"/openapi\":{}" + string.Concat(_versions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => $",\"/slurm/{v}/jobs\":{{}},\"/slurmdb/{v}x/jobs\":{{}}")) + "}}"
            : path.EndsWith("/nodes", StringComparison.Ordinal)
                ? """{"nodes":[{"name":"n1","gres":"gpu:a100:4","partitions":["gpu","debug"]}],"errors":[]}"""
                : """{"partitions":[{"name":"gpu","state":"UP","partition":{"state":["UP"]},"total_nodes":1,"nodes":{"total":1}}],"errors":[]}""";
    }
}
