namespace Beamline.Display;

/// <summary>Smallest and largest finite value, and how many values were finite and not.</summary>
/// <param name="Minimum">Smallest finite value; NaN when there is none.</param>
/// <param name="Maximum">Largest finite value; NaN when there is none.</param>
/// <param name="Count">How many values were looked at.</param>
/// <param name="NotFinite">How many of them were NaN or infinite.</param>
internal readonly record struct ValueSummary(float Minimum, float Maximum, long Count, long NotFinite)
{
    public static ValueSummary None => new(float.NaN, float.NaN, 0, 0);

    public bool HasFinite => Count > NotFinite;

    public static ValueSummary Of(ReadOnlySpan<float> values)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        long bad = 0;
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
            else
            {
                bad++;
            }
        }

        return bad == values.Length ? new(float.NaN, float.NaN, values.Length, bad) : new(low, high, values.Length, bad);
    }

    public ValueSummary And(ValueSummary other) => new(
        !HasFinite ? other.Minimum : !other.HasFinite ? Minimum : Math.Min(Minimum, other.Minimum),
        !HasFinite ? other.Maximum : !other.HasFinite ? Maximum : Math.Max(Maximum, other.Maximum),
        Count + other.Count,
        NotFinite + other.NotFinite);
}
