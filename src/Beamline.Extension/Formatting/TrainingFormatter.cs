using Beamline.Display;
using Beamline.Display.Widgets;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a training that is going on as the buttons that steer it, and one that is over as its chart.</summary>
internal sealed class TrainingFormatter : IMimeFormatter
{
    public bool CanFormat(Type type) => type == typeof(TrainingRun) || type == typeof(TrainingReport);

    public MimeBundle Format(object value) => value switch
    {
        TrainingReport report => Chart(report),
        TrainingRun { Completion: { IsCompletedSuccessfully: true, Result.Report: { } report } } => Chart(report),
        TrainingRun { Completion.IsCompleted: false } run => new WidgetFormatter().Format(Controls(run)).With(MimeTypes.Text, run.ToString()),
        _ => MimeBundle.FromText(value.ToString() ?? ""),
    };

    /// <summary>Pause, which becomes go on, and stop. They stay, and do nothing, when the training is over.</summary>
    internal static HBox Controls(TrainingRun run)
    {
        var pause = new Button("pause") { Tooltip = "Wait after the step that is going on" };
        var stop = new Button("stop") { Tooltip = "End with the best weights so far" };
        pause.OnClick(() =>
        {
            if (run.IsPaused)
            {
                run.Resume();
            }
            else
            {
                run.Pause();
            }

            pause.Description = run.IsPaused ? "go on" : "pause";
        });
        stop.OnClick(run.Stop);
        _ = run.Completion.ContinueWith(
            ended => pause.Disabled = stop.Disabled = true, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return new HBox(pause, stop);
    }

    private static MimeBundle Chart(TrainingReport report) => report.History.Count > 1
        ? new ChartFormatter().Format(report.ToChart()).With(MimeTypes.Text, report.ToString())
        : MimeBundle.FromText(report.ToString());
}
