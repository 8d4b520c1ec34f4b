namespace Beamline.Data.Simulation;

/// <summary>
/// Random numbers that are the same from a seed on every machine and in every version: the SplitMix64 generator
/// (Steele, Lea and Flood 2014), and Poisson numbers from it. .NET does not promise that for its own generator.
/// </summary>
internal sealed class SimulationRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator for one part of a simulation, independent of the others: the order of the parts does not matter.</summary>
    internal static SimulationRandom For(ulong seed, ulong part)
    {
        var mixer = new SimulationRandom(seed ^ (part * 0xD1342543DE82EF95));
        return new SimulationRandom(mixer.NextBits());
    }

    /// <summary>64 random bits.</summary>
    internal ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to but not including 1.</summary>
    internal double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number between two others.</summary>
    internal double NextBetween(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A Poisson number: exact, by multiplication for small means and by rejection (PTRS) for large ones.</summary>
    /// <param name="mean">The mean, 0 or more.</param>
    internal double NextPoisson(double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        if (mean == 0)
        {
            return 0;
        }

        return mean < 10 ? ByMultiplication(mean) : ByTransformedRejection(mean);
    }

    private double ByMultiplication(double mean)
    {
        var limit = PortableMath.Exp(-mean);
        var product = NextDouble();
        var count = 0;
        while (product > limit)
        {
            product *= NextDouble();
            count++;
        }

        return count;
    }

    // W. Hoermann, "The transformed rejection method for generating Poisson random variables" (1993), algorithm PTRS.
    private double ByTransformedRejection(double mean)
    {
        var logMean = PortableMath.Log(mean);
        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverseAlpha = 1.1239 + (1.1328 / (b - 3.4));
        var vr = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = NextDouble() - 0.5;
            var v = NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return k;
            }

            if (k < 0 || (us < 0.013 && v > us) || v == 0)
            {
                continue;
            }

            var left = PortableMath.Log(v * inverseAlpha / ((a / (us * us)) + b));
            if (left <= (k * logMean) - mean - PortableMath.LogFactorial(k))
            {
                return k;
            }
        }
    }
}
