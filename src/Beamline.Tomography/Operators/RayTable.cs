using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

/// <summary>
/// Cosine and sine of each angle, and the shape of the interpolation kernel of each angle, padded to full vectors.
/// </summary>
/// <remarks>
/// A backprojection gathers, for a pixel whose ray hits the detector at t, the two columns next to t with the weights
/// of a hat: Scale * max(0, 1 - |t - d| * InverseWidth). A hat of width 1 is linear interpolation; a hat of width
/// max(|cos|, |sin|), with its inverse as scale, is the exact transpose of Joseph's projector.
/// </remarks>
internal sealed unsafe class RayTable : IDisposable
{
    private const int Vector = 16;
    private readonly ArrayMemory<float> _memory;

    private RayTable(IReadOnlyList<double> anglesDegrees)
    {
        AngleCount = anglesDegrees.Count;
        PaddedCount = (AngleCount + Vector - 1) / Vector * Vector;
        _memory = ArrayMemory.Allocate<float>(4L * PaddedCount);
        for (var a = 0; a < AngleCount; a++)
        {
            var (sin, cos) = SinCosDegrees(anglesDegrees[a]);
            Cos[a] = (float)cos;
            Sin[a] = (float)sin;
        }
    }

    internal int AngleCount { get; }

    internal int PaddedCount { get; }

    /// <summary>Whether all hats have width 1, so that the two weights of a ray add up to its scale.</summary>
    internal bool Interpolates { get; private init; }

    internal float* Cos => _memory.Pointer;

    internal float* Sin => _memory.Pointer + PaddedCount;

    internal float* InverseWidth => _memory.Pointer + (2 * PaddedCount);

    internal float* Scale => _memory.Pointer + (3 * PaddedCount);

    /// <summary>Hats of Joseph's transpose.</summary>
    internal static RayTable Joseph(IReadOnlyList<double> anglesDegrees)
    {
        var table = new RayTable(anglesDegrees);
        for (var a = 0; a < table.AngleCount; a++)
        {
            // From the rounded values, because the forward projector uses those, too.
            var width = Math.Max(Math.Abs(table.Cos[a]), Math.Abs(table.Sin[a]));
            table.InverseWidth[a] = table.Scale[a] = 1 / width;
        }

        return table;
    }

    /// <summary>Linear interpolation with one weight for each angle.</summary>
    internal static RayTable Interpolating(IReadOnlyList<double> anglesDegrees, ReadOnlySpan<double> weights)
    {
        var table = new RayTable(anglesDegrees) { Interpolates = true };
        for (var a = 0; a < table.AngleCount; a++)
        {
            table.InverseWidth[a] = 1;
            table.Scale[a] = (float)weights[a];
        }

        return table;
    }

    /// <summary>Sine and cosine that are exact at multiples of 90 degrees, where rays run along the pixels.</summary>
    internal static (double Sin, double Cos) SinCosDegrees(double degrees)
    {
        var turn = Math.IEEERemainder(degrees, 360);
        return turn switch
        {
            0 => (0, 1),
            90 => (1, 0),
            -90 => (-1, 0),
            180 or -180 => (0, -1),
            _ => Math.SinCos(turn * (Math.PI / 180)),
        };
    }

    public void Dispose() => _memory.Dispose();
}
