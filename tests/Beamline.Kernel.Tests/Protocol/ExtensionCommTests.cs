using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>Comms of extensions: what a library's own target hears and says.</summary>
public sealed class ExtensionCommTests : IDisposable
{
    private readonly EchoExtension _echo = new();
    private readonly WireKernel _kernel;

    public ExtensionCommTests() => _kernel = new WireKernel(extensions: _echo);

    private WireClient Client => _kernel.Client;

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void A_target_of_an_extension_carries_json_and_bytes_both_ways()
    {
        Assert.True(_echo.Target.IsListening);
        Assert.Empty(Client.UntilIdle(Send("comm_open", "e1", new JsonObject { ["id"] = "a" })));
        byte[] bytes = [1, 0, 255];
        var answer = Assert.Single(Client.UntilIdle(Send("comm_msg", "e1", new JsonObject { ["n"] = 3 }, bytes)));
        Assert.Equal(("comm_msg", "e1", "a3", "1"), (answer.Type, answer["comm_id"], (string?)answer.Content["data"]!["said"], answer.Metadata["v"]!.ToString()));
        Assert.Equal([bytes], answer.Buffers);
    }

    [Fact]
    public void A_handler_that_throws_is_reported_and_the_next_message_is_heard()
    {
        Client.UntilIdle(Send("comm_open", "e1", new JsonObject { ["id"] = "a" }));
        Assert.Contains(Client.UntilIdle(Send("comm_msg", "e1", new JsonObject { ["n"] = -1 })), m => m.Type == "error");
        Assert.Equal("comm_msg", Assert.Single(Client.UntilIdle(Send("comm_msg", "e1", new JsonObject { ["n"] = 1 }))).Type);
    }

    [Fact]
    public void A_closed_comm_tells_its_target_and_cannot_send()
    {
        Client.UntilIdle(Send("comm_open", "e1", new JsonObject { ["id"] = "a" }));
        Client.UntilIdle(Send("comm_close", "e1", new JsonObject { ["why"] = "gone" }));
        Assert.Equal("gone", _echo.Target.ClosedWith);
        Assert.Throws<InvalidOperationException>(() => _echo.Target.Last!.Send(CommMessage.Of([])));
        _echo.Target.Last!.Close();
    }

    [Fact]
    public void Extensions_that_are_loaded_later_have_targets_too()
    {
        var late = new EchoExtension("late");
        _kernel.Kernel.Notebook.Extensions.Load(new Renamed(late));
        Client.UntilIdle(Send("comm_open", "l1", new JsonObject { ["id"] = "b" }, target: "late"));
        Assert.Equal("b2", (string?)Assert.Single(Client.UntilIdle(Send("comm_msg", "l1", new JsonObject { ["n"] = 2 }))).Content["data"]!["said"]);
    }

    private string Send(string type, string id, JsonObject data, byte[]? bytes = null, string target = "echo") => Client.Send(
        Client.Shell, type, new JsonObject { ["comm_id"] = id, ["target_name"] = target, ["data"] = data }, null, null, bytes is null ? [] : [bytes]);

    private sealed class EchoExtension(string name = "echo") : INotebookExtension
    {
        public EchoTarget Target { get; } = new(name);

        public string Name => name;

        public void Register(IExtensionRegistry registry) => registry.AddCommTarget(Target);
    }

    private sealed class Renamed(INotebookExtension inner) : INotebookExtension
    {
        public string Name => inner.Name;

        public void Register(IExtensionRegistry registry) => inner.Register(registry);
    }

    private sealed class EchoTarget(string name) : ICommTarget
    {
        public string Name => name;

        public bool IsListening { get; private set; }

        public INotebookComm? Last { get; private set; }

        public string? ClosedWith { get; private set; }

        public void Listening() => IsListening = true;

        public void Opened(INotebookComm comm, CommMessage content)
        {
            Last = comm;
            comm.Closed = closed => ClosedWith = (string?)closed.Data["why"];
            comm.Received = asked =>
            {
                var n = (int)asked.Data["n"]!;
                ArgumentOutOfRangeException.ThrowIfNegative(n);
                comm.Send(new CommMessage(new JsonObject { ["said"] = $"{content.Data["id"]}{n}" }, new JsonObject { ["v"] = 1 }, asked.Buffers));
            };
        }
    }
}
