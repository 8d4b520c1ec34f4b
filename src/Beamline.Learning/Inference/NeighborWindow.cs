using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>A projection with its neighbors in angle; at the ends the last one stands for those that are missing.</summary>
internal sealed class NeighborWindow(ProjectionStack stack, int channels)
{
    private readonly Dictionary<int, float[]> _frames = [];

    /// <summary>Values [channel, row, column]; the middle channel is the projection itself.</summary>
    public float[] Around(int angle)
    {
        var size = stack.RowCount * stack.ColumnCount;
        var indices = Enumerable.Range(angle - (channels / 2), channels).Select(i => Math.Clamp(i, 0, stack.AngleCount - 1)).ToArray();
        foreach (var old in _frames.Keys.Except(indices).ToArray())
        {
            _frames.Remove(old);
        }

        var values = new float[channels * size];
        for (var c = 0; c < channels; c++)
        {
            if (!_frames.TryGetValue(indices[c], out var frame))
            {
                frame = new float[size];
                stack.Read(new StackRegion(indices[c], 1, 0, stack.RowCount), frame);
                _frames[indices[c]] = frame;
            }

            frame.CopyTo(values, c * size);
        }

        return values;
    }
}
