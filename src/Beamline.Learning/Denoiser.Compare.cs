using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Learning;

/// <content>Comparing it with classical filters.</content>
public sealed partial class Denoiser
{
    /// <summary>
    /// Puts the network beside classical filters, on projections and after filtered backprojection, with the dose that each needs.
    /// </summary>
    /// <remarks>
    /// Without a reference, slices of the even and of the odd views are correlated with each other. Filters are tuned as the options say; for
    /// slices only the rows around each are filtered (32 on both sides for total variation). The scans are held in memory: give a part of large ones.
    /// </remarks>
    /// <param name="noisy">The projections that are denoised, as line integrals.</param>
    /// <param name="reference">Exact projections or a scan at high dose, of the same views; null when there is none.</param>
    /// <param name="options">What is compared, and how; null for the defaults.</param>
    /// <returns>Tables, pictures and curves: <c>display(comparison)</c>.</returns>
    /// <exception cref="ArgumentException">Shapes or indices do not fit, a value is not finite, or the options need a reference.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public DenoisingComparison Compare(ProjectionStack noisy, ProjectionStack? reference = null, ComparisonOptions? options = null) =>
        ScanComparison.Run(new ComparedNetwork(Network.Name, Apply, TrainedViews(noisy), Network.InputChannels - 1), noisy, reference, options ?? new ComparisonOptions());

    /// <summary>Puts the network beside classical filters on slices of a volume.</summary>
    /// <param name="noisy">The volume that is denoised.</param>
    /// <param name="reference">What it should look like, of the same shape.</param>
    /// <param name="options">What is compared; null for the defaults. Views, axis and dose do not count.</param>
    /// <exception cref="ArgumentException">Shapes or indices do not fit, a value is not finite, or the network wants neighbors.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public DenoisingComparison Compare(Volume noisy, Volume reference, ComparisonOptions? options = null) =>
        VolumeComparison.Run(Network.Name, Apply, noisy, reference, isHalf: false, options ?? new ComparisonOptions());

    /// <summary>
    /// Puts the network beside classical filters where no truth is known, by two volumes with independent noise, such as reconstructions
    /// of even and of odd views: each is denoised, and the results are correlated.
    /// </summary>
    /// <param name="first">One volume.</param>
    /// <param name="second">The other, of the same shape.</param>
    /// <param name="options">What is compared; null for the defaults. Views, axis and dose do not count.</param>
    /// <exception cref="ArgumentException">Shapes or indices do not fit, a value is not finite, or the network wants neighbors.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public DenoisingComparison CompareHalves(Volume first, Volume second, ComparisonOptions? options = null) =>
        VolumeComparison.Run(Network.Name, Apply, first, second, isHalf: true, options ?? new ComparisonOptions());

    /// <summary>Views of a hybrid-dose scan whose better picture it was trained on; none when the scan is another one.</summary>
    private int[] TrainedViews(ProjectionStack? stack) =>
        Facts.TryGetValue("normal-dose views", out var views) && Facts.TryGetValue("low-dose views", out var count) && count == stack?.AngleCount.ToString(CultureInfo.InvariantCulture)
            ? [.. views.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => int.Parse(v, CultureInfo.InvariantCulture))]
            : [];
}
