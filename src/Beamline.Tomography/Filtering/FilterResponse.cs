using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using Scaling = MathNet.Numerics.IntegralTransforms.FourierOptions;

namespace Beamline.Tomography.Filtering;

/// <summary>The response of a filter at each frequency of an FFT.</summary>
internal static class FilterResponse
{
    /// <summary>
    /// The band-limited ramp, made in the space domain (1/4 at 0, -1/(pi n)^2 at odd n), so that its mean is right and
    /// reconstructed values are quantitative; |k| sampled in the frequency domain would lose the constant part
    /// (Kak and Slaney 1988, section 3.3.3). Times the window.
    /// </summary>
    /// <param name="length">Length of the FFT, a multiple of four, or 1 or 2.</param>
    /// <param name="options">Filter and cutoff.</param>
    /// <param name="angularStep">Radians between the columns of a curved detector, whose samples count (angle / sine)² (Kak and Slaney 1988, section 3.4.1); 0 on a flat one.</param>
    /// <returns>Real, symmetric response for frequencies 0, 1 ... -1.</returns>
    /// <exception cref="ArgumentException">An own response is not finite somewhere.</exception>
    internal static float[] Make(int length, AnalyticOptions options, double angularStep = 0)
    {
        var response = new float[length];
        if (options.Filter == FbpFilter.None)
        {
            for (var k = 0; k < length; k++)
            {
                response[k] = options.Response is null ? 1 : (float)Window(2.0 * Math.Min(k, length - k) / length, options);
            }

            return response;
        }

        var ramp = new Complex[length];
        ramp[0] = 0.25;
        for (var n = 1; n <= length / 2; n += 2)
        {
            var value = -1 / (Math.PI * Math.PI * n * n);
            // Rays are never further apart than a right angle or so; beyond it the sample meets zeros only.
            if (angularStep > 0 && n * angularStep is var angle && angle < 1.6)
            {
                value *= Math.Pow(angle / Math.Sin(angle), 2);
            }

            ramp[n] += value;
            // At n = length / 2 both sides are the same sample; it is even there, so the ramp has no sample on it.
            ramp[length - n] = value;
        }

        Fourier.Forward(ramp, Scaling.NoScaling);
        for (var k = 0; k < length; k++)
        {
            var w = 2.0 * Math.Min(k, length - k) / length;
            response[k] = (float)(ramp[k].Real * Window(w, options));
        }

        return response;
    }

    /// <summary>The window at a frequency w from 0 to 1 (Nyquist).</summary>
    internal static double Window(double w, AnalyticOptions options)
    {
        if (options.Response is { } own)
        {
            return w > options.Cutoff ? 0 : Own(own, Math.Min(w / options.Cutoff, 1));
        }

        if (options.Filter == FbpFilter.Butterworth)
        {
            return 1 / (1 + Math.Pow(w / options.Cutoff, 2 * options.ButterworthOrder));
        }

        // The cutoff shrinks the window: at the cutoff frequency it is where it would be at Nyquist.
        var q = w / options.Cutoff;
        if (q > 1)
        {
            return 0;
        }

        return options.Filter switch
        {
            FbpFilter.RamLak => 1,
            FbpFilter.SheppLogan => q == 0 ? 1 : Math.Sin(Math.PI * q / 2) / (Math.PI * q / 2),
            FbpFilter.Cosine => Math.Cos(Math.PI * q / 2),
            FbpFilter.Hamming => 0.54 + (0.46 * Math.Cos(Math.PI * q)),
            FbpFilter.Hann => 0.5 * (1 + Math.Cos(Math.PI * q)),
            FbpFilter.Parzen => q <= 0.5 ? 1 - (6 * q * q * (1 - q)) : 2 * Math.Pow(1 - q, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Filter, "No such filter."),
        };
    }

    private static double Own(Func<double, double> response, double w)
    {
        var value = response(w);
        return double.IsFinite(value)
            ? value
            : throw new ArgumentException(
                $"The own filter response is {value} at {w:0.####} of the Nyquist frequency; it must be finite from 0 to 1 " +
                "(at 0 a quotient such as sin(x) / x needs its limit).");
    }
}
