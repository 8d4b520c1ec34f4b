using System.Globalization;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <content>Training on one scan and nothing else, and reconstructing with the result.</content>
public sealed partial class Denoiser
{
    /// <summary>
    /// Trains on a scan alone (Noise2Inverse: Hendriksen, Pelt and Batenburg, IEEE Trans. Comput. Imaging 6, 2020, arXiv 2001.11801): the views are dealt into parts, each part is
    /// reconstructed by itself, and the network learns to foretell the slice of one part from those of the others. Their noise is independent, so what can be foretold is the sample.
    /// </summary>
    /// <remarks>
    /// What is the same in all views cannot be told from the sample: remove rings and dead pixels first. The score (<see cref="TrainingScore.HeldOutRmse"/>) is taken on rows of the
    /// slices that are never trained on, against the slice of the part that did not go in. Its square is the mean square error of the denoised slice plus the noise of
    /// that part, which no training changes: see <see cref="NoiseFloor"/>.
    /// </remarks>
    /// <param name="lineIntegrals">The scan, as line integrals (after minus-log), over half a turn or more.</param>
    /// <param name="axis">The rotation axis.</param>
    /// <param name="options">Parts, filter, slices, network; null for the defaults.</param>
    /// <returns>A denoiser for <see cref="Reconstruct"/>.</returns>
    /// <exception cref="ArgumentException">There are too few views for the parts, slices are too small, a value is not finite, the loss does not fit, or these are no line integrals.</exception>
    /// <exception cref="TorchNotAvailableException">libtorch cannot be had.</exception>
    /// <exception cref="TrainingFailedException">The training ended without a result.</exception>
    /// <exception cref="TrainingCanceledException">It was cancelled; the best so far is in the exception.</exception>
    public static Denoiser TrainNoise2Inverse(ProjectionStack lineIntegrals, RotationAxis axis, Noise2InverseOptions? options = null)
    {
        using var run = StartNoise2Inverse(lineIntegrals, axis, options);
        return run.Wait();
    }

    /// <inheritdoc cref="TrainNoise2Inverse"/>
    public static async Task<Denoiser> TrainNoise2InverseAsync(ProjectionStack lineIntegrals, RotationAxis axis, Noise2InverseOptions? options = null)
    {
        using var run = StartNoise2Inverse(lineIntegrals, axis, options);
        return await run.Completion.ConfigureAwait(false);
    }

    /// <summary>Reconstructs the parts, starts <see cref="TrainNoise2Inverse"/> on them and does not wait: the run can be looked at, paused and stopped.</summary>
    /// <param name="lineIntegrals">The scan, as line integrals.</param>
    /// <param name="axis">The rotation axis.</param>
    /// <param name="options">Parts, filter, slices, network; null for the defaults.</param>
    /// <exception cref="ArgumentException">The scan cannot be split or trained on; the message says why.</exception>
    public static TrainingRun StartNoise2Inverse(ProjectionStack lineIntegrals, RotationAxis axis, Noise2InverseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lineIntegrals);
        ArgumentNullException.ThrowIfNull(axis);
        options ??= new Noise2InverseOptions();
        var training = options.Training ?? new TrainingOptions
        {
            Network = DenoiserNetwork.UNetMedium with { InputChannels = lineIntegrals.RowCount >= 3 ? 3 : 1 }, Steps = 1500, ScoreEvery = 100,
        };
        SplitCheck.Scan(lineIntegrals, axis, options.Splits);
        SplitCheck.Loss(training);
        var recipe = new SplitRecipe(
            options.Splits, options.Strategy, options.Filter, options.Cutoff, options.Padding, options.MaskOutsideCircle, lineIntegrals.AngleCount, SplitRecipe.UnitOf(lineIntegrals));
        var through = options.ThroughWindow && options is not { Filter: FbpFilter.RamLak, Cutoff: 1 } ? WindowKernel.Of(recipe.ToFbp()) : null;
        SplitCheck.Patch(TrainingPairs.PatchEdge(training, lineIntegrals.ColumnCount, lineIntegrals.ColumnCount), through);
        var set = new TrainingSet(training, lineIntegrals.ColumnCount, lineIntegrals.ColumnCount) { Through = through };
        var wanted = Spread(lineIntegrals.RowCount, options.Slices);
        var reach = training.Network.InputChannels / 2;
        var rows = wanted.SelectMany(row => Around(row, reach, lineIntegrals.RowCount)).Distinct().Order().ToArray();
        var context = RunContext.Current;
        using var splits = SplitSlices.Compute(
            lineIntegrals, axis, recipe, rows, part => context.Report("reconstructing parts", part, $"{options.Splits} parts of {lineIntegrals.AngleCount} views, {rows.Length} rows"));
        var size = splits.Edge * splits.Edge;
        foreach (var row in wanted)
        {
            var near = Around(row, reach, lineIntegrals.RowCount).Select(r => Array.BinarySearch(rows, r)).ToArray();
            for (var k = 0; k < options.Splits; k++)
            {
                var split = k;
                set.Add(() => splits.Window(recipe.Strategy, split, near), () =>
                {
                    var target = new float[size];
                    splits.Target(recipe.Strategy, split, near[near.Length / 2], target);
                    return target;
                });
            }
        }

