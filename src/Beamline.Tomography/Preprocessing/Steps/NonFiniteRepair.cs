using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// NaN and infinity would spread through sorting, medians and Fourier transforms; they take the values of their neighbors first.
/// </summary>
internal static class NonFiniteRepair
{
    /// <summary>Fills along the row, then whole rows from the neighboring angles. Says how many values were filled.</summary>
    /// <exception cref="InvalidDataException">Nothing in the sinogram is finite.</exception>
    internal static long Sinogram(SinogramBlock sinogram)
    {
        long repaired = 0;
        List<int>? empty = null;
        for (var a = 0; a < sinogram.Angles; a++)
        {
            var bad = Line(sinogram.Row(a));
            repaired += bad;
            if (bad == sinogram.Columns)
            {
                (empty ??= []).Add(a);
            }
        }

        if (empty is null)
        {
            return repaired;
        }

        if (empty.Count == sinogram.Angles)
        {
            throw new InvalidDataException(
                $"Detector row {sinogram.DetectorRow} has no finite value at any angle (all are NaN or infinite). Leave the row out, or check the flats.");
        }

        foreach (var a in empty)
        {
            var before = LastGood(empty, a, -1, sinogram.Angles);
            var after = LastGood(empty, a, 1, sinogram.Angles);
            var (from, to) = (before < 0 ? after : before, after < 0 ? before : after);
            var weight = from == to ? 0f : (a - from) / (float)(to - from);
            for (var c = 0; c < sinogram.Columns; c++)
            {
                var start = sinogram.Row(from)[c];
                sinogram.Row(a)[c] = start + (weight * (sinogram.Row(to)[c] - start));
            }
        }

        return repaired;
    }

    /// <summary>Fills along rows, and rows without any finite value from the row before or behind.</summary>
    /// <exception cref="InvalidDataException">Nothing in the frame is finite.</exception>
    internal static long Frame(float[] frame, int columns, int index, double angleDegrees)
    {
        long repaired = 0;
        var lastGood = -1;
        var rows = frame.Length / columns;
        for (var row = 0; row < rows; row++)
        {
            var line = frame.AsSpan(row * columns, columns);
            var bad = Line(line);
            repaired += bad;
            if (bad < columns)
            {
                for (var r = lastGood < 0 ? 0 : row; r < row; r++)
                {
                    line.CopyTo(frame.AsSpan(r * columns, columns));
                }

                lastGood = row;
            }
            else if (lastGood >= 0)
            {
                frame.AsSpan(lastGood * columns, columns).CopyTo(line);
            }
        }

        return lastGood >= 0 ? repaired : throw new InvalidDataException(
            $"Projection {index} ({angleDegrees:0.###}°) has no finite value: all are NaN or infinite. " +
            "RepairValues() puts the mean of its neighboring projections in its place.");
    }

    internal static void Warn(string step, long repaired, ref int warned, RunContext context)
    {
        if (repaired > 0 && Interlocked.Exchange(ref warned, 1) == 0)
        {
            context.Warning?.Invoke(
                $"{step}: {repaired} or more values were not finite (NaN or infinite) and took the values of their neighbors.");
        }
    }

    /// <summary>Fills holes between finite values of a line; leaves a line without any. Says how many were not finite.</summary>
    internal static int Line(Span<float> line)
    {
        var bad = 0;
        var lastGood = -1;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && !float.IsFinite(line[i]))
            {
                bad++;
                continue;
            }

            if (i == line.Length && lastGood < 0)
            {
                break;
            }

            for (var j = lastGood + 1; j < i; j++)
            {
                line[j] = lastGood < 0 ? line[i]
                    : i == line.Length ? line[lastGood]
                    : line[lastGood] + ((line[i] - line[lastGood]) * (j - lastGood) / (i - lastGood));
            }

            lastGood = i;
        }

        return bad;
    }

    private static int LastGood(List<int> empty, int from, int step, int count)
    {
        var i = from;
        while (i >= 0 && i < count && empty.BinarySearch(i) >= 0)
        {
            i += step;
        }

        return i < count ? i : -1;
    }
}
