using Beamline.Data;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Averages of flats or darks over some of their frames, some rows at a time.</summary>
internal static class ReferenceAverages
{
    private const long BlockBytes = 64L << 20;

    /// <summary>Mean of all frames, [row, column].</summary>
    internal static float[] Mean(ReferenceFrames frames) => Groups(frames, [[.. Enumerable.Range(0, frames.FrameCount)]])[0];

    /// <summary>Median of all frames, [row, column].</summary>
    internal static float[] Median(ReferenceFrames frames)
    {
        var median = new float[frames.RowCount * frames.ColumnCount];
        var values = new float[frames.FrameCount];
        var middle = frames.FrameCount / 2;
        Visit(frames, (block, offset, size) =>
        {
            for (var i = 0; i < size; i++)
            {
                for (var f = 0; f < values.Length; f++)
                {
                    values[f] = block[(f * size) + i];
                }

                Array.Sort(values);
                median[offset + i] = values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
            }
        });
        return median;
    }

    /// <summary>The mean of each group of frames.</summary>
    internal static float[][] Groups(ReferenceFrames frames, int[][] groups)
    {
        var means = groups.Select(_ => new float[frames.RowCount * frames.ColumnCount]).ToArray();
        Visit(frames, (block, offset, size) =>
        {
            for (var g = 0; g < groups.Length; g++)
            {
                for (var i = 0; i < size; i++)
                {
                    double sum = 0;
                    foreach (var f in groups[g])
                    {
                        sum += block[(f * size) + i];
                    }

                    means[g][offset + i] = (float)(sum / groups[g].Length);
                }
            }
        });
        return means;
    }

    private static void Visit(ReferenceFrames frames, Action<float[], int, int> visit)
    {
        var rowValues = (long)frames.FrameCount * frames.ColumnCount;
        var rows = (int)Math.Clamp(BlockBytes / (rowValues * sizeof(float)), 1, frames.RowCount);
        var block = new float[rows * rowValues];
        for (var first = 0; first < frames.RowCount; first += rows)
        {
            var count = Math.Min(rows, frames.RowCount - first);
            frames.Read(first, count, block);
            visit(block, first * frames.ColumnCount, count * frames.ColumnCount);
        }
    }
}
