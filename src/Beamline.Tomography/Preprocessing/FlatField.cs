using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Averaged flat and dark of a detector, checked, as an offset and a gain for each pixel.</summary>
internal sealed class FlatField
{
    /// <summary>Part of the pixels that may be bad before the scan itself must be wrong.</summary>
    private const double MostBadPixels = 0.02;

    private readonly float[] _dark;
    private readonly float[] _gain;
    private readonly bool[]? _badRow;

    private FlatField(int rowCount, int columnCount, float[] dark, float[] gain, bool[]? badRow) =>
        (RowCount, ColumnCount, _dark, _gain, _badRow) = (rowCount, columnCount, dark, gain, badRow);

    internal int RowCount { get; }

    internal int ColumnCount { get; }

    /// <summary>Pixels whose flat is not brighter than their dark, or is not a number.</summary>
    internal int BadPixelCount { get; private init; }

    /// <summary>Checks averaged frames [row, column].</summary>
    /// <exception cref="InvalidDataException">Too many pixels cannot be normalized.</exception>
    internal static FlatField Create(int rowCount, int columnCount, float[] flat, float[] dark)
    {
        var gain = new float[flat.Length];
        var bad = 0;
        var firstBad = -1;
        var (flatSum, darkSum) = (0.0, 0.0);
        bool[]? badRow = null;
        for (var i = 0; i < flat.Length; i++)
        {
            var light = flat[i] - dark[i];
            if (float.IsFinite(light) && light > 0)
            {
                gain[i] = 1 / light;
            }
            else
            {
                gain[i] = float.NaN;
                firstBad = bad++ == 0 ? i : firstBad;
                (badRow ??= new bool[rowCount])[i / columnCount] = true;
            }

            if (float.IsFinite(light))
            {
                flatSum += flat[i];
                darkSum += dark[i];
            }
        }

        if (bad > MostBadPixels * flat.Length)
        {
            var where = $"{bad} of {flat.Length} pixels (first: row {firstBad / columnCount}, column {firstBad % columnCount}, " +
                $"flat {flat[firstBad]:g5}, dark {dark[firstBad]:g5})";
            throw new InvalidDataException(
                // Flats without any light are no darks either.
                darkSum > flatSum && flatSum > 0
                    ? $"The dark frames are brighter than the flat frames at {where}. Flats and darks are probably exchanged."
                    : $"The flat frames are not brighter than the dark frames, or are not numbers, at {where}. " +
                      "Check that the flats were taken with the shutter open, and that the flat and dark datasets are the right ones.");
        }

        return new FlatField(rowCount, columnCount, dark, gain, badRow) { BadPixelCount = bad };
    }

    /// <summary>Turns counts of one frame's rows into transmissions, in place.</summary>
    internal void Apply(Span<float> values, int firstRow, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var line = values.Slice(row * ColumnCount, ColumnCount);
            var start = (firstRow + row) * ColumnCount;
            var dark = _dark.AsSpan(start, ColumnCount);
            var gain = _gain.AsSpan(start, ColumnCount);
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = (line[i] - dark[i]) * gain[i];
            }

            if (_badRow is not null && _badRow[firstRow + row])
            {
                FillBad(line, gain);
            }
        }
    }

    /// <summary>The dark, and whether each pixel cannot be normalized.</summary>
    internal (float[] Dark, bool[] Bad) Parts() => (_dark, [.. _gain.Select(float.IsNaN)]);

    /// <summary>The same for one row with a sum of flats of its own, whose weights need not add up to 1.</summary>
    internal void ApplyRow(Span<float> line, int row, ReadOnlySpan<float> flat, float weight)
    {
        var dark = _dark.AsSpan(row * ColumnCount, ColumnCount);
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = (line[i] - dark[i]) / (flat[i] - (weight * dark[i]));
        }

        if (_badRow is not null && _badRow[row])
        {
            FillBad(line, _gain.AsSpan(row * ColumnCount, ColumnCount));
        }
    }

    /// <summary>Bad pixels take the value between their good neighbors in the row.</summary>
    private static void FillBad(Span<float> line, ReadOnlySpan<float> gain)
    {
        var lastGood = -1;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && float.IsNaN(gain[i]))
            {
                continue;
            }

            for (var j = lastGood + 1; j < i; j++)
            {
                line[j] = (lastGood, i) switch
                {
                    (-1, var next) when next == line.Length => 1, // a whole row without light: as if there were no sample
                    (-1, var next) => line[next],
                    var (before, next) when next == line.Length => line[before],
                    var (before, next) => line[before] + ((line[next] - line[before]) * (j - before) / (next - before)),
                };
            }

            lastGood = i;
        }
    }
}
