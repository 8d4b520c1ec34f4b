using System.Threading.RateLimiting;

namespace Beamline.Endpoint;

/// <summary>How fast requests may come: a bucket for each token, and one for all strangers together.</summary>
internal sealed class RequestLimits(ServiceOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _tokens = PartitionedRateLimiter.Create<string, string>(
        id => RateLimitPartition.GetTokenBucketLimiter(id, _ => Bucket(options.RequestsPerSecond, options.RequestBurst)));

    private readonly TokenBucketRateLimiter _strangers = new(Bucket(options.StrangersPerSecond, options.StrangersPerSecond));

    /// <summary>Null when a request may go on; otherwise when to try again.</summary>
    public TimeSpan? Wait(string tokenId)
    {
        using var lease = _tokens.AttemptAcquire(tokenId);
        return After(lease);
    }

    /// <summary>The same for a request without a good token.</summary>
    public TimeSpan? WaitOfStranger()
    {
        using var lease = _strangers.AttemptAcquire();
        return After(lease);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _strangers.Dispose();
    }

    private static TimeSpan? After(RateLimitLease lease) => lease.IsAcquired ? null
        : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.FromSeconds(1) ? after
        : TimeSpan.FromSeconds(1);

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst)
    {
        // Filled ten times a second, so that nobody waits a whole one.
        var often = perSecond >= 10 ? 10 : 1;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(burst, 1),
            TokensPerPeriod = Math.Max(perSecond / often, 1),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / often),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }
}
