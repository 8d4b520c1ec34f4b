using Beamline.Arrays;

namespace Beamline.Tomography.Center;

/// <summary>Brings a sinogram to evenly spaced angles over exactly half a turn.</summary>
internal static class UniformHalfTurn
{
    internal const double LeastDegrees = 150;

    /// <summary>Rows at the angles start + 180 k / count; a power of two of them.</summary>
    /// <returns>[count, columns], row-major.</returns>
    internal static (int Count, float[] Values) Make(Sinogram sinogram)
    {
        var order = Enumerable.Range(0, sinogram.AngleCount).OrderBy(i => sinogram.AnglesDegrees[i]).ToArray();
        double Angle(int i) => sinogram.AnglesDegrees[order[i]];
        var start = Angle(0);
        AngularCoverage.Of(sinogram.AnglesDegrees).NeedHalfTurn("Vo's method");
        var inHalfTurn = order.Count(i => sinogram.AnglesDegrees[i] < start + 180);
        var count = Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)inHalfTurn), 16, 1024);
        var values = new float[count * sinogram.ColumnCount];
        var next = 0;
        for (var k = 0; k < count; k++)
        {
            var angle = start + (180.0 * k / count);
            while (next < order.Length - 1 && Angle(next) < angle)
            {
                next++;
            }

            var before = Math.Max(next - 1, 0);
            var gap = Angle(next) - Angle(before);
            // Beyond the last angle the last row stands for the small rest.
            var weight = gap > 0 ? (float)Math.Clamp((angle - Angle(before)) / gap, 0, 1) : 1f;
            var a = sinogram.Row(order[before]);
            var b = sinogram.Row(order[next]);
            var target = values.AsSpan(k * sinogram.ColumnCount, sinogram.ColumnCount);
            for (var x = 0; x < target.Length; x++)
            {
                var value = a[x] + (weight * (b[x] - a[x]));
                target[x] = float.IsFinite(value) ? value : 0;
            }
        }

        return (count, values);
    }
}
