using System.Text.Json.Nodes;
using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel;

/// <summary>The sockets of a front end. Only the poller's thread touches them; requests reach it through a queue.</summary>
internal sealed class ClientSockets : IDisposable
{
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly SubscriberSocket _iopub = new();
    private readonly NetMQQueue<Action> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly ClientWire _wire;
    private readonly Channel<ClientMessage> _received = Channel.CreateUnbounded<ClientMessage>();

    public ClientSockets(ConnectionInfo connection)
    {
        _wire = new ClientWire(connection.Key);
        foreach (var socket in (NetMQSocket[])[_shell, _control, _iopub])
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
        }

        _shell.Options.Identity = _control.Options.Identity = System.Text.Encoding.ASCII.GetBytes(_wire.Session);
        _iopub.SubscribeToAnyTopic();
        _shell.Connect(connection.Address(connection.ShellPort));
        _control.Connect(connection.Address(connection.ControlPort));
        _iopub.Connect(connection.Address(connection.IopubPort));
        _shell.ReceiveReady += (_, _) => Receive(_shell, ClientChannel.Shell);
        _control.ReceiveReady += (_, _) => Receive(_control, ClientChannel.Control);
        _iopub.ReceiveReady += (_, _) => Receive(_iopub, ClientChannel.Iopub);
        _outgoing.ReceiveReady += (_, _) =>
        {
            while (_outgoing.TryDequeue(out var send, TimeSpan.Zero))
            {
                send();
            }
        };
        _poller = [_shell, _control, _iopub, _outgoing];
        _poller.RunAsync("Beamline client", isBackgroundThread: true);
    }

    /// <summary>What the kernel sent, in the order of arrival on each socket.</summary>
    public ChannelReader<ClientMessage> Received => _received.Reader;

    /// <summary>Sends a request; returns its id.</summary>
    public string Send(ClientChannel channel, string type, JsonObject content)
    {
        var (id, frames) = _wire.Request(type, content);
        var socket = channel == ClientChannel.Control ? _control : _shell;
        _outgoing.Enqueue(() => socket.TrySendMultipartMessage(TimeSpan.Zero, frames));
        return id;
    }

    /// <summary>No message follows: the kernel is gone.</summary>
    public void Complete() => _received.Writer.TryComplete();

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var part in (IDisposable[])[_shell, _control, _iopub, _outgoing])
        {
            part.Dispose();
        }
    }

    private void Receive(NetMQSocket socket, ClientChannel channel)
    {
        NetMQMessage? frames = null;
        while (socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref frames, 8))
        {
            if (_wire.Read(channel, frames!) is { } message)
            {
                _received.Writer.TryWrite(message);
            }

            frames = null;
        }
    }
}
