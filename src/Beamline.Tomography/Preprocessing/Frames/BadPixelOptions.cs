using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// Fills pixels that are known to be bad, in every projection, from the nearest good pixels to the left, right, above and below, each weighted by
/// one over its distance.
/// </summary>
public sealed record BadPixelOptions : PreprocessingStep
{
    private const double MostBad = 0.5;

    private readonly Image _mask;

    /// <summary>Takes a mask of the detector.</summary>
    /// <param name="mask">[row, column]; every value but 0 marks a bad pixel.</param>
    public BadPixelOptions(Image mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        _mask = mask;
    }

    /// <summary>The mask: every value but 0 marks a bad pixel.</summary>
    public Image Mask => _mask;

    /// <inheritdoc/>
    public override string Name => "fill-bad-pixels";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("badPixels", $"{BadCount()} of {_mask.Values.Length}")];

    /// <summary>Marks pixels of a picture (an averaged flat or dark) that are far from the median of the 5 x 5 pixels around them.</summary>
    /// <param name="frame">The picture [row, column].</param>
    /// <param name="threshold">How far, in multiples of the picture's noise; above 0.</param>
    /// <returns>1 for bad pixels, also those that are not numbers, and 0 for good ones.</returns>
    public static Image Find(Image frame, double threshold = 8)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(threshold, 0);
        var values = frame.Values.ToArray();
        for (var row = 0; row < frame.RowCount; row++)
        {
            NonFiniteRepair.Line(values.AsSpan(row * frame.ColumnCount, frame.ColumnCount));
        }

        var cleaned = values.AsSpan().ToArray();
        var distance = ZingerFilter.AutoThreshold(values, frame.ColumnCount) / 8 * threshold;
        ZingerFilter.Apply(cleaned, frame.RowCount, frame.ColumnCount, 5, (float)distance, darkToo: true);
        var mask = new Image(frame.RowCount, frame.ColumnCount) { Title = "bad pixels" };
        for (var i = 0; i < values.Length; i++)
        {
            mask.Values[i] = cleaned[i] != frame.Values[i] ? 1 : 0;
        }

        return mask;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The mask has another size than the detector, or marks more than half of it.</exception>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        if ((_mask.RowCount, _mask.ColumnCount) != (projections.RowCount, projections.ColumnCount))
        {
            throw new ArgumentException(
                $"The mask has {_mask.RowCount} x {_mask.ColumnCount} pixels, the detector {projections.RowCount} x {projections.ColumnCount}.",
                nameof(projections));
        }

        if (BadCount() > MostBad * _mask.Values.Length)
        {
            throw new ArgumentException(
                $"The mask marks {BadCount()} of {_mask.Values.Length} pixels as bad. Values other than 0 mark bad pixels: is it inverted?",
                nameof(projections));
        }

        var fills = PixelFill.Plan(_mask);
        return new FrameStack(projections, this, (frame, _) => PixelFill.Apply(fills, frame));
    }

    /// <summary>Whether both mark the same pixels.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(BadPixelOptions? other) =>
        other is not null && _mask.RowCount == other._mask.RowCount && _mask.Values.SequenceEqual(other._mask.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_mask.RowCount, BadCount());

    private int BadCount() => _mask.Values.Length - System.MemoryExtensions.Count(_mask.Values, 0f);
}
