using Beamline.Remote;

namespace Beamline.Tests;

/// <summary>A sender with an endpoint in memory and a folder of its own.</summary>
internal sealed class Sender : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Sender()
    {
        PrivateFile.CreateFolder(Path.Combine(_folder.Path, "endpoints"));
        File.WriteAllText(Path.Combine(_folder.Path, "endpoints", "fake.json"), """{ "kind": "http", "url": "https://fake.example.org:1" }""");
        File.WriteAllText(Path.Combine(_folder.Path, "endpoints", "other.json"), """{ "kind": "http", "url": "https://other.example.org:1" }""");
        Client = New();
    }

    public string Folder => _folder.Path;

    public FakeEndpoint Endpoint { get; } = new();

    public FakeCodec Codec { get; } = new();

    /// <summary>The clock of the next client.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public RemoteClient Client { get; private set; }

    /// <summary>A kernel that starts after another one was killed.</summary>
    public RemoteClient New() => Client = new RemoteClient(
        new EndpointCatalog(Path.Combine(_folder.Path, "endpoints"), _folder.Path), new JobRegistry(Path.Combine(_folder.Path, "jobs")), Codec, _ => Endpoint) { Clock = Clock };

    public Task<JobRecord> SendAsync(CapturedCell cell, RemoteOptions? options = null, Func<string, string?>? ask = null) =>
        new JobSender(Client).SendAsync(cell, new SendRequest("fake", options ?? new RemoteOptions()) { Ask = ask }, CancellationToken.None);

    public static CapturedCell Cell(params (string Name, object? Value)[] inputs) => new()
    {
        Label = "cell 1",
        Source = "var y = 1;",
        Inputs = [.. inputs.Select(i => new CapturedInput(i.Name, i.Value?.GetType().Name ?? "object", i.Value?.GetType() ?? typeof(object), i.Value))],
    };

    public static CapturedCell MapCell(params int[] items) => Cell(("items", items)) with
    {
        Map = new JobMap("item", "int", "int", items.Length, "F") { Items = "items" },
    };

    public void Dispose() => _folder.Dispose();
}
