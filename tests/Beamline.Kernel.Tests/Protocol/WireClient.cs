using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel.Tests;

/// <summary>A message as a front end sees it.</summary>
internal sealed record WireAnswer(string Type, string Parent, JsonObject Content, JsonObject Metadata, IReadOnlyList<byte[]> Buffers)
{
    public string? this[string name] => Content[name]?.ToString();
}

/// <summary>A front end that speaks to a kernel of this process over real sockets.</summary>
internal sealed class WireClient : IDisposable
{
    /// <summary>A guard against a hung kernel on a busy machine, not a measurement.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly string _key;
    private int _count;

    public WireClient(ConnectionInfo connection)
    {
        _key = connection.Key;
        var identity = Guid.NewGuid().ToByteArray();
        foreach (var socket in (DealerSocket[])[Shell, Control, Stdin])
        {
            socket.Options.Identity = identity;
        }

        Shell.Connect(connection.Address(connection.ShellPort));
        Control.Connect(connection.Address(connection.ControlPort));
        Stdin.Connect(connection.Address(connection.StdinPort));
        Iopub.Options.ReceiveHighWatermark = 0;
        Iopub.Connect(connection.Address(connection.IopubPort));
        Iopub.SubscribeToAnyTopic();
        Welcome = Receive(Iopub);
        while (Welcome.Type != "iopub_welcome")
        {
            Welcome = Receive(Iopub);
        }
    }

    public DealerSocket Shell { get; } = new();

    public DealerSocket Control { get; } = new();

    public DealerSocket Stdin { get; } = new();

    public SubscriberSocket Iopub { get; } = new();

    public WireAnswer Welcome { get; }

    public string Execute(string code, bool silent = false, bool storeHistory = true, bool allowStdin = false, string? subshell = null) =>
        Send(Shell, "execute_request", new JsonObject
        {
            ["code"] = code, ["silent"] = silent, ["store_history"] = storeHistory, ["allow_stdin"] = allowStdin,
        }, subshell);

    public string Send(
        DealerSocket socket, string type, JsonObject? content = null, string? subshell = null, JsonObject? metadata = null,
        params byte[][] buffers)
    {
        var id = $"{type}-{Interlocked.Increment(ref _count)}-{Guid.NewGuid():N}";
        var header = new JsonObject { ["msg_id"] = id, ["msg_type"] = type, ["version"] = "5.5", ["session"] = "test" };
        if (subshell is not null)
        {
            header["subshell_id"] = subshell;
        }

        string[] parts = [header.ToJsonString(), "{}", (metadata ?? []).ToJsonString(), (content ?? []).ToJsonString()];
        socket.SendMultipartBytes(
        [
            .. new[] { "<IDS|MSG>", WireFormatTests.Sign(_key, parts) }.Concat(parts).Select(Encoding.UTF8.GetBytes), .. buffers,
        ]);
        return id;
    }

    /// <summary>The reply to a request; others that come before it are passed over.</summary>
    public WireAnswer ReplyTo(string id, NetMQSocket? socket = null)
    {
        while (true)
        {
            var answer = Receive(socket ?? Shell);
            if (answer.Parent == id)
            {
                return answer;
            }
        }
    }

    /// <summary>What is published for a request until it is done, without the states.</summary>
    public List<WireAnswer> UntilIdle(string id)
    {
        var found = new List<WireAnswer>();
        while (true)
        {
            var answer = Receive(Iopub);
            if (answer.Parent != id)
            {
                continue;
            }

            if (answer.Type != "status")
            {
                found.Add(answer);
            }
            else if (answer["execution_state"] == "idle")
            {
                return found;
            }
        }
    }

    /// <summary>Waits for a published message of a request.</summary>
    public WireAnswer WaitFor(string id, Func<WireAnswer, bool> wanted)
    {
        while (true)
        {
            var answer = Receive(Iopub);
            if (answer.Parent == id && wanted(answer))
            {
                return answer;
            }
        }
    }

    /// <summary>Runs a cell that must succeed; what it published.</summary>
    public List<WireAnswer> Run(string code)
    {
        var id = Execute(code);
        var reply = ReplyTo(id);
        Assert.True(reply["status"] == "ok", reply.Content.ToJsonString());
        return UntilIdle(id);
    }

    public WireAnswer Receive(NetMQSocket socket)
    {
        NetMQMessage? frames = null;
        Assert.True(socket.TryReceiveMultipartMessage(Limit, ref frames), "no answer came");
        var start = 0;
        while (frames![start].ConvertToString() != "<IDS|MSG>")
        {
            start++;
        }

        string[] parts = [.. Enumerable.Range(start + 2, 4).Select(i => frames[i].ConvertToString(Encoding.UTF8))];
        Assert.Equal(WireFormatTests.Sign(_key, parts), frames[start + 1].ConvertToString());
        var json = parts.Select(p => JsonNode.Parse(p)!.AsObject()).ToArray();
        return new WireAnswer(
            json[0]["msg_type"]!.ToString(), ParentOf(json[1]), json[3], json[2],
            [.. Enumerable.Range(start + 6, frames.FrameCount - start - 6).Select(i => frames[i].ToByteArray())]);
    }

    // Damaged requests have ids of all kinds; ours are plain.
    private static string ParentOf(JsonObject header)
    {
        try
        {
            return (string?)header["msg_id"] ?? "";
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    public void Dispose()
    {
        foreach (var socket in (NetMQSocket[])[Shell, Control, Stdin, Iopub])
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }
    }
}
