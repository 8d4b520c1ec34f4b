using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Beamline.Endpoint.Tests;

/// <summary>A line between sender and service that can be cut, and that can break in the middle of a transfer.</summary>
internal sealed class BreakableLine : IAsyncDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _end = new();
    private Socket _listener;
    private long _bytesToSender;
    private long _left = long.MaxValue;
    private bool _isUpload;

    public BreakableLine(int target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>How often it has broken in a transfer.</summary>
    public int Broken { get; private set; }

    public long BytesToSender => Interlocked.Read(ref _bytesToSender);

    public void Cut()
    {
        _listener.Dispose();
        DropAll();
    }

    public void Mend() => _listener = Listen(Port);

    /// <summary>Breaks once, after so many bytes.</summary>
    public void BreakAfter(long bytes, bool isUpload = false)
    {
        _isUpload = isUpload;
        Interlocked.Exchange(ref _left, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        _end.Dispose();
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
            // Cut.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isUpload)
    {
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                if (!isUpload)
                {
                    Interlocked.Add(ref _bytesToSender, read);
                }

                if (isUpload == _isUpload && Interlocked.Add(ref _left, -read) < 0)
                {
                    Interlocked.Exchange(ref _left, long.MaxValue);
                    Broken++;
                    DropAll();
                    return;
                }

                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        Drop(from);
        Drop(to);
    }

    private void DropAll()
    {
        foreach (var socket in _open.Keys)
        {
            Drop(socket);
        }
    }

    private void Drop(Socket socket)
    {
        if (_open.TryRemove(socket, out _))
        {
            socket.Dispose();
        }
    }
}
