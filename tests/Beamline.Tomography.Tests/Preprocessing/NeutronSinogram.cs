using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>The real neutron sinogram (360 degrees, clear stripes) as line integrals, and what can be said of stripes without knowing the truth.</summary>
internal sealed class NeutronSinogram
{
    private readonly Sinogram _input;
    private readonly bool[] _marked;
    private readonly double[] _kinks;
    private readonly List<int> _stripes = [];

    private NeutronSinogram(MemoryProjectionStack stack)
    {
        Stack = stack;
        _input = stack.Sinogram(0);
        var kinks = _kinks = Kinks(_input);
        // Stripes are the columns whose mean over a whole turn has a kink five times above the usual one.
        var usual = kinks.Select(Math.Abs).Order().ElementAt(kinks.Length / 2);
        _marked = new bool[kinks.Length];
        for (var c = 1; c < kinks.Length - 1; c++)
        {
            if (Math.Abs(kinks[c]) > 5 * usual)
            {
                _stripes.Add(c);
                _marked[c - 1] = _marked[c] = _marked[c + 1] = true;
            }
        }
    }

    internal MemoryProjectionStack Stack { get; }

    internal int StripeCount => _stripes.Count;

    internal static NeutronSinogram Load()
    {
        var path = RealData.PathOf("neutron_sinogram", "sinogram_360_neutron_image.tif");
        using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 1) });
        // The file is one picture: its rows are angles.
        var (angles, columns) = (scan.Frames.RowCount, scan.Frames.ColumnCount);
        var counts = new float[angles * columns];
        scan.Frames.Read(new StackRegion(0, 1, 0, angles), counts);
        var stack = new MemoryProjectionStack(Phantoms.Angles(angles, 360), 1, columns) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles; a++)
        {
            for (var c = 0; c < columns; c++)
            {
                stack.Frame(a)[c] = -MathF.Log(Math.Max(counts[(a * columns) + c], 100) / 47000);
            }
        }

        return new NeutronSinogram(stack);
    }

    /// <summary>Energy of the kinks of the mean over angles that is left in the columns with stripes.</summary>
    internal double EnergyLeft(Sinogram result) => Energy(result) / Energy(_input);

    /// <summary>The same for each stripe by itself, in the mean over stripes: one dead column has a hundred times the energy of all others.</summary>
    internal double EnergyLeftOfEach(Sinogram result)
    {
        var after = Kinks(result);
        return _stripes.Average(c => Math.Pow(after[c] / _kinks[c], 2));
    }

    /// <summary>Root mean square of the change in columns without stripes, as a part of that of their values.</summary>
    internal double ChangeElsewhere(Sinogram result)
    {
        double change = 0, all = 0;
        for (var a = 0; a < result.AngleCount; a++)
        {
            for (var c = 0; c < result.ColumnCount; c++)
            {
                if (!_marked[c])
                {
                    change += Math.Pow(result.Row(a)[c] - _input.Row(a)[c], 2);
                    all += Math.Pow(_input.Row(a)[c], 2);
                }
            }
        }

        return Math.Sqrt(change / all);
    }

    private static double[] Kinks(Sinogram sinogram)
    {
        var means = new double[sinogram.ColumnCount];
        for (var a = 0; a < sinogram.AngleCount; a++)
        {
            for (var c = 0; c < means.Length; c++)
            {
                means[c] += sinogram.Row(a)[c] / (double)sinogram.AngleCount;
            }
        }

        return [.. means.Select((m, c) => c == 0 || c == means.Length - 1 ? 0 : m - ((means[c - 1] + means[c + 1]) / 2))];
    }

    private double Energy(Sinogram sinogram) => Kinks(sinogram).Where((_, c) => _marked[c]).Sum(k => k * k);
}
