using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display;

/// <summary>
/// Charts of arrays and numbers. Each is a Plotly.NET chart, so that everything of Plotly.NET works on it:
/// <c>Plot.Profile(image, 100).WithSize(900, 300)</c>.
/// </summary>
public static partial class Plot
{
    /// <summary>One line for each of some series of numbers.</summary>
    /// <param name="x">Where the values are; rising.</param>
    /// <param name="labels">Title and axis titles with units.</param>
    /// <param name="series">Name and values of each line; as many values as x. NaN leaves a gap.</param>
    /// <remarks>
    /// Of more than 20,000 points those that shape the line stay (first, last, smallest and largest of each run), and a line below the title says so.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no series, or one has another number of values than x.</exception>
    public static GenericChart Lines(
        IReadOnlyList<double> x, PlotLabels labels, params (string Name, IReadOnlyList<double> Values)[] series)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(series);
        if (series.Length == 0)
        {
            throw new ArgumentException("There is no series: give at least one name with values.", nameof(series));
        }

        foreach (var (name, values) in series)
        {
            if (values.Count != x.Count)
            {
                throw new ArgumentException(
                    $"The series '{name}' has {values.Count} values for {x.Count} places on the x axis.", nameof(series));
            }
        }

        var note = "";
        var lines = series.Select(s =>
        {
            var (places, values) = (x, s.Values);
            if (ChartThinning.Kept(x, s.Values, ChartThinning.MostSaved) is { } kept)
            {
                note = ChartThinning.Note(x.Count, kept.Length);
                (places, values) = ([.. kept.Select(i => x[i])], [.. kept.Select(i => s.Values[i])]);
            }

            return Chart.Line<double, double, string>(places, values, ShowMarkers: x.Count == 1, Name: s.Name, ShowLegend: series.Length > 1);
        }).ToArray();
        return Labeled(Chart.Combine(lines), note.Length == 0 ? labels : labels with { Title = ChartThinning.Titled(labels.Title, note) });
    }

    /// <summary>One line.</summary>
    /// <param name="x">Where the values are; rising.</param>
    /// <param name="y">The values; as many as x. NaN leaves a gap.</param>
    /// <param name="labels">Title and axis titles with units.</param>
    /// <exception cref="ArgumentException">There are not as many values as places.</exception>
    public static GenericChart Line(IReadOnlyList<double> x, IReadOnlyList<double> y, PlotLabels labels)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Lines(x, labels, (labels?.Y ?? "", y));
    }

    private static GenericChart Labeled(GenericChart chart, PlotLabels labels)
    {
        StyleParam.AxisType Kind(bool log) => log ? StyleParam.AxisType.Log : StyleParam.AxisType.Linear;

        var named = chart
            .WithXAxisStyle<double, double, string>(TitleText: labels.X, AxisType: Kind(labels.LogX))
            .WithYAxisStyle<double, double, string>(TitleText: labels.Y, AxisType: Kind(labels.LogY));
        // Plotly.NET charts are square unless told otherwise; lines read better wide.
        named = named.WithSize(680, 400);
        return labels.Title.Length > 0 ? Plotly.NET.Chart.withTitle(labels.Title, null).Invoke(named) : named;
    }
}
