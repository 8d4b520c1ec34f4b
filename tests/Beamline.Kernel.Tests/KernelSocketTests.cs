using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel.Tests;

public sealed class KernelSocketTests
{
    private const string Key = "secret";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Garbage_is_dropped_and_the_next_request_is_answered()
    {
        var ports = FreePorts(5);
        using var kernel = new JupyterKernel(
            new ConnectionInfo
            {
                Ip = "127.0.0.1", ShellPort = ports[0], IopubPort = ports[1], StdinPort = ports[2],
                ControlPort = ports[3], HeartbeatPort = ports[4], Key = Key,
            },
            []);
        kernel.Start();
        using var shell = new DealerSocket($">tcp://127.0.0.1:{ports[0]}");
        shell.SendFrame([1, 2, 3]);
        shell.SendMultipartBytes([], []);
        var request = Request("kernel_info_request", "first");
        shell.SendMultipartBytes([.. request.Select((part, i) => i == 1 ? "00"u8.ToArray() : part)]);
        shell.SendMultipartBytes(request);
        shell.SendMultipartBytes(request);
        shell.SendMultipartBytes([.. Request("kernel_info_request", "second"), [0, 255], []]);
        Assert.Equal("first", ParentOf(Receive(shell)));
        Assert.Equal("second", ParentOf(Receive(shell)));
        Assert.Equal(4, kernel.DroppedMessages);

        using var control = new DealerSocket($">tcp://127.0.0.1:{ports[3]}");
        control.SendMultipartBytes(Request("shutdown_request", "end"));
        Assert.Equal("end", ParentOf(Receive(control)));
        await kernel.Ended.WaitAsync(Limit);
    }

    [Fact]
    public void The_heartbeat_returns_what_it_gets()
    {
        var ports = FreePorts(5);
        using var sockets = new KernelSockets(new ConnectionInfo
        {
            Ip = "127.0.0.1", ShellPort = ports[0], IopubPort = ports[1], StdinPort = ports[2],
            ControlPort = ports[3], HeartbeatPort = ports[4], Key = Key,
        });
        sockets.Start();
        using var heart = new RequestSocket($">tcp://127.0.0.1:{ports[4]}");
        for (byte beat = 0; beat < 3; beat++)
        {
            heart.SendFrame([beat, 0, 255]);
            Assert.True(heart.TryReceiveFrameBytes(Limit, out var back));
            Assert.Equal([beat, 0, 255], back);
        }
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error_and_frees_the_others()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var ports = FreePorts(4);
        var info = new ConnectionInfo
        {
            Ip = "127.0.0.1", ShellPort = ports[0], IopubPort = ports[1], StdinPort = ports[2],
            ControlPort = ports[3], HeartbeatPort = ((IPEndPoint)taken.LocalEndpoint).Port, Key = Key,
        };
        Assert.ThrowsAny<NetMQException>(() => new KernelSockets(info));
    }

    private static byte[][] Request(string type, string id)
    {
        string[] parts = [$"{{\"msg_id\":\"{id}\",\"msg_type\":\"{type}\"}}", "{}", "{}", "{}"];
        return [.. new[] { "<IDS|MSG>", WireFormatTests.Sign(Key, parts) }.Concat(parts).Select(Encoding.UTF8.GetBytes)];
    }

    private static NetMQMessage Receive(NetMQSocket socket)
    {
        NetMQMessage? message = null;
        Assert.True(socket.TryReceiveMultipartMessage(Limit, ref message));
        return message!;
    }

    private static string? ParentOf(NetMQMessage reply)
    {
        string[] parts = [.. Enumerable.Range(2, 4).Select(i => reply[i].ConvertToString(Encoding.UTF8))];
        Assert.Equal(WireFormatTests.Sign(Key, parts), reply[1].ConvertToString());
        return (string?)JsonNode.Parse(parts[1])!["msg_id"];
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, l => l.Dispose());
        return ports;
    }
}
