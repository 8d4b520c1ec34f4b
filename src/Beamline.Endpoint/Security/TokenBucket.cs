namespace Beamline.Endpoint;

/// <summary>Lets so many through per second on average, and some at once. It is filled when it is asked, so that it costs nothing while nobody asks.</summary>
/// <param name="perSecond">On average.</param>
/// <param name="burst">At once.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly double _most = Math.Max(burst, 1);
    private double _filled = Math.Max(burst, 1);
    private long _since = time.GetTimestamp();

    /// <summary>Null when one may go through; otherwise after how long the next one may.</summary>
    public TimeSpan? Take()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _filled = Math.Min(_most, _filled + (time.GetElapsedTime(_since, now).TotalSeconds * perSecond));
            _since = now;
            if (_filled >= 1)
            {
                _filled--;
                return null;
            }

            return TimeSpan.FromSeconds((1 - _filled) / Math.Max(perSecond, 1));
        }
    }

    /// <summary>Whether it is as full as a new one.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _filled + (time.GetElapsedTime(_since).TotalSeconds * perSecond) >= _most;
            }
        }
    }
}
