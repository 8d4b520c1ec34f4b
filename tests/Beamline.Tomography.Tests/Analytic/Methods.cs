using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>The analytic methods under one name each, with the options that they share.</summary>
internal static class Methods
{
    internal static Volume Run(string method, ProjectionStack projections, double axis, Func<AnalyticOptions, AnalyticOptions>? with = null)
    {
        with ??= o => o;
        var at = new RotationAxis(axis);
        return method switch
        {
            "fbp" => Reconstruction.Fbp(projections, at, (FbpOptions)with(new FbpOptions())),
            "fourier" => Reconstruction.Fourier(projections, at, (FourierOptions)with(new FourierOptions())),
            "log-polar" => Reconstruction.LogPolar(projections, at, (LogPolarOptions)with(new LogPolarOptions())),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };
    }

    internal static double Mean(Volume volume, int slice, double x, double y, int half)
    {
        double sum = 0;
        for (var dy = -half; dy <= half; dy++)
        {
            for (var dx = -half; dx <= half; dx++)
            {
                sum += volume[slice, (int)Math.Round(y) + dy, (int)Math.Round(x) + dx];
            }
        }

        return sum / ((2 * half) + 1) / ((2 * half) + 1);
    }

    /// <summary>Root mean square difference in a disc around the middle, over all slices.</summary>
    internal static double Rms(Volume a, Func<int, int, int, double> b, double disc)
    {
        double sum = 0;
        long count = 0;
        var middle = (a.ColumnCount - 1) / 2.0;
        for (var z = 0; z < a.SliceCount; z++)
        {
            for (var y = 0; y < a.RowCount; y++)
            {
                for (var x = 0; x < a.ColumnCount; x++)
                {
                    if (Math.Sqrt(((x - middle) * (x - middle)) + ((y - middle) * (y - middle))) <= disc * a.ColumnCount / 2)
                    {
                        sum += Math.Pow(a[z, y, x] - b(z, y, x), 2);
                        count++;
                    }
                }
            }
        }

        return Math.Sqrt(sum / count);
    }

    /// <summary>The value of a pixel of discs, averaged over 4 x 4 points.</summary>
    internal static double Pixel(Phantoms.Disc[] discs, int size, int x, int y)
    {
        double sum = 0;
        for (var i = 0; i < 16; i++)
        {
            sum += Phantoms.Truth(discs, size, x + (((i % 4) + 0.5) / 4) - 0.5, y + (((i / 4) + 0.5) / 4) - 0.5);
        }

        return sum / 16;
    }
}
