using Beamline.Arrays;

namespace Beamline.Tomography.Center;

/// <summary>How much of a turn projections cover, and what each method of the axis search says to that.</summary>
internal readonly record struct AngularCoverage(double First, double Last, double Degrees, int Count)
{
    private const int LeastProjections = 16;

    internal static AngularCoverage Of(IReadOnlyList<double> angles)
    {
        if (angles.Count == 0)
        {
            return default;
        }

        var (first, last) = (angles.Min(), angles.Max());
        // One step more than the distance of the ends: 180 projections of 1 degree cover half a turn.
        var covered = angles.Count > 1 ? (last - first) * angles.Count / (angles.Count - 1) : 0;
        return new AngularCoverage(first, last, covered, angles.Count);
    }

    /// <summary>True when the projections see more than half a turn by so much that it must be meant.</summary>
    internal bool IsMoreThanHalfTurn => Degrees > 200;

    /// <summary>Refuses data that do not hold half a turn, or too few projections of it.</summary>
    internal void NeedHalfTurn(string method)
    {
        if (Degrees < UniformHalfTurn.LeastDegrees)
        {
            throw new ArgumentException(
                $"The projections cover {Degrees:0.#} degrees; {method} needs half a turn (180 degrees). " +
                "Give the axis by hand, or reconstruct a few candidates and choose the sharpest" +
                (Degrees is > 2 and < 7 ? "; if these angles are in radians, multiply them by 180 / pi." : "."));
        }

        NeedProjections(method, Degrees / 180);
    }

    /// <summary>Refuses data that do not hold a full turn, or too few projections of it.</summary>
    internal void NeedFullTurn()
    {
        if (Degrees < 350)
        {
            throw new ArgumentException(
                $"The projections cover {Degrees:0.#} degrees ({First:0.##} to {Last:0.##}); the overlap method needs a full turn " +
                "(360 degrees), because it compares each half of it with the other. " +
                (Degrees >= UniformHalfTurn.LeastDegrees
                    ? "For half a turn use Vo's method (AxisMethod.Vo, --method vo)."
                    : "Give the axis by hand."));
        }

        NeedProjections("the overlap method", Degrees / 180);
    }

    /// <summary>What a user must know who gives a full turn to a method that looks at half of it.</summary>
    internal IEnumerable<string> FullTurnWarnings(string method)
    {
        if (IsMoreThanHalfTurn)
        {
            yield return
                $"The projections cover {Degrees:0.#} degrees ({First:0.##} to {Last:0.##}), and {method} is made for 180: it looked at " +
                "one half turn only. That is right when the axis lies near the middle of the detector. When it lies near an edge " +
                "(half acquisition), use the overlap method (AxisMethod.Overlap, --method overlap).";
        }
    }

    private void NeedProjections(string method, double halfTurns)
    {
        if (Count / halfTurns < LeastProjections)
        {
            throw new ArgumentException(
                $"There are only {Count} projections over {Degrees:0.#} degrees; {method} needs at least {LeastProjections} for " +
                "each half turn. Use phase correlation (it needs two projections 180 degrees apart), or give the axis by hand.");
        }
    }
}
