namespace Beamline.Data.Simulation;

/// <summary>Turns line integrals into 16-bit counts: beam profile, noise, dark offset and columns that make rings.</summary>
internal sealed class SimulatedDetector
{
    // Parts of the seed: every frame has random numbers of its own, whatever is simulated before it.
    private const ulong FaultPart = 1UL << 60;
    private const ulong FlatPart = 2UL << 60;
    private const ulong DarkPart = 3UL << 60;
    private readonly AcquisitionOptions _options;
    private readonly double[] _columnError;

    internal SimulatedDetector(AcquisitionOptions options)
    {
        _options = options;
        _columnError = new double[options.Columns];
        var random = SimulationRandom.For(options.Seed, FaultPart);
        for (var i = 0; i < options.RingColumns; i++)
        {
            var column = (int)(random.NextDouble() * options.Columns);
            var strength = options.RingStrength * random.NextBetween(0.5, 1);
            _columnError[column] = random.NextDouble() < 0.5 ? -strength : strength;
        }
    }

    /// <summary>Counts of one projection.</summary>
    /// <param name="index">Which projection.</param>
    /// <param name="rays">Its rays.</param>
    /// <param name="integrals">The line integrals of the rays.</param>
    /// <param name="counts">Result [row, column].</param>
    internal void Expose(int index, in RayGrid rays, ReadOnlySpan<double> integrals, Span<ushort> counts)
    {
        var random = SimulationRandom.For(_options.Seed, (ulong)index);
        for (var row = 0; row < _options.Rows; row++)
        {
            for (var column = 0; column < _options.Columns; column++)
            {
                var transmission = Transmission(rays, integrals, row, column);
                var mean = Beam(row, column) * transmission * (1 + _columnError[column]);
                counts[(row * _options.Columns) + column] = Count(random, mean);
            }
        }
    }

    /// <summary>Counts of one flat.</summary>
    internal void ExposeFlat(int index, Span<ushort> counts)
    {
        var random = SimulationRandom.For(_options.Seed, FlatPart + (ulong)index);
        for (var row = 0; row < _options.Rows; row++)
        {
            for (var column = 0; column < _options.Columns; column++)
            {
                counts[(row * _options.Columns) + column] = Count(random, Beam(row, column));
            }
        }
    }

    /// <summary>Counts of one dark.</summary>
    internal void ExposeDark(int index, Span<ushort> counts)
    {
        var random = SimulationRandom.For(_options.Seed, DarkPart + (ulong)index);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Count(random, 0);
        }
    }

    private static double Transmission(in RayGrid rays, ReadOnlySpan<double> integrals, int row, int column)
    {
        var sum = 0.0;
        for (var i = 0; i < rays.SubRays; i++)
        {
            var line = integrals.Slice((((row * rays.SubRays) + i) * rays.RayColumns) + (column * rays.SubRays), rays.SubRays);
            foreach (var integral in line)
            {
                sum += PortableMath.Exp(-integral);
            }
        }

        return sum / (rays.SubRays * rays.SubRays);
    }

    private double Beam(int row, int column)
    {
        // A beam is brightest a little off the middle and falls off faster from top to bottom than sideways.
        var y = ((row + 0.5) / _options.Rows) - 0.47;
        var x = ((column + 0.5) / _options.Columns) - 0.52;
        var fall = Math.Min(1, (2.4 * y * y) + (1.4 * x * x));
        return _options.Counts * (1 - (_options.Unevenness * fall));
    }

    private ushort Count(SimulationRandom random, double mean)
    {
        var counts = _options.Noise
            ? random.NextPoisson(mean) + random.NextPoisson(_options.DarkCounts)
            : Math.Floor(mean + _options.DarkCounts + 0.5);
        return (ushort)Math.Min(counts, ushort.MaxValue);
    }
}
