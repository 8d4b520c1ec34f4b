using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel;

/// <summary>
/// The five sockets. Each is touched by one thread only: heartbeat by its own, the others by the poller's;
/// outgoing messages reach the poller through a queue.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    // A cell of 256 MB is no cell: an unsigned flood must not fill the memory.
    private const long LargestFrame = 256L << 20;

    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly PublisherSocket _iopub = new();
    private readonly ResponseSocket _heartbeat = new();
    private readonly NetMQQueue<Action> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly NetMQPoller _heartbeatPoller;
    private readonly WireFormat _wire;

    public KernelSockets(ConnectionInfo connection)
    {
        _wire = new WireFormat(connection.Key);
        foreach (var socket in (NetMQSocket[])[_shell, _control, _stdin, _iopub, _heartbeat])
        {
            socket.Options.Linger = TimeSpan.FromSeconds(1);
            socket.Options.SendHighWatermark = 0;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Options.MaxMsgSize = LargestFrame;
        }

        _shell.Options.RouterHandover = true;
        _shell.Bind(connection.Address(connection.ShellPort));
        _control.Bind(connection.Address(connection.ControlPort));
        _stdin.Bind(connection.Address(connection.StdinPort));
        _iopub.Bind(connection.Address(connection.IopubPort));
        _heartbeat.Bind(connection.Address(connection.HeartbeatPort));
        _shell.ReceiveReady += (_, _) => Receive(_shell, ShellReceived);
        _control.ReceiveReady += (_, _) => Receive(_control, ControlReceived);
        _stdin.ReceiveReady += (_, _) => Receive(_stdin, StdinReceived);
        _heartbeat.ReceiveReady += (_, _) => _heartbeat.SendMultipartMessage(_heartbeat.ReceiveMultipartMessage());
        _outgoing.ReceiveReady += (_, _) =>
        {
            while (_outgoing.TryDequeue(out var send, TimeSpan.Zero))
            {
                send();
            }
        };
        _poller = [_shell, _control, _stdin, _outgoing];
        _heartbeatPoller = [_heartbeat];
    }

    /// <summary>Called on the poller's thread; must return at once.</summary>
    public Action<JupyterMessage>? ShellReceived { get; set; }

    /// <inheritdoc cref="ShellReceived"/>
    public Action<JupyterMessage>? ControlReceived { get; set; }

    /// <inheritdoc cref="ShellReceived"/>
    public Action<JupyterMessage>? StdinReceived { get; set; }

    /// <summary>How many messages were dropped: malformed, wrongly signed or repeated.</summary>
    public int Dropped => _wire.Dropped;

    public void Start()
    {
        _poller.RunAsync("Beamline messages", isBackgroundThread: true);
        _heartbeatPoller.RunAsync("Beamline heartbeat", isBackgroundThread: true);
    }

    /// <summary>Sends to all front ends.</summary>
    public void Publish(
        string type, byte[] parent, JsonObject content, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
        Send(_iopub, _wire.Write([System.Text.Encoding.UTF8.GetBytes("kernel." + type)], type, parent, content, metadata, buffers));

    /// <summary>Answers a request on the channel that it came by.</summary>
    public void Reply(JupyterMessage request, bool onControl, string type, JsonObject content) =>
        Send(onControl ? _control : _shell, _wire.Write(request.Identities, type, request.HeaderBytes, content));

    /// <summary>Asks the front end of a request for input.</summary>
    public void AskInput(JupyterMessage request, JsonObject content) =>
        Send(_stdin, _wire.Write(request.Identities, "input_request", request.HeaderBytes, content));

    /// <summary>Takes in all shell requests that have arrived by now; returns when they were handed on.</summary>
    public void ReceivePendingShell()
    {
        using var done = new ManualResetEventSlim();
        _outgoing.Enqueue(() =>
        {
            Receive(_shell, ShellReceived);
            done.Set();
        });
        done.Wait(TimeSpan.FromSeconds(1));
    }

    /// <summary>Waits until everything queued so far was sent.</summary>
    public void Flush()
    {
        var done = new ManualResetEventSlim();
        _outgoing.Enqueue(done.Set);
        done.Wait(TimeSpan.FromSeconds(2));
    }

    public void Dispose()
    {
        _poller.Dispose();
        _heartbeatPoller.Dispose();
        foreach (var part in (IDisposable[])[_shell, _control, _stdin, _iopub, _heartbeat, _outgoing])
        {
            part.Dispose();
        }
    }

    private void Send(NetMQSocket socket, NetMQMessage message) =>
        _outgoing.Enqueue(() => socket.TrySendMultipartMessage(message));

    private void Receive(RouterSocket socket, Action<JupyterMessage>? received)
    {
        NetMQMessage? frames = null;
        while (socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref frames, 8))
        {
            if (_wire.Read(frames!) is { } message)
            {
                received?.Invoke(message);
            }

            frames = null;
        }
    }
}
