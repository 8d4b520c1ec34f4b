using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>Whether scans can be compared.</summary>
internal static class ScanCheck
{
    private const int LeastViews = 8;

    /// <exception cref="ArgumentException">They cannot; the message says why.</exception>
    internal static void Check(ProjectionStack noisy, ProjectionStack? reference, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        if (noisy.Quantity == Quantity.Counts || reference?.Quantity == Quantity.Counts)
        {
            throw new ArgumentException("These are counts; compare line integrals (scan.Normalize().MinusLog()).", nameof(noisy));
        }

        if (ReferenceEquals(noisy, reference))
        {
            throw new ArgumentException("The reference is the noisy scan itself. Leave it out: even and odd views are then compared.", nameof(reference));
        }

        if (noisy.AngleCount < LeastViews)
        {
            throw new ArgumentException($"A comparison reconstructs slices, also of every other view, and needs {LeastViews} views or more; the scan has {noisy.AngleCount}.", nameof(noisy));
        }

        CheckShape(noisy, reference, "The reference", nameof(reference));
        foreach (var other in options.Others)
        {
            CheckShape(noisy, other.Projections, $"'{other.Name}'", nameof(options));
        }

        CheckIndices(options.Views, noisy.AngleCount, "view");
        CheckIndices(options.Slices, noisy.RowCount, "slice");
        options.Dose?.Check(noisy.AngleCount);
        if (reference is null && (options.ReferenceIsExact || options.Tuning == FilterTuning.Reference))
        {
            throw new ArgumentException("The options speak of a reference, but there is none: give it as the second argument.", nameof(options));
        }
    }

    internal static void CheckIndices(IReadOnlyList<int>? indices, int count, string what)
    {
        if (indices is { Count: 0 })
        {
            throw new ArgumentException($"There is no {what} to score; leave the list out for the default.", nameof(indices));
        }

        if (indices?.Where(i => i < 0 || i >= count).Select(i => (int?)i).FirstOrDefault() is { } outside)
        {
            throw new ArgumentException($"There is no {what} {outside}; they go from 0 to {count - 1}.", nameof(indices));
        }

        if (indices is not null && indices.Distinct().Count() != indices.Count)
        {
            throw new ArgumentException($"A {what} is named twice.", nameof(indices));
        }
    }

    private static void CheckShape(ProjectionStack noisy, ProjectionStack? other, string what, string parameter)
    {
        if (other is not null && (other.AngleCount, other.RowCount, other.ColumnCount) != (noisy.AngleCount, noisy.RowCount, noisy.ColumnCount))
        {
            throw new ArgumentException(
                $"{what} has {other.AngleCount} x {other.RowCount} x {other.ColumnCount} values, the noisy scan {noisy.AngleCount} x {noisy.RowCount} x {noisy.ColumnCount}; they must be of the same views.", parameter);
        }
    }

    /// <exception cref="ArgumentException">A value is not finite; the message says where.</exception>
    internal static void CheckFinite(ProjectionStack stack, string what, string parameter)
    {
        var frame = new float[stack.RowCount * stack.ColumnCount];
        for (var angle = 0; angle < stack.AngleCount; angle++)
        {
            stack.Read(new StackRegion(angle, 1, 0, stack.RowCount), frame);
            var at = Array.FindIndex(frame, v => !float.IsFinite(v));
            if (at >= 0)
            {
                throw new ArgumentException(
                    $"{what} holds {frame[at]} in view {angle}, row {at / stack.ColumnCount}, column {at % stack.ColumnCount}. RepairValues() replaces such values; a floor in MinusLog() avoids them.", parameter);
            }
        }
    }
}
