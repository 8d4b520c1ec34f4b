using Beamline.Arrays;

namespace Beamline.Data.Simulation;

/// <summary>Measures exact line integrals with a limited number of photons: what a scan at low dose looks like.</summary>
public static class PhotonNoise
{
    /// <summary>Poisson counts behind the sample, and minus the logarithm of their transmission.</summary>
    /// <param name="lineIntegrals">Exact line integrals; read projection by projection.</param>
    /// <param name="photonsPerPixel">Mean counts of a pixel without a sample, 1 or more. No count at all is taken as one, as a floor.</param>
    /// <param name="seed">Same seed, same noise, on every machine.</param>
    /// <returns>Line integrals with noise, in memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one photon.</exception>
    public static MemoryProjectionStack Measure(ProjectionStack lineIntegrals, double photonsPerPixel, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(lineIntegrals);
        if (!(photonsPerPixel >= 1) || !double.IsFinite(photonsPerPixel))
        {
            throw new ArgumentOutOfRangeException(nameof(photonsPerPixel), photonsPerPixel, "A pixel needs at least one photon.");
        }

        var made = new MemoryProjectionStack(lineIntegrals.AnglesDegrees, lineIntegrals.RowCount, lineIntegrals.ColumnCount)
        {
            PixelSize = lineIntegrals.PixelSize,
            Quantity = Quantity.LineIntegral,
            Provenance = lineIntegrals.Provenance.Then("photon noise", ("photons per pixel", $"{photonsPerPixel:g6}"), ("seed", $"{seed}")),
        };
        for (var angle = 0; angle < made.AngleCount; angle++)
        {
            var frame = made.Frame(angle);
            lineIntegrals.Read(new StackRegion(angle, 1, 0, made.RowCount), frame);
            var random = SimulationRandom.For(seed, (ulong)angle);
            for (var i = 0; i < frame.Length; i++)
            {
                frame[i] = (float)-PortableMath.Log(Math.Max(1, random.NextPoisson(photonsPerPixel * PortableMath.Exp(-frame[i]))) / photonsPerPixel);
            }
        }

        return made;
    }
}
