using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Which ring of spatial frequency each Fourier pixel belongs to.</summary>
internal sealed class FrequencyGrid
{
    private readonly double[][] _squares;
    private readonly double _width;

    /// <summary>Makes a grid of [z, y, x]; an axis of one pixel does not count.</summary>
    /// <param name="shape">Pixels along each axis.</param>
    /// <param name="sizes">Size of a pixel along each; square pixels when any that counts is not known.</param>
    internal FrequencyGrid(int[] shape, Length?[] sizes)
    {
        int[] counted = [.. Enumerable.Range(0, 3).Where(axis => shape[axis] > 1)];
        var known = counted.All(axis => sizes[axis] is { Meters: > 0 } size && double.IsFinite(size.Meters));
        var edge = known ? counted.Min(axis => sizes[axis]!.Value.Meters) : 1;
        Pixel = known ? new Length(edge) : null;
        double[] steps = [.. Enumerable.Range(0, 3).Select(axis => known && shape[axis] > 1 ? sizes[axis]!.Value.Meters / edge : 1)];
        _width = counted.Max(axis => 1 / (shape[axis] * steps[axis]));
        var nyquist = counted.Min(axis => 0.5 / steps[axis]);
        RingCount = (int)Math.Floor((nyquist / _width) + 1e-9) + 1;
        _squares = [.. Enumerable.Range(0, 3).Select(axis => Enumerable.Range(0, shape[axis]).Select(i =>
        {
            var k = i <= shape[axis] / 2 ? i : i - shape[axis];
            var frequency = k / (shape[axis] * steps[axis]);
            return frequency * frequency;
        }).ToArray())];
    }

    /// <summary>The shortest edge of a pixel; null when not known.</summary>
    internal Length? Pixel { get; }

    /// <summary>Rings from 0 to the Nyquist frequency.</summary>
    internal int RingCount { get; }

    /// <summary>The ring of a Fourier pixel; RingCount or more beyond the Nyquist frequency.</summary>
    internal int Ring(int z, int y, int x) => (int)Math.Round(Math.Sqrt(_squares[0][z] + _squares[1][y] + _squares[2][x]) / _width);

    /// <summary>Frequency of each ring in cycles per shortest pixel edge.</summary>
    internal double[] CyclesPerPixel() => [.. Enumerable.Range(0, RingCount).Select(ring => ring * _width)];
}
