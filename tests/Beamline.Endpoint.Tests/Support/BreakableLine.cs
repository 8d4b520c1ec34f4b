using Beamline.Tests;

namespace Beamline.Endpoint.Tests;

/// <summary>A line between sender and service that can be cut, and that can break in the middle of a transfer.</summary>
internal sealed class BreakableLine(int target) : TcpLine(target), IDisposable
{
    private long _bytesToSender;
    private long _left = long.MaxValue;
    private bool _isUpload;

    /// <summary>How often it has broken in a transfer.</summary>
    public int Broken { get; private set; }

    public long BytesToSender => Interlocked.Read(ref _bytesToSender);

    public void Cut()
    {
        Refuse();
        DropAll();
    }

    public void Mend() => Open();

    /// <summary>Breaks once, after so many bytes.</summary>
    public void BreakAfter(long bytes, bool isUpload = false)
    {
        _isUpload = isUpload;
        Interlocked.Exchange(ref _left, bytes);
    }

    public void Dispose() => Cut();

    protected override ValueTask<bool> PassesAsync(bool isUpload, int bytes)
    {
        if (!isUpload)
        {
            Interlocked.Add(ref _bytesToSender, bytes);
        }

        if (isUpload != _isUpload || Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return new(true);
        }

        Interlocked.Exchange(ref _left, long.MaxValue);
        Broken++;
        DropAll();
        return new(false);
    }
}
