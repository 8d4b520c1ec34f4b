using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Learning;

/// <content>Ways to train one.</content>
public sealed partial class Denoiser
{
    /// <summary>
    /// Trains on a scan measured twice: every view at low dose, a few views at normal dose too (HDrec, arXiv 2009.13589).
    /// Apply the result to <paramref name="lowDose"/>.
    /// </summary>
    /// <param name="lowDose">All views at low dose, as line integrals (after minus-log).</param>
    /// <param name="normalDose">The few views at normal dose, in the same units.</param>
    /// <param name="viewIndices">For each of them the index of the same view in <paramref name="lowDose"/>.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes or numbers do not fit, an index is out of range, or the doses look swapped.</exception>
    /// <exception cref="TorchNotAvailableException">libtorch cannot be had.</exception>
    /// <exception cref="TrainingFailedException">The training ended without a result.</exception>
    /// <exception cref="TrainingCanceledException">It was cancelled; the best so far is in the exception.</exception>
    public static Denoiser TrainHybridDose(ProjectionStack lowDose, ProjectionStack normalDose, IReadOnlyList<int> viewIndices, TrainingOptions? options = null)
    {
        using var run = StartHybridDose(lowDose, normalDose, viewIndices, options);
        return run.Wait();
    }

    /// <inheritdoc cref="TrainHybridDose"/>
    public static async Task<Denoiser> TrainHybridDoseAsync(
        ProjectionStack lowDose, ProjectionStack normalDose, IReadOnlyList<int> viewIndices, TrainingOptions? options = null)
    {
        using var run = StartHybridDose(lowDose, normalDose, viewIndices, options);
        return await run.Completion.ConfigureAwait(false);
    }

    /// <summary>Starts <see cref="TrainHybridDose"/> and does not wait: the run can be looked at, paused and stopped.</summary>
    /// <param name="lowDose">All views at low dose.</param>
    /// <param name="normalDose">The few views at normal dose.</param>
    /// <param name="viewIndices">Their indices in <paramref name="lowDose"/>.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    public static TrainingRun StartHybridDose(ProjectionStack lowDose, ProjectionStack normalDose, IReadOnlyList<int> viewIndices, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lowDose);
        ArgumentNullException.ThrowIfNull(normalDose);
        ArgumentNullException.ThrowIfNull(viewIndices);
        options ??= new TrainingOptions();
        HybridDoseCheck.Check(lowDose, normalDose, viewIndices);
        var window = new NeighborWindow(lowDose, options.Network.InputChannels);
        var unseen = UnseenView(lowDose.AngleCount, viewIndices);
        var set = new TrainingSet(options, lowDose.RowCount, lowDose.ColumnCount) { PreviewInput = () => window.Around(unseen), PreviewTitle = $"view {unseen}" };
        for (var i = 0; i < viewIndices.Count; i++)
        {
            var (view, pair) = (viewIndices[i], i);
            set.Add(() => window.Around(view), () => normalDose.Projection(pair).Values.ToArray());
        }

        return set.Start(new Dictionary<string, string>
        {
            ["mode"] = "hybrid dose",
            ["quantity"] = lowDose.Quantity.ToString(),
            ["normal-dose views"] = string.Join(" ", viewIndices),
            ["low-dose views"] = lowDose.AngleCount.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>
    /// Trains on two measurements of the same views with independent noise (Noise2Noise, arXiv 1803.04189): each is the other's target.
    /// </summary>
    /// <param name="first">One measurement.</param>
    /// <param name="second">The other, of the same shape.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes or numbers do not fit.</exception>
    public static Denoiser TrainNoise2Noise(ProjectionStack first, ProjectionStack second, TrainingOptions? options = null)
    {
        using var run = StartNoise2Noise(first, second, options);
        return run.Wait();
    }

    /// <inheritdoc cref="TrainNoise2Noise"/>
    public static async Task<Denoiser> TrainNoise2NoiseAsync(ProjectionStack first, ProjectionStack second, TrainingOptions? options = null)
    {
        using var run = StartNoise2Noise(first, second, options);
        return await run.Completion.ConfigureAwait(false);
    }

    /// <summary>Starts <see cref="TrainNoise2Noise"/> and does not wait: the run can be looked at, paused and stopped.</summary>
    /// <param name="first">One measurement.</param>
    /// <param name="second">The other, of the same shape.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes or numbers do not fit.</exception>
    public static TrainingRun StartNoise2Noise(ProjectionStack first, ProjectionStack second, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new TrainingOptions();
        if ((first.AngleCount, first.RowCount, first.ColumnCount) != (second.AngleCount, second.RowCount, second.ColumnCount))
        {
            throw new ArgumentException(
                $"The two measurements differ in shape: {first.AngleCount} x {first.RowCount} x {first.ColumnCount} and {second.AngleCount} x {second.RowCount} x {second.ColumnCount}.", nameof(second));
        }

        var set = new TrainingSet(options, first.RowCount, first.ColumnCount);
        foreach (var (noisy, target) in new[] { (first, second), (second, first) })
        {
            var window = new NeighborWindow(noisy, options.Network.InputChannels);
            for (var view = 0; view < first.AngleCount; view++)
            {
                var index = view;
                set.Add(() => window.Around(index), () => target.Projection(index).Values.ToArray());
            }
        }

        return set.Start(new Dictionary<string, string> { ["mode"] = "Noise2Noise", ["quantity"] = first.Quantity.ToString() });
    }

    /// <summary>Trains on pairs of images: noisy ones, and what they should look like.</summary>
    /// <param name="noisy">Noisy images, all of one shape.</param>
    /// <param name="targets">As many better ones, of the same shape and units.</param>
    /// <param name="options">How to train; null for the defaults. The network must take one image.</param>
    /// <exception cref="ArgumentException">Shapes or numbers do not fit.</exception>
    public static Denoiser TrainPairs(IReadOnlyList<Image> noisy, IReadOnlyList<Image> targets, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(targets);
        options ??= new TrainingOptions();
        if (noisy.Count == 0 || noisy.Count != targets.Count)
        {
            throw new ArgumentException($"There are {noisy.Count} noisy images and {targets.Count} targets; there must be as many, and at least one.", nameof(targets));
        }

        if (options.Network.InputChannels != 1)
        {
            throw new ArgumentException($"Single images have no neighbors, but the network takes {options.Network.InputChannels}.", nameof(options));
        }

        var (rows, columns) = (noisy[0].RowCount, noisy[0].ColumnCount);
        for (var i = 0; i < noisy.Count; i++)
        {
            if ((noisy[i].RowCount, noisy[i].ColumnCount) != (rows, columns) || (targets[i].RowCount, targets[i].ColumnCount) != (rows, columns))
            {
                throw new ArgumentException(
                    $"Pair {i} is {noisy[i].RowCount} x {noisy[i].ColumnCount} and {targets[i].RowCount} x {targets[i].ColumnCount} pixels; the first image is {rows} x {columns}.", nameof(targets));
            }
        }

        var set = new TrainingSet(options, rows, columns);
        foreach (var (image, target) in noisy.Zip(targets))
        {
            set.Add(() => image.Values.ToArray(), () => target.Values.ToArray());
        }

        using var run = set.Start(new Dictionary<string, string> { ["mode"] = "pairs of images", ["quantity"] = noisy[0].Quantity.ToString() });
        return run.Wait();
    }

    /// <summary>The view that is farthest from those that are trained on; the first of them when there are several.</summary>
    private static int UnseenView(int count, IReadOnlyList<int> trained) => Enumerable.Range(0, count).MaxBy(view => trained.Min(t => Math.Abs(t - view)));
}
