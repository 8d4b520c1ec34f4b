using System.Collections;
using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>How an iterative reconstruction came to its result: one record for each iteration, the start first.</summary>
[TypeFormatterSource("Beamline.Extension.Formatting.ScienceFormatterSource, Beamline.Extension")]
public sealed class ConvergenceHistory : IReadOnlyList<IterationRecord>
{
    private readonly IterationRecord[] _records;

    /// <summary>Keeps a copy of records.</summary>
    /// <param name="records">In the order of their iterations.</param>
    public ConvergenceHistory(IEnumerable<IterationRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        _records = [.. records];
    }

    /// <inheritdoc/>
    public int Count => _records.Length;

    /// <inheritdoc/>
    public IterationRecord this[int index] => _records[index];

    /// <inheritdoc/>
    public IEnumerator<IterationRecord> GetEnumerator() => _records.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _records.Length == 0
        ? "Convergence: no iteration"
        : string.Create(CultureInfo.InvariantCulture,
            $"Convergence: {_records[^1].Iteration} iterations, residual {100 * _records[0].RelativeResidual:0.##} % to {100 * _records[^1].RelativeResidual:0.##} %, " +
            $"last change {100 * _records[^1].RelativeChange:0.###} %");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
