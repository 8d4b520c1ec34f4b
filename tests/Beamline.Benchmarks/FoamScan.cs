using Beamline.Arrays;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>
/// A foam as wide as high, half of whose photons are absorbed, seen with so few of them that no slice can be read: the phantom on which the bars of self-supervised denoising
/// were set (10 photons a pixel, 50 % absorption, as many views as columns).
/// </summary>
internal sealed class FoamScan : IDisposable
{
    public FoamScan(int edge, int rows, int views, double photons, ulong seed)
    {
        (Edge, Rows) = (edge, rows);
        var height = (rows / 2.0) + (0.05 * edge);
        var foam = new FoamPhantom(new FoamOptions
        {
            CylinderRadius = 0.45 * edge, HalfHeight = height, Attenuation = 1, Seed = seed, PoreCount = (int)(1200 * 2 * height / (1.1 * edge)),
            SmallestRadius = 0.01 * edge, LargestRadius = 0.07 * edge,
        });
        Clean = new MemoryProjectionStack([.. Enumerable.Range(0, views).Select(v => 180.0 * v / views)], rows, edge) { Quantity = Quantity.LineIntegral };
        Parallel.For(0, views, view =>
        {
            var (sin, cos) = Math.SinCos(Math.PI * view / views);
            var integrals = new double[rows * edge];
            foam.Project(new RayGrid(sin, cos, rows, edge, Axis.Column, 1), integrals);
            var frame = Clean.Frame(view);
            for (var i = 0; i < frame.Length; i++)
            {
                frame[i] = (float)integrals[i];
            }
        });
        Attenuation = HalfAbsorbed();
        foreach (ref var value in Clean.Memory.Span(0, (int)Clean.Memory.Length))
        {
            value *= (float)Attenuation;
        }

        Noisy = PhotonNoise.Measure(Clean, photons, seed + 100);

        // The logarithm of a count of 5 is 0.1 too small in the mean; of a count and a half it is right to a few parts in a thousand. No filter and no training could take that out later.
        foreach (ref var value in Noisy.Memory.Span(0, (int)Noisy.Memory.Length))
        {
            value = (float)-Math.Log((Math.Round(photons * Math.Exp(-value)) + 0.5) / photons);
        }
    }

    public int Edge { get; }

    public int Rows { get; }

    public RotationAxis Axis => RotationAxis.Middle(Edge);

    /// <summary>Attenuation of the solid for each pixel; pores and air have 0.</summary>
    public double Attenuation { get; }

    public MemoryProjectionStack Clean { get; }

    public MemoryProjectionStack Noisy { get; }

    public void Dispose()
    {
        Clean.Dispose();
        Noisy.Dispose();
    }

    /// <summary>The attenuation at which the mean transmission of the rays through the sample is a half.</summary>
    private double HalfAbsorbed()
    {
        var some = Clean.Frame(0).ToArray().Where(p => p > 0).ToArray();
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = some.Average(p => Math.Exp(-p * middle)) > 0.5 ? (middle, high) : (low, middle);
        }

        return low;
    }
}
