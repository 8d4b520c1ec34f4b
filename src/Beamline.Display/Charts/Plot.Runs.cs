using Beamline.Compute;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display;

/// <content>How something went, iteration by iteration or epoch by epoch.</content>
public static partial class Plot
{
    /// <summary>How an iteration came to its result, on a logarithmic axis.</summary>
    /// <param name="iterations">Numbers of the iterations, rising.</param>
    /// <param name="series">Name and values of each line, for instance relative residual and relative change; NaN leaves a gap, and so does what is not positive.</param>
    /// <exception cref="ArgumentException">There is no series, or one has another number of values than there are iterations.</exception>
    public static GenericChart Convergence(IReadOnlyList<int> iterations, params (string Name, IReadOnlyList<double> Values)[] series)
    {
        ArgumentNullException.ThrowIfNull(iterations);
        ArgumentNullException.ThrowIfNull(series);
        var y = series.Length == 1 ? series[0].Name : "relative to the start";
        return Lines([.. iterations.Select(i => (double)i)], new("Convergence", "iteration", y) { LogY = true }, series);
    }

    /// <summary>Losses of a training, one value for each epoch from 1 on, with the learning rate on an axis of its own at the right.</summary>
    /// <param name="trainLoss">Loss on the training data.</param>
    /// <param name="validationLoss">Loss on the validation data, as many values; NaN where none was computed; null for none.</param>
    /// <param name="learningRate">Learning rate of each epoch, as many values; null for none.</param>
    /// <param name="lossName">Name and unit of the loss.</param>
    /// <exception cref="ArgumentException">The lists have different lengths.</exception>
    public static GenericChart TrainingCurves(
        IReadOnlyList<double> trainLoss, IReadOnlyList<double>? validationLoss = null, IReadOnlyList<double>? learningRate = null, string lossName = "loss")
    {
        ArgumentNullException.ThrowIfNull(trainLoss);
        return Training([.. Enumerable.Range(1, trainLoss.Count).Select(i => (double)i)], trainLoss, validationLoss, learningRate, ("epoch", lossName, "train", "validation"));
    }

    /// <summary>How a training went, score by score, with the learning rate on an axis of its own at the right.</summary>
    /// <param name="curves">Loss, score and learning rate over the steps.</param>
    /// <param name="words">What they are called.</param>
    /// <exception cref="ArgumentException">The lists have different lengths.</exception>
    public static GenericChart TrainingCurves(JobCurves curves, JobWords words)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(words);
        return Training(
            [.. curves.Steps.Select(s => (double)s)], curves.Losses, curves.Scores, curves.LearningRates,
            (words.Iteration, $"{words.Residual}, {words.Score}", words.Residual, words.Score));
    }

    private static GenericChart Training(
        double[] epochs, IReadOnlyList<double> trainLoss, IReadOnlyList<double>? validationLoss, IReadOnlyList<double>? learningRate,
        (string X, string Y, string Train, string Validation) names)
    {
        List<(string, IReadOnlyList<double>)> losses = [(names.Train, trainLoss)];
        if (validationLoss is not null)
        {
            losses.Add((names.Validation, validationLoss));
        }

        // A loss may be negative (a log-likelihood): then the axis is linear.
        var isLog = losses.SelectMany(l => l.Item2).All(v => !double.IsFinite(v) || v > 0);
        var labels = new PlotLabels("Training", names.X, names.Y) { LogY = isLog };
        var chart = Lines(epochs, labels, [.. losses]);
        if (learningRate is null)
        {
            return chart;
        }

        if (learningRate.Count != trainLoss.Count)
        {
            throw new ArgumentException($"There are {learningRate.Count} learning rates for {trainLoss.Count} {names.X}s.", nameof(learningRate));
        }

        var rate = Chart.Line<double, double, string>(
            epochs, learningRate, ShowMarkers: learningRate.Count == 1, Name: "learning rate", ShowLegend: true, LineDash: StyleParam.DrawingStyle.Dot);
        foreach (var trace in GenericChart.getTraces(rate))
        {
            trace.SetProperty("yaxis", "y2");
        }

        var both = Labeled(Chart.Combine([chart, rate]), labels);
        var axis = new LinearAxis();
        var name = new Title();
        name.SetProperty("text", "learning rate");
        axis.SetProperty("title", name);
        axis.SetProperty("type", learningRate.All(r => !double.IsFinite(r) || r > 0) ? "log" : "linear");
        axis.SetProperty("overlaying", "y");
        axis.SetProperty("side", "right");
        axis.SetProperty("showgrid", false);
        GenericChart.getLayout(both).SetProperty("yaxis2", axis);
        return both;
    }
}
