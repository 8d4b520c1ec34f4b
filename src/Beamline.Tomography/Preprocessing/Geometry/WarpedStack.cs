using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Projections whose pixels come from other places of the same projection.</summary>
internal sealed class WarpedStack(ProjectionStack source, PreprocessingStep step, Func<double, double, (double Y, double X)> from)
    : FrameStack(source, step, (frame, _) => Warp(frame, source.RowCount, source.ColumnCount, from))
{
    private static void Warp(float[] frame, int rows, int columns, Func<double, double, (double Y, double X)> from)
    {
        var original = frame.AsSpan().ToArray();
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var (sourceY, sourceX) = from(y, x);
                frame[(y * columns) + x] = Resampler.At(original, rows, columns, sourceY, sourceX);
            }
        }
    }
}
