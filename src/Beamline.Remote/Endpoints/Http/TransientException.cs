namespace Beamline.Remote;

/// <summary>A request that failed in a way that may pass.</summary>
internal sealed class TransientException(string message, TimeSpan? after = null) : Exception(message)
{
    /// <summary>When the endpoint wants to hear of it again; null when it did not say.</summary>
    public TimeSpan? After => after;
}
