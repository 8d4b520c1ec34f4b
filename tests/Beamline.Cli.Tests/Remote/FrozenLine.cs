using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Beamline.Cli.Tests;

/// <summary>A line between a sender and a service that can be cut as networks are: open connections stay and nothing passes, new ones are refused.</summary>
internal sealed class FrozenLine : IDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _thawed;
    private Socket _listener;
    private long _left = long.MaxValue;

    public FrozenLine(int target)
    {
        _target = target;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Ends when <see cref="FreezeAfterUpload"/> has happened.</summary>
    public Task Frozen => _frozen.Task;

    /// <summary>Cuts the line when so many more bytes have gone to the service: in the middle of an upload.</summary>
    public void FreezeAfterUpload(long bytes) => Interlocked.Exchange(ref _left, bytes);

    /// <summary>What was held back passes, and new connections are taken.</summary>
    public void Thaw()
    {
        TaskCompletionSource? thawed;
        lock (_gate)
        {
            _listener = Listen(Port);
            (thawed, _thawed) = (_thawed, null);
        }

        thawed?.SetResult();
    }

    public bool Refuses()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }

        _thawed?.TrySetCanceled();
    }

    private void Freeze()
    {
        lock (_gate)
        {
            if (_thawed is null)
            {
                _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _listener.Dispose();
            }
        }

        _frozen.TrySetResult();
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
                if (isUpload && Interlocked.Add(ref _left, -read) < 0)
                {
                    Interlocked.Exchange(ref _left, long.MaxValue);
                    Freeze();
                }

                if (_thawed is { } thawed)
                {
                    await thawed.Task;
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

        foreach (var socket in (Socket[])[from, to])
        {
            if (_open.TryRemove(socket, out _))
            {
                socket.Dispose();
            }
        }
    }
}