        var (variance, square) = splits.Spread(wanted.Select(row => Array.BinarySearch(rows, row)));
        var noise = Math.Sqrt(variance / (recipe.Strategy == SplitStrategy.OneToMany ? options.Splits - 1 : 1));
        var facts = new Dictionary<string, string>
        {
            ["mode"] = $"Noise2Inverse, {recipe}",
            ["views"] = lineIntegrals.AngleCount.ToString(CultureInfo.InvariantCulture),
            ["slices"] = wanted.Length.ToString(CultureInfo.InvariantCulture),
            [NoiseFact] = noise.ToString("R", CultureInfo.InvariantCulture),
        };
        recipe.Store(facts);

        // Of values that are mostly noise the largest says nothing; networks start best from a root mean square of 1.
        return set.Start(facts, Math.Sqrt(square));
    }

    /// <summary>
    /// After Noise2Inverse the root mean square of the noise in the targets, in units of the data: the score of a network that makes no error. The error of what it makes of one choice of parts is nearly
    /// the square root of score² - floor²; <see cref="Reconstruct"/> takes the mean over all choices and is better than that.
    /// It is measured by what parts differ by: a score below it says that they differ by more than noise, because they have too few views. Null after other trainings.
    /// </summary>
    public double? NoiseFloor => Facts.TryGetValue(NoiseFact, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>
    /// Reconstructs a scan as <see cref="TrainNoise2Inverse"/> does, part by part, applies the network to each choice of parts, and takes the mean. Works slab by slab; what does not fit in memory goes to a
    /// scratch file.
    /// </summary>
    /// <param name="lineIntegrals">The scan that it was trained on, or one measured alike.</param>
    /// <param name="axis">The rotation axis.</param>
    /// <param name="rows">Detector rows to reconstruct, for instance 100..110; null for all.</param>
    /// <returns>A volume [row, y, x] in units of attenuation. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">The denoiser was trained otherwise, the scan has another unit, too few views, or a value that is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public Volume Reconstruct(ProjectionStack lineIntegrals, RotationAxis axis, Range? rows = null)
    {
        ArgumentNullException.ThrowIfNull(lineIntegrals);
        ArgumentNullException.ThrowIfNull(axis);
        var recipe = SplitRecipe.Of(Facts) ?? throw new ArgumentException(
            $"This denoiser was trained on {Facts.GetValueOrDefault("mode", "images of its own")}, not by Noise2Inverse: apply it to what it was trained on (denoiser.Apply), and reconstruct with Reconstruction.Fbp.");
        SplitCheck.Scan(lineIntegrals, axis, recipe.Splits);
        SplitCheck.AppliedTo(lineIntegrals, recipe);
        var (first, count) = (rows ?? Range.All).GetOffsetAndLength(lineIntegrals.RowCount);
        if (count == 0)
        {
            throw new ArgumentException($"The rows {rows} hold none of the {lineIntegrals.RowCount} rows.", nameof(rows));
        }

        var context = RunContext.Current;
        var (edge, reach) = (lineIntegrals.ColumnCount, Network.InputChannels / 2);
        var size = edge * edge;
        var memory = Room(context, (long)count * size);
        try
        {
            using var inference = new NetworkInference(this);
            var slab = (int)Math.Clamp((MemoryBudget.AvailableBytes(context) / 3 / ((long)recipe.Splits * size * sizeof(float))) - (2 * reach), 1, 256);
            var made = new float[size];
            (Quantity, VoxelSize?) kind = default;
            for (var start = first; start < first + count; start += slab)
            {
                var end = Math.Min(start + slab, first + count);
                var needed = Enumerable.Range(Math.Max(0, start - reach), Math.Min(lineIntegrals.RowCount, end + reach) - Math.Max(0, start - reach)).ToArray();
                var (slabStart, part) = (start, (double)(end - start) / count);
                void Report(double done, string what) => context.Report("reconstructing", ((slabStart - first) / (double)count) + (part * done), what);
                using var splits = SplitSlices.Compute(lineIntegrals, axis, recipe, needed, done => Report(0.2 * done, $"parts of rows {slabStart} to {end - 1}"));
                kind = (splits.Quantity, splits.VoxelSize);
                for (var row = start; row < end; row++)
                {
                    Report(0.2 + (0.8 * (row - start) / (end - start)), $"slice {row}");
                    var near = Around(row, reach, lineIntegrals.RowCount).Select(r => r - needed[0]).ToArray();
                    var mean = memory.Span((long)(row - first) * size, size);
                    for (var k = 0; k < recipe.Splits; k++)
                    {
                        inference.Apply(splits.Window(recipe.Strategy, k, near), made, edge, edge);
                        for (var i = 0; i < size; i++)
                        {
                            mean[i] = (k == 0 ? 0 : mean[i]) + (made[i] / recipe.Splits);
                        }
                    }

                    if (recipe.MaskOutsideCircle)
                    {
                        ClearOutside(mean, edge, axis);
                    }
                }
            }

            return new Volume(count, edge, edge, memory)
            {
                VoxelSize = kind.Item2,
                Quantity = kind.Item1,
                Provenance = lineIntegrals.Provenance.Then(
                    "noise2inverse", ("axis", $"{axis.Column:0.###}"), ("parts", $"{recipe}"), ("network", Network.Name), ("data sha256", Facts.GetValueOrDefault("data sha256", "unknown"))),
            };
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private const string NoiseFact = "noise floor";

    /// <summary>Clears what the reconstruction clears: a network leaves a little there.</summary>
    private static void ClearOutside(Span<float> slice, int edge, RotationAxis axis)
    {
        var (radius, middle) = (Math.Min(axis.Column, edge - 1 - axis.Column) + 0.5, (edge - 1) / 2.0);
        for (var i = 0; i < slice.Length; i++)
        {
            var (dx, dy) = ((i % edge) - middle, (i / edge) - middle);
            if ((dx * dx) + (dy * dy) > radius * radius)
            {
                slice[i] = 0;
            }
        }
    }

    /// <summary>So many rows, spread evenly.</summary>
    private static int[] Spread(int rows, int most) => most >= rows
        ? [.. Enumerable.Range(0, rows)]
        : [.. Enumerable.Range(0, most).Select(i => (int)((i + 0.5) * rows / most))];

    /// <summary>A row with its neighbors; at the ends the last one stands for those that are missing.</summary>
    private static IEnumerable<int> Around(int row, int reach, int rows) => Enumerable.Range(row - reach, (2 * reach) + 1).Select(r => Math.Clamp(r, 0, rows - 1));
}
