using System.Collections.Concurrent;

namespace Beamline.Endpoint;

/// <summary>How fast requests may come: a bucket for each token, and one for all strangers together.</summary>
internal sealed class RequestLimits(ServiceOptions options, TimeProvider? time = null)
{
    /// <summary>Tokens that were not used for long have full buckets, which need not be kept.</summary>
    private const int MostBuckets = 1000;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TokenBucket> _tokens = new();
    private readonly TokenBucket _strangers = new(options.StrangersPerSecond, options.StrangersPerSecond, time ?? TimeProvider.System);

    /// <summary>Null when a request may go on; otherwise when to try again.</summary>
    public TimeSpan? Wait(string tokenId)
    {
        if (_tokens.Count > MostBuckets)
        {
            foreach (var (id, bucket) in _tokens.Where(t => t.Value.IsFull))
            {
                _tokens.TryRemove(KeyValuePair.Create(id, bucket));
            }
        }

        return After(_tokens.GetOrAdd(tokenId, _ => new TokenBucket(options.RequestsPerSecond, options.RequestBurst, time ?? TimeProvider.System)).Take());
    }

    /// <summary>The same for a request without a good token.</summary>
    public TimeSpan? WaitOfStranger() => After(_strangers.Take());

    private static TimeSpan? After(TimeSpan? wait) => wait is { } time && time < Shortest ? Shortest : wait;
}
