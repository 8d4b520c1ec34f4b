namespace Beamline.Remote;

/// <summary>A token that is cancelled when a transfer has stood still for too long.</summary>
internal sealed class SilenceLimit : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _source;

    public SilenceLimit(TimeSpan longest, CancellationToken cancellationToken)
    {
        _longest = longest;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(longest);
    }

    public CancellationToken Token => _source.Token;

    public void GotOn() => _source.CancelAfter(_longest);

    public void Dispose() => _source.Dispose();
}
