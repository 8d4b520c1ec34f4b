using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.LogPolar;

/// <summary>
/// The Fourier transform of the convolution that backprojects a wedge: for each frequency along r, the shifts by log cos of
/// the angle, transformed over the angle; over the response of the cubic splines that read the result.
/// </summary>
internal sealed unsafe class WedgeResponse : IDisposable
{
    private const int Lanes = 16;
    private readonly ArrayMemory<float> _values;
    private readonly int _half;

    internal WedgeResponse(LogPolarGrid grid, RunContext context)
    {
        _half = grid.AngularCount / 2;
        _values = ArrayMemory.Allocate<float>(FloatsFor(grid));
        using var fft = new LaneFft(grid.AngularCount, 2 * Lanes);
        var blocks = (grid.HighestFrequency + Lanes) / Lanes;
        ParallelWork.For(blocks, context, block =>
        {
            using var buffer = ArrayMemory.Allocate<float>(2 * fft.BufferLength);
            var reach = (grid.OutputCount - 1 + ((grid.AnglesInWedge - 1) * grid.Fraction)) / 2;
            var period = grid.RadialCount * grid.RadialStep;
            for (var d = 0; d <= reach; d++)
            {
                var shift = Math.Log(Math.Cos(d * grid.AngularStep));
                var there = buffer.Pointer + ((long)d * 2 * Lanes);
                var opposite = buffer.Pointer + ((grid.AngularCount - d) % grid.AngularCount * 2L * Lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var (sin, cos) = Math.SinCos(2 * Math.PI * ((block * Lanes) + lane) * shift / period);
                    (there[lane], there[lane + Lanes]) = ((float)cos, (float)sin);
                    (opposite[lane], opposite[lane + Lanes]) = ((float)cos, (float)sin);
                }
            }

            Store(grid, fft.Forward(buffer.Pointer, buffer.Pointer + fft.BufferLength), block);
            GC.KeepAlive(buffer);
        });
    }

    /// <summary>
    /// Real and imaginary parts for a frequency along r, 0 or more, and the frequencies 0 to half the length along the angle, in which the
    /// transform is even.
    /// </summary>
    internal float* Row(int radial) => _values.Pointer + (2L * radial * (_half + 1));

    internal static long FloatsFor(LogPolarGrid grid) => 2L * (grid.HighestFrequency + 1) * ((grid.AngularCount / 2) + 1);

    public void Dispose() => _values.Dispose();

    private void Store(LogPolarGrid grid, float* transform, int block)
    {
        for (var lane = 0; lane < Lanes && (block * Lanes) + lane <= grid.HighestFrequency; lane++)
        {
            var radial = (block * Lanes) + lane;
            // Both transforms there and back multiply by their lengths.
            var scale = 1 / ((double)grid.RadialCount * grid.AngularCount * Splines.Response((double)radial / grid.RadialCount));
            for (var angular = 0; angular <= _half; angular++)
            {
                var source = transform + ((long)angular * 2 * Lanes) + lane;
                var factor = scale / Splines.Response((double)angular / grid.AngularCount);
                var at = Row(radial) + (2 * angular);
                (at[0], at[1]) = ((float)(source[0] * factor), (float)(source[Lanes] * factor));
            }
        }
    }
}
