namespace Beamline.Compute;

/// <summary>
/// Chooses the few reports that are worth a line of their own where lines stay, as in the log of a run: one for each tenth of the work, and
/// when a tenth takes long, one after 10 s, 20 s, 40 s and so on. A job of any length gets less than 30 lines.
/// </summary>
public sealed class ProgressSteps
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private TimeSpan _pause = FirstPause;
    private TimeSpan _last;
    private int _tenth;
    private string _activity = "";

    /// <summary>Whether a report is worth a line.</summary>
    /// <param name="report">The report.</param>
    /// <param name="elapsed">Time spent, rising from call to call.</param>
    public bool Take(in ProgressReport report, TimeSpan elapsed)
    {
        var tenth = (int)(ProgressText.Fraction(report.Fraction) * 10);
        if (_activity != report.Activity)
        {
            // A job of many short parts must not fill the log by changing its name.
            (_activity, _tenth) = (report.Activity, elapsed - _last < FirstPause / 10 ? tenth : 0);
        }

        var isStep = tenth > _tenth && elapsed - _last >= FirstPause / 10;
        if (!isStep && elapsed - _last < _pause)
        {
            return false;
        }

        if (!isStep)
        {
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }

        (_last, _tenth) = (elapsed, Math.Max(tenth, _tenth));
        return true;
    }
}
