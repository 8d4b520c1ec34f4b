namespace Beamline.Tomography.Preprocessing;

/// <summary>When a stripe is there: a path of two states along the angle that is cheapest, where each change costs (Viterbi).</summary>
internal static class TwoStates
{
    /// <param name="left">How much of the stripe is there at its left edge, for each angle: 0 for none, 1 for all.</param>
    /// <param name="right">The same at its right edge.</param>
    /// <param name="change">Price of a change, in angles that have the wrong state.</param>
    /// <param name="on">The states.</param>
    internal static void Find(ReadOnlySpan<float> left, ReadOnlySpan<float> right, double change, bool[] on)
    {
        var cameFromOther = new (bool Off, bool On)[on.Length];
        double off = 0, there = 0;
        for (var a = 0; a < on.Length; a++)
        {
            var (offBefore, onBefore) = (off, there);
            if (a > 0)
            {
                cameFromOther[a] = (onBefore + change < offBefore, offBefore + change < onBefore);
            }

            off = Cost(left[a], right[a], 0) + (cameFromOther[a].Off ? onBefore + change : offBefore);
            there = Cost(left[a], right[a], 1) + (cameFromOther[a].On ? offBefore + change : onBefore);
        }

        var state = there < off;
        for (var a = on.Length - 1; a >= 0; a--)
        {
            on[a] = state;
            state ^= state ? cameFromOther[a].On : cameFromOther[a].Off;
        }
    }

    /// <summary>Each edge counts at most half: the sample passes them at different angles.</summary>
    private static double Cost(float left, float right, float wanted) =>
        (Math.Min(Math.Abs(left - wanted), 1) + Math.Min(Math.Abs(right - wanted), 1)) / 2;
}
