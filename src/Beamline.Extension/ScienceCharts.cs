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

    /// <summary>The Fourier ring correlations of all methods, with the half-bit threshold: with the reference, or of even and odd views.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="domain">Projections or slices.</param>
    /// <exception cref="ArgumentException">No method of that domain has one: the pictures are too small, or projections have no reference.</exception>
    public static GenericChart ToCorrelationChart(this DenoisingComparison comparison, ComparisonDomain domain = ComparisonDomain.Slices)
    {
        var rows = RowsOf(comparison, domain, r => r.Correlation is not null);
        var first = rows[0].Correlation!;
        var (scale, unit) = FrequencyAxis.For(first.PixelSize);
        return Plot.Lines(
            [.. first.CyclesPerPixel.Skip(1).Select(f => f * scale)], new PlotLabels(comparison.Title(domain), $"spatial frequency ({unit})", "FRC"),
            [.. rows.Select(r => (r.Method, (IReadOnlyList<double>)[.. r.Correlation!.Values.Skip(1)])), ("half-bit", [.. first.HalfBit.Skip(1)])]);
    }

    /// <summary>The noise power spectra of all methods: what is left of the noise, and at which frequencies a method is wrong.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="domain">Projections or slices.</param>
    /// <exception cref="ArgumentException">No method of that domain has one: the pictures are too small, or projections have no reference.</exception>
    public static GenericChart ToNoisePowerChart(this DenoisingComparison comparison, ComparisonDomain domain = ComparisonDomain.Slices)
    {
        var rows = RowsOf(comparison, domain, r => r.NoisePower is not null);
        var first = rows[0].NoisePower!;
        var (scale, unit) = FrequencyAxis.For(first.PixelSize);
        var value = string.IsNullOrEmpty(first.Quantity.Unit) ? "" : $"({first.Quantity.Unit})² ";
        return Plot.Lines(
            [.. first.CyclesPerPixel.Skip(1).Select(f => f * scale)],
            new PlotLabels(comparison.Title(domain), $"spatial frequency ({unit})", $"noise power ({value}{FrequencyAxis.UnitOf(first.PixelSize)}²)") { LogY = true },
            [.. rows.Select(r => (r.Method, (IReadOnlyList<double>)[.. r.NoisePower!.Values.Skip(1).Select(v => v / (scale * scale))]))]);
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

    private static ComparisonRow[] RowsOf(DenoisingComparison comparison, ComparisonDomain domain, Func<ComparisonRow, bool> has)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ComparisonRow[] rows = [.. comparison.Rows(domain).Where(has)];
        return rows.Length > 0 ? rows : throw new ArgumentException(
            $"There is no such curve of {domain.ToString().ToLowerInvariant()}: pictures smaller than 8 x 8 pixels, and projections without a reference, have none.", nameof(domain));
    }
}
