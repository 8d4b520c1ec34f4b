using Beamline.Arrays;
using Beamline.Display;
using Beamline.Learning;
using Beamline.Tomography;
using Plotly.NET;

namespace Beamline.Extension;

/// <summary>Charts of results: <c>result.History.ToChart()</c>, <c>FourierCorrelation.Between(a, b).ToChart()</c>.</summary>
public static class ScienceCharts
{
    /// <summary>Relative residual and relative change over the iterations, on a logarithmic axis.</summary>
    /// <param name="history">The history.</param>
    public static GenericChart ToChart(this ConvergenceHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Plot.Convergence([.. history.Select(r => r.Iteration)],
            ("relative residual", [.. history.Select(r => r.RelativeResidual)]), ("relative change", [.. history.Select(r => r.RelativeChange)]));
    }

    /// <summary>Loss on what was trained on, score on what was held out, and learning rate over the steps of a training.</summary>
    /// <param name="report">The training.</param>
    public static GenericChart ToChart(this TrainingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Plot.TrainingCurves(report.ToCurves(), TrainingReport.Words);
    }

    /// <summary>The correlation over spatial frequency with the half-bit and 0.143 thresholds; the resolutions stand in the title.</summary>
    /// <param name="correlation">The correlation.</param>
    public static GenericChart ToChart(this FourierCorrelation correlation)
    {
        ArgumentNullException.ThrowIfNull(correlation);
        var (scale, unit) = FrequencyAxis.For(correlation.PixelSize);
        // The first ring is the mean, which was taken out.
        double[] x = [.. correlation.CyclesPerPixel.Skip(1).Select(f => f * scale)];
        var labels = new PlotLabels(correlation.ToString(), $"spatial frequency ({unit})", correlation.IsOfVolumes ? "FSC" : "FRC");
        return Plot.Lines(x, labels,
            ("correlation", [.. correlation.Values.Skip(1)]),
            ("half-bit", [.. correlation.HalfBit.Skip(1)]),
            ("0.143 (1/7)", [.. x.Select(_ => FourierCorrelation.OneSeventh)]));
    }

    /// <summary>Noise power over spatial frequency.</summary>
    /// <param name="spectrum">The spectrum.</param>
    public static GenericChart ToChart(this NoisePowerSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var (scale, unit) = FrequencyAxis.For(spectrum.PixelSize);
        var length = FrequencyAxis.UnitOf(spectrum.PixelSize);
        var value = string.IsNullOrEmpty(spectrum.Quantity.Unit) ? "" : $"({spectrum.Quantity.Unit})² ";
        return Plot.Line(
            [.. spectrum.CyclesPerPixel.Skip(1).Select(f => f * scale)], [.. spectrum.Values.Skip(1).Select(v => v / (scale * scale))],
            new(spectrum.ToString(), $"spatial frequency ({unit})", $"noise power ({value}{length}²)"));
    }
}
