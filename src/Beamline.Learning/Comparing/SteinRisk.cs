using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>What a filter's mean squared error would be, told from the noisy picture and the strength of its noise alone.</summary>
internal static class SteinRisk
{
    /// <remarks>
    /// Stein, Ann. Stat. 9 (1981) 1135, with the divergence by one random probe: Ramani, Blu and Unser, IEEE Trans. Image Process. 17 (2008) 1540.
    /// For white noise of one strength; up to a constant.
    /// </remarks>
    internal static double Of(Image noisy, double sigma, NoiseFilter filter)
    {
        var step = (float)(0.1 * sigma);
        var random = new Random(1);
        var moved = new Image(noisy.RowCount, noisy.ColumnCount);
        for (var i = 0; i < moved.Values.Length; i++)
        {
            moved.Values[i] = noisy.Values[i] + (random.Next(2) == 0 ? step : -step);
        }

        var (made, other) = (filter.Apply(noisy), filter.Apply(moved));
        var (squares, divergence) = (0.0, 0.0);
        for (var i = 0; i < moved.Values.Length; i++)
        {
            squares += Math.Pow(noisy.Values[i] - made.Values[i], 2);
            divergence += Math.Sign(moved.Values[i] - noisy.Values[i]) * (double)(other.Values[i] - made.Values[i]) / step;
        }

        return (squares + (2 * sigma * sigma * divergence)) / moved.Values.Length;
    }
}
