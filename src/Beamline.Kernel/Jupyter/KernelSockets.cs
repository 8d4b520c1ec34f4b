using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel;

/// <summary>
/// The five sockets. Each is touched by one thread only: heartbeat and control have their own, so that neither a flood
/// of output nor large requests keep them from answering; outgoing messages reach the threads through queues.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    // A cell of 256 MB is no cell: an unsigned flood must not fill the memory.
    private const long LargestFrame = 256L << 20;

    // Front ends only subscribe there, to everything or to a kind of message; NetMQ keeps each byte as a node of a tree.
    private const long LargestSubscription = 1024;

    private const int SentAtOnce = 256;

    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly XPublisherSocket _iopub = new();
    private readonly ResponseSocket _heartbeat = new();
    private readonly NetMQQueue<Action> _outgoing = new();
    private readonly NetMQQueue<Action> _outgoingControl = new();
    private readonly NetMQPoller _poller;
    private readonly NetMQPoller _controlPoller;
    private readonly NetMQPoller _heartbeatPoller;
    private readonly WireFormat _wire;
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

        // Verbose: a second front end that subscribes to the same is welcomed, too.
        _iopub.Options.XPubVerbose = true;
        _iopub.Options.MaxMsgSize = LargestSubscription;
        _shell.Options.RouterHandover = true;
        try
        {
            Connection = connection with
            {
                ShellPort = Bind(_shell, connection, connection.ShellPort, "shell"),
                ControlPort = Bind(_control, connection, connection.ControlPort, "control"),
                StdinPort = Bind(_stdin, connection, connection.StdinPort, "stdin"),
                IopubPort = Bind(_iopub, connection, connection.IopubPort, "iopub"),
                HeartbeatPort = Bind(_heartbeat, connection, connection.HeartbeatPort, "heartbeat"),
            };
        }
        catch
        {
            DisposeSockets();
            throw;
        }

        _shell.ReceiveReady += (_, _) => Receive(_shell, ShellReceived);
        _control.ReceiveReady += (_, _) => Receive(_control, ControlReceived);
        _stdin.ReceiveReady += (_, _) => Receive(_stdin, StdinReceived);
        _iopub.ReceiveReady += (_, _) => Welcome();
        _heartbeat.ReceiveReady += (_, _) => _heartbeat.SendMultipartMessage(_heartbeat.ReceiveMultipartMessage());
        _outgoing.ReceiveReady += (_, _) => SendQueued(_outgoing);
        _outgoingControl.ReceiveReady += (_, _) => SendQueued(_outgoingControl);
        _poller = [_shell, _stdin, _iopub, _outgoing];
        _controlPoller = [_control, _outgoingControl];
        _heartbeatPoller = [_heartbeat];
    }

    /// <summary>The connection with the ports that are really used.</summary>
    public ConnectionInfo Connection { get; }

    /// <summary>Called on the thread of the shell socket; must return at once.</summary>
    public Action<JupyterMessage>? ShellReceived { get; set; }

    /// <summary>Called on the thread of the control socket; must return at once.</summary>
    public Action<JupyterMessage>? ControlReceived { get; set; }

    /// <inheritdoc cref="ShellReceived"/>
    public Action<JupyterMessage>? StdinReceived { get; set; }

    /// <summary>How many messages were dropped: malformed, wrongly signed or repeated.</summary>
    public int Dropped => _wire.Dropped;

    public void Start()
    {
        _poller.RunAsync("Beamline messages", isBackgroundThread: true);
        _controlPoller.RunAsync("Beamline control", isBackgroundThread: true);
        _heartbeatPoller.RunAsync("Beamline heartbeat", isBackgroundThread: true);
    }

    /// <summary>Sends to all front ends.</summary>
    public void Publish(
        string type, byte[] parent, JsonObject content, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        var message = _wire.Write([Encoding.UTF8.GetBytes("kernel." + type)], type, parent, content, metadata, buffers);
        _outgoing.Enqueue(() => _iopub.TrySendMultipartMessage(message));
    }

    /// <summary>Answers a request on the channel that it came by.</summary>
    public void Reply(JupyterMessage request, bool onControl, string type, JsonObject content)
    {
        var message = _wire.Write(request.Identities, type, request.HeaderBytes, content);
        if (onControl)
        {
            _outgoingControl.Enqueue(() => _control.TrySendMultipartMessage(message));
        }
        else
        {
            _outgoing.Enqueue(() => _shell.TrySendMultipartMessage(message));
        }
    }

    /// <summary>Asks the front end of a request for input.</summary>
    public void AskInput(JupyterMessage request, JsonObject content)
    {
        var message = _wire.Write(request.Identities, "input_request", request.HeaderBytes, content);
        _outgoing.Enqueue(() => _stdin.TrySendMultipartMessage(message));
    }

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

    /// <summary>Waits until some front end listens to what is published, but not for long: it may never.</summary>
    public void WaitForListener(TimeSpan patience) => _heard.Task.Wait(patience);

    /// <summary>Waits until everything queued so far was sent.</summary>
    public void Flush()
    {
        foreach (var queue in (NetMQQueue<Action>[])[_outgoing, _outgoingControl])
        {
            var done = new ManualResetEventSlim();
            queue.Enqueue(done.Set);
            done.Wait(TimeSpan.FromSeconds(2));
        }
    }

    public void Dispose()
    {
        _poller.Dispose();
        _controlPoller.Dispose();
        _heartbeatPoller.Dispose();
        DisposeSockets();
    }

    private static int Bind(NetMQSocket socket, ConnectionInfo connection, int port, string what)
    {
        try
        {
            if (port == 0)
            {
                return socket.BindRandomPort($"tcp://{connection.Ip}");
            }

            socket.Bind(connection.Address(port));
            return port;
        }
        catch (NetMQException exception)
        {
            throw new AddressAlreadyInUseException(
                exception,
                $"the {what} port {port} of {connection.Ip} cannot be opened: {exception.Message}. " +
                "Another program may use it; start the kernel again, so that Jupyter chooses other ports.");
        }
    }

    private static void SendQueued(NetMQQueue<Action> queue)
    {
        // Not without end: what comes in has its turn also while a flood goes out.
        for (var i = 0; i < SentAtOnce && queue.TryDequeue(out var send, TimeSpan.Zero); i++)
        {
            send();
        }
    }

    // Tells a front end that nothing that comes from now on will be missed (protocol 5.5).
    private void Welcome()
    {
        while (_iopub.TryReceiveFrameBytes(TimeSpan.Zero, out var frame))
        {
            if (frame is [1, .. var topic])
            {
                var content = new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) };
                _iopub.TrySendMultipartMessage(_wire.Write([topic], "iopub_welcome", JupyterMessage.NoParent, content));
                _heard.TrySetResult();
            }
        }
    }

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

    private void DisposeSockets()
    {
        foreach (var part in (IDisposable[])[_shell, _control, _stdin, _iopub, _heartbeat, _outgoing, _outgoingControl])
        {
            part.Dispose();
        }
    }
}
