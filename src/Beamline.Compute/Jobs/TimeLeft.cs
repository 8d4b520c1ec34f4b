namespace Beamline.Compute;

/// <summary>
/// Reckons the time that a job still takes: from what was planned at the start, and from its pace of late once there is one.
/// Not for several threads at once.
/// </summary>
public sealed class TimeLeft
{
    // The plan counts fully at the start and not at all after this part of the work.
    private const double PlanUntil = 0.1;
    private const double LeastSpan = 5;
    private const double SpanShare = 0.3;
    private const int MostSteps = 64;
    private readonly List<(double Seconds, double Fraction)> _past = [];
    private (double Seconds, double Fraction) _last;

    /// <summary>Notes how far the job is, and reckons.</summary>
    /// <param name="elapsed">Time since its start.</param>
    /// <param name="fraction">Done part, 0 to 1.</param>
    /// <param name="expected">What the plan said for all of it; null for nothing.</param>
    /// <returns>The time left; null when there is nothing to reckon from.</returns>
    public TimeSpan? Next(TimeSpan elapsed, double fraction, TimeSpan? expected)
    {
        var now = elapsed.TotalSeconds;
        fraction = ProgressText.Fraction(fraction);
        Note(now, fraction);
        var pace = Pace(now);
        double? measured = pace > 0 ? (1 - fraction) / pace : null;
        if (expected is not { } plan)
        {
            return measured is { } known && fraction >= 0.01 ? Time(known) : null;
        }

        var planned = Math.Max(plan.TotalSeconds * (1 - fraction), 0);
        var trust = measured is null ? 1 : Math.Max(0, 1 - (fraction / PlanUntil));
        return Time((trust * planned) + ((1 - trust) * (measured ?? 0)));
    }

    private void Note(double now, double fraction)
    {
        if (fraction < _last.Fraction)
        {
            // Another part of the work counts from 0 again.
            _past.Clear();
            _past.Add((now, fraction));
        }

        if (_past.Count == 0)
        {
            _past.Add((0, 0));
        }

        if (fraction > _last.Fraction)
        {
            var span = Math.Max(LeastSpan, now * SpanShare);
            if (now - _past[^1].Seconds >= span / MostSteps)
            {
                _past.Add((now, fraction));
            }

            _past.RemoveRange(0, Math.Max(0, _past.FindLastIndex(p => p.Seconds < now - span)));
            _last = (now, fraction);
        }
        else if (fraction < _last.Fraction)
        {
            _last = (now, fraction);
        }
    }

    /// <summary>Done part a second of late. A step that takes longer than those before makes it smaller.</summary>
    private double Pace(double now)
    {
        var (since, from) = _past[0];
        var usual = (_last.Seconds - since) / Math.Max(1, _past.Count - 1);
        var end = Math.Max(_last.Seconds, now - usual);
        return end > since ? (_last.Fraction - from) / (end - since) : 0;
    }

    private static TimeSpan? Time(double seconds) =>
        seconds is >= 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : null;
}
