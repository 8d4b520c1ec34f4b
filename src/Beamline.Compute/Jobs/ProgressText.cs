namespace Beamline.Compute;

/// <summary>A progress report as one line of text.</summary>
public static class ProgressText
{
    private const int BarWidth = 20;

    /// <summary>Name, bar, percent, what else is known, time spent and time left.</summary>
    /// <param name="report">The report. Control characters in its texts are left out.</param>
    /// <param name="elapsed">Time spent.</param>
    public static string Line(in ProgressReport report, TimeSpan elapsed)
    {
        var fraction = Fraction(report.Fraction);
        var done = (int)Math.Round(fraction * BarWidth);
        var left = report.Left ?? (fraction is > 0.01 and < 1 ? elapsed * ((1 - fraction) / fraction) : null);
        var detail = report.Detail.Length > 0 ? $"  {OneLine(report.Detail)}" : "";
        return $"{OneLine(report.Activity)} [{new string('#', done)}{new string('.', BarWidth - done)}] {fraction * 100:0} %{detail}  " +
            $"{Time(elapsed)}{(fraction < 1 && left is { } time ? $", about {Time(time)} left" : "")}";
    }

    /// <summary>A time in the unit that one waits by: 12 s, 3 min 20 s, 2 h 5 min.</summary>
    /// <param name="time">The time.</param>
    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 59.5 ? $"{time.TotalSeconds:0} s"
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";

    /// <summary>A done part between 0 and 1, whatever was reported.</summary>
    internal static double Fraction(double fraction) => double.IsFinite(fraction) ? Math.Clamp(fraction, 0, 1) : 0;

    private static string OneLine(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001f')
        ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
        : text;
}
