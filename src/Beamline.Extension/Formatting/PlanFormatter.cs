using System.Globalization;
using Beamline.Arrays;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a plan as a table: what is made, on what, in how much memory, in what time.</summary>
internal sealed class PlanFormatter : IMimeFormatter
{
    public bool CanFormat(Type type) => type == typeof(ReconstructionPlan);

    public MimeBundle Format(object value)
    {
        var plan = (ReconstructionPlan)value;
        var html = new FactRows()
            .Add("volume", $"{plan.SliceCount} × {plan.ImageSize} × {plan.ImageSize}, {Size(plan.ResultBytes)} {(plan.ResultOnDisk ? "in a file: it does not fit in memory" : "in memory")}")
            .Add("device", plan.Device.ToString())
            .Add("slabs", $"{plan.SlabCount} of {plan.Lanes} slices")
            .Add("working memory", $"{Size(plan.WorkingBytes)} of {Size(plan.AvailableBytes)} free");
        if (plan.CachedInputBytes > 0)
        {
            html.Add("projections in memory", Size(plan.CachedInputBytes));
        }

        html.Add("expected time", plan.ExpectedTime is { } time ? RunTiming.Text(time) : "not known");
        foreach (var step in plan.ExpectedSteps)
        {
            html.Add("· " + step.Name, RunTiming.Text(step.Expected));
        }

        if (plan.TimeNote.Length > 0)
        {
            html.Add("", plan.TimeNote);
        }

        return MimeBundle.FromHtml(html.ToString(), plan.ToString());
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.##} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.##} KiB"),
    };
}
