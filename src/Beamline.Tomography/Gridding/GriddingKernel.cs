using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Gridding;

/// <summary>The Kaiser-Bessel kernel that spreads a sample of the spectrum over neighboring grid points.</summary>
/// <remarks>
/// I0(b sqrt(1 - (2 t / W)^2)) / I0(b) with b = pi sqrt((W / a)^2 (a - 1/2)^2 - 0.8) for oversampling a: Beatty, Nishimura and
/// Pauly, IEEE Trans. Med. Imaging 24 (2005) 799. Why this one: docs/adr/0028.
/// </remarks>
internal sealed unsafe class GriddingKernel : IDisposable
{
    /// <summary>Weights of one row of the table: the widest kernel.</summary>
    internal const int Room = 8;

    /// <summary>Rows of the table between two grid points; linear interpolation between them is right to 1e-5.</summary>
    private const int Steps = 512;

    private readonly ArrayMemory<float> _table;
    private readonly double _shape;

    internal GriddingKernel(int width, double oversampling)
    {
        Width = width;
        var q = width / oversampling * (oversampling - 0.5);
        _shape = Math.PI * Math.Sqrt(Math.Max((q * q) - 0.8, 0.1));
        _table = ArrayMemory.Allocate<float>((Steps + 2L) * Room);
        for (var step = 0; step <= Steps + 1; step++)
        {
            for (var j = 0; j < width; j++)
            {
                _table.Pointer[(step * Room) + j] = (float)Value(((double)step / Steps) + j - (width / 2.0));
            }
        }
    }

    /// <summary>Grid points that a sample touches in one direction.</summary>
    internal int Width { get; }

    /// <summary>Finds the first grid point that a sample at a place touches, and its weights there and at the next ones.</summary>
    internal int Weights(double place, float* weights)
    {
        var first = Math.Ceiling(place - (Width / 2.0));
        var position = (float)((first - (place - (Width / 2.0))) * Steps);
        var row = (int)position;
        var below = Vector256.Load(_table.Pointer + (row * Room));
        var above = Vector256.Load(_table.Pointer + ((row + 1) * Room));
        Vector256.Store(below + ((above - below) * (position - row)), weights);
        return (int)first;
    }

    /// <summary>The inverse of the kernel's Fourier transform at pixels from the middle of an image, by quadrature of the kernel itself.</summary>
    /// <param name="first">The first pixel's coordinate.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="gridSize">Points of the grid, the period of the image.</param>
    internal float[] Deapodization(int first, int count, int gridSize)
    {
        const int Intervals = 256;
        var step = Width / (double)Intervals;
        // Simpson's rule: 1, 4, 2, 4 ... 1.
        var values = new double[Intervals + 1];
        for (var n = 0; n <= Intervals; n++)
        {
            values[n] = Value((n * step) - (Width / 2.0)) * (n is 0 or Intervals ? 1 : n % 2 == 1 ? 4 : 2) * step / 3;
        }

        var result = new float[count];
        for (var i = 0; i < count; i++)
        {
            var turn = 2 * Math.PI * (first + i) / gridSize;
            double sum = 0;
            for (var n = 0; n <= Intervals; n++)
            {
                sum += values[n] * Math.Cos(turn * ((n * step) - (Width / 2.0)));
            }

            result[i] = (float)(1 / sum);
        }

        return result;
    }

    public void Dispose() => _table.Dispose();

    private double Value(double t)
    {
        var root = 1 - (4 * t * t / ((double)Width * Width));
        return root < 0 ? 0 : BesselI0(_shape * Math.Sqrt(root)) / BesselI0(_shape);
    }

    private static double BesselI0(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }

        return sum;
    }
}
