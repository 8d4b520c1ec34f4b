using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Notices angles that look like radians taken for degrees: every method says so in the same words.</summary>
internal static class RadiansCheck
{
    private const int FewestToJudge = 16;

    /// <summary>A full turn is 6.28 radians; scans of so many projections within 7 degrees are rare.</summary>
    private const double MostDegrees = 7;

    /// <summary>Warns when many angles lie within a few degrees.</summary>
    /// <param name="angles">Angles that are taken for degrees.</param>
    /// <param name="context">Hears the warning.</param>
    internal static void Warn(IReadOnlyList<double> angles, RunContext context)
    {
        if (angles.Count >= FewestToJudge && Span(angles) is > 0 and < MostDegrees and var span)
        {
            context.Warning?.Invoke(
                $"The {angles.Count} angles span {span:0.###} degrees only. If they are in radians, multiply them by 180 / pi.");
        }
    }

    /// <summary>Degrees from the first to the last direction, whatever lies between them on the circle.</summary>
    private static double Span(IReadOnlyList<double> angles)
    {
        var sorted = angles.Select(a => ((a % 360) + 360) % 360).Order().ToArray();
        var widest = sorted[0] + 360 - sorted[^1];
        for (var i = 1; i < sorted.Length; i++)
        {
            widest = Math.Max(widest, sorted[i] - sorted[i - 1]);
        }

        return 360 - widest;
    }
}
