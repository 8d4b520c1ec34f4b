namespace Beamline.Tomography.LogPolar;

/// <summary>Projections at evenly spaced angles, in ascending order.</summary>
internal sealed record UniformAngles(double FirstDegrees, double StepDegrees, int[] Order)
{
    /// <summary>How far an angle may be off, as a part of the step.</summary>
    private const double Tolerance = 0.02;

    internal int Count => Order.Length;

    internal static UniformAngles Of(IReadOnlyList<double> degrees)
    {
        int[] order = [.. Enumerable.Range(0, degrees.Count).OrderBy(i => degrees[i]).ThenBy(i => i)];
        var first = degrees[order[0]];
        var step = (degrees[order[^1]] - first) / (degrees.Count - 1);
        if (step <= 0)
        {
            throw new ArgumentException($"All {degrees.Count} projections are at {first:0.###} degrees: there is nothing to reconstruct from.");
        }

        for (var i = 0; i < order.Length; i++)
        {
            var expected = first + (i * step);
            if (Math.Abs(degrees[order[i]] - expected) > Tolerance * step)
            {
                throw new ArgumentException(
                    $"The log-polar method needs evenly spaced angles: projection {order[i]} is at {degrees[order[i]]:0.####} degrees, where " +
                    $"{degrees.Count} even steps from {first:0.####} to {degrees[order[^1]]:0.####} degrees would put {expected:0.####}. " +
                    "Take the Fourier method (Reconstruction.Fourier, --method fourier) or FBP, which weight uneven angles.");
            }
        }

        var covered = step * order.Length;
        return covered switch
        {
            < 7 when order.Length >= 16 => throw new ArgumentException(
                $"The projections cover {covered:0.###} degrees only. If the angles are in radians, multiply them by 180 / pi."),
            > 20 * 360 => throw new ArgumentException($"The projections cover {covered:0} degrees; that cannot be a scan."),
            _ when step > 60 => throw new ArgumentException(
                $"The projections are {step:0.#} degrees apart; the log-polar method needs steps of at most 60 degrees."),
            _ => new UniformAngles(first, step, order),
        };
    }
}
