using System.Net;
using System.Net.Sockets;
using Beamline.Tests;

namespace Beamline.Cli.Tests;

/// <summary>A line between a sender and a service that can be cut as networks are: open connections stay and nothing passes, new ones are refused.</summary>
internal sealed class FrozenLine(int target) : TcpLine(target), IDisposable
{
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _thawed;
    private long _left = long.MaxValue;

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
            Open();
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
        Refuse();
        DropAll();
        _thawed?.TrySetCanceled();
    }

    protected override async ValueTask<bool> PassesAsync(bool isUpload, int bytes)
    {
        if (isUpload && Interlocked.Add(ref _left, -bytes) < 0)
        {
            Interlocked.Exchange(ref _left, long.MaxValue);
            Freeze();
        }

        if (_thawed is { } thawed)
        {
            await thawed.Task;
        }

        return true;
    }

    private void Freeze()
    {
        lock (_gate)
        {
            if (_thawed is null)
            {
                _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Refuse();
            }
        }

        _frozen.TrySetResult();
    }
}
