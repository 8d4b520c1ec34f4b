using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Beamline.Tests;

/// <summary>A line between a sender and a service on the loopback, on which tests do what networks do.</summary>
internal abstract class TcpLine
{
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private Socket _listener;

    protected TcpLine(int target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Called with each piece that has arrived, before it goes on; it goes nowhere when the answer is false.</summary>
    protected abstract ValueTask<bool> PassesAsync(bool isUpload, int bytes);

    /// <summary>Takes connections again, at the same port.</summary>
    protected void Open() => _listener = Listen(Port);

    /// <summary>Refuses new connections.</summary>
    protected void Refuse() => _listener.Dispose();

    protected void DropAll()
    {
        foreach (var socket in _open.Keys)
        {
            Drop(socket);
        }
    }

    private Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var sender = await listener.AcceptAsync();
                var service = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await service.ConnectAsync(IPAddress.Loopback, _target);
                _open[sender] = _open[service] = true;
                _ = PumpAsync(sender, service, isUpload: true);
                _ = PumpAsync(service, sender, isUpload: false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the end of the test.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isUpload)
    {
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                if (!await PassesAsync(isUpload, read))
                {
                    break;
                }

                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone.
        }

        Drop(from);
        Drop(to);
    }

    private void Drop(Socket socket)
    {
        if (_open.TryRemove(socket, out _))
        {
            socket.Dispose();
        }
    }
}
