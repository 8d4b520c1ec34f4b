using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>Whether two measurements of one sample can be what they are said to be.</summary>
internal static class HybridDoseCheck
{
    /// <exception cref="ArgumentException">They cannot; the message says why.</exception>
    public static void Check(ProjectionStack lowDose, ProjectionStack normalDose, IReadOnlyList<int> viewIndices)
    {
        if (normalDose.AngleCount != viewIndices.Count)
        {
            throw new ArgumentException($"There are {normalDose.AngleCount} normal-dose views and {viewIndices.Count} indices; each view needs the index of the same view at low dose.", nameof(viewIndices));
        }

        if ((normalDose.RowCount, normalDose.ColumnCount) != (lowDose.RowCount, lowDose.ColumnCount))
        {
            throw new ArgumentException(
                $"Normal-dose views have {normalDose.RowCount} x {normalDose.ColumnCount} pixels, low-dose views {lowDose.RowCount} x {lowDose.ColumnCount}.", nameof(normalDose));
        }

        if (viewIndices.Where(i => i < 0 || i >= lowDose.AngleCount).Select(i => (int?)i).FirstOrDefault() is { } outside)
        {
            throw new ArgumentException($"View {outside} is not among the low-dose views 0 to {lowDose.AngleCount - 1}.", nameof(viewIndices));
        }

        if (viewIndices.Distinct().Count() != viewIndices.Count)
        {
            throw new ArgumentException("A view is named twice; each normal-dose view belongs to one low-dose view.", nameof(viewIndices));
        }

        if (viewIndices.Count < 2)
        {
            throw new ArgumentException("One pair of views is not enough: a network learns that one picture by heart. Measure at least two, better ten, spread over the angles.", nameof(viewIndices));
        }

        if (lowDose.Quantity == Quantity.Counts || normalDose.Quantity == Quantity.Counts)
        {
            throw new ArgumentException("These are counts; train on line integrals (scan.Normalize().MinusLog()).", nameof(lowDose));
        }

        var (low, normal) = (Roughness(lowDose.Projection(viewIndices[0])), Roughness(normalDose.Projection(0)));
        if (normal > 1.1 * low)
        {
            throw new ArgumentException(
                $"The view given as normal dose is noisier ({normal:0.###}) than the one given as low dose ({low:0.###}): were the two stacks swapped?", nameof(normalDose));
        }
    }

    /// <summary>Noise of an image, from the median of what two neighbors differ by beyond a slope.</summary>
    internal static double Roughness(Image image)
    {
        var differences = new List<float>();
        var values = image.Values;
        for (var r = 0; r < image.RowCount; r++)
        {
            for (var c = 1; c < image.ColumnCount - 1; c++)
            {
                var at = (r * image.ColumnCount) + c;
                var difference = Math.Abs(values[at] - (0.5f * (values[at - 1] + values[at + 1])));
                if (float.IsFinite(difference))
                {
                    differences.Add(difference);
                }
            }
        }

        differences.Sort();
        return differences.Count == 0 ? 0 : differences[differences.Count / 2] / (0.6745 * Math.Sqrt(1.5));
    }
}
