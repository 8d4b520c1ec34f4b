using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>Thins out progress reports: none in the first second of a cell, then at most 5 a second.</summary>
internal sealed class CellProgress(CellRun cell) : IProgress<ProgressReport>
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TimeSpan _next = Silent;
    private ProgressReport? _last;
    private bool _shown;

    public void Report(ProgressReport value)
    {
        lock (_gate)
        {
            _last = value;
            var now = cell.Elapsed;
            if (now < _next)
            {
                return;
            }

            _next = now + Gap;
            _shown = true;
            cell.Output.Emit(sink => sink.Progress(value, now, isLast: false));
        }
    }

    /// <summary>Shows the last state when any was shown.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_shown && _last is { } last)
            {
                cell.Output.Emit(sink => sink.Progress(last, cell.Elapsed, isLast: true));
            }

            _next = TimeSpan.MaxValue;
        }
    }

    /// <summary>A report as one line of text.</summary>
    public static string Text(ProgressReport report, TimeSpan elapsed)
    {
        var fraction = double.IsFinite(report.Fraction) ? Math.Clamp(report.Fraction, 0, 1) : 0;
        var done = (int)Math.Round(fraction * 20);
        var left = fraction is > 0.01 and < 1 ? $", about {Time(elapsed * ((1 - fraction) / fraction))} left" : "";
        var detail = report.Detail.Length > 0 ? $"  {report.Detail}" : "";
        return $"{report.Activity} [{new string('#', done)}{new string('.', 20 - done)}] {fraction * 100:0} %{detail}  " +
            $"{Time(elapsed)}{left}";
    }

    private static string Time(TimeSpan time) =>
        time.TotalSeconds < 60 ? $"{time.TotalSeconds:0} s"
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";
}
