using System.Collections;
using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>How an iterative reconstruction came to its result: one record for each iteration, the start first.</summary>
[TypeFormatterSource("Beamline.Extension.Formatting.ScienceFormatterSource, Beamline.Extension")]
public sealed class ConvergenceHistory : IReadOnlyList<IterationRecord>
{
    /// <summary>Keeps a copy of records.</summary>
    /// <param name="records">In the order of their iterations.</param>
    public ConvergenceHistory(IEnumerable<IterationRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Records = [.. records];
    }

    /// <summary>The records, in the order of their iterations.</summary>
    public IReadOnlyList<IterationRecord> Records { get; }

    /// <inheritdoc/>
    public int Count => Records.Count;

    /// <inheritdoc/>
    public IterationRecord this[int index] => Records[index];

    /// <inheritdoc/>
    public IEnumerator<IterationRecord> GetEnumerator() => Records.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => Records.Count == 0
        ? "Convergence: no iteration"
        : string.Create(CultureInfo.InvariantCulture,
            $"Convergence: {Records[^1].Iteration} iterations, residual {100 * Records[0].RelativeResidual:0.##} % to {100 * Records[^1].RelativeResidual:0.##} %, " +
            $"last change {100 * Records[^1].RelativeChange:0.###} %");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
