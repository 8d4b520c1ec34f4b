namespace Beamline.Tomography.Preprocessing;

/// <summary>A projection of the first half turn and the two that lie around the angle half a turn later.</summary>
internal readonly record struct HalfTurnPartner(int Index, int Before, int After, float Weight)
{
    internal static HalfTurnPartner[] Find(IReadOnlyList<double> angles)
    {
        // Turned backwards, every angle counts with the other sign.
        var order = Enumerable.Range(0, angles.Count).OrderBy(i => angles[i]).ToArray();
        if (angles.Count > 1 && angles[^1] < angles[0])
        {
            order = [.. order.Reverse()];
        }

        double Along(int i) => Math.Abs(angles[order[i]] - angles[order[0]]);
        var n = order.Length;
        var covered = n > 1 ? Along(n - 1) * n / (n - 1) : 0;
        if (covered < 359.5)
        {
            throw new ArgumentException(
                $"The projections cover {covered:0.#} degrees; half acquisition needs a whole turn (360 degrees), because the other side of the sample " +
                "is only seen half a turn later.");
        }

        var made = new List<HalfTurnPartner>();
        var next = 0;
        for (var i = 0; i < n && Along(i) < 180 - 1e-6; i++)
        {
            var wanted = Along(i) + 180;
            while (next < n - 1 && Along(next) < wanted - 1e-9)
            {
                next++;
            }

            var before = Math.Max(next - 1, 0);
            var gap = Along(next) - Along(before);
            var weight = gap > 0 ? Math.Clamp((wanted - Along(before)) / gap, 0, 1) : 1;
            made.Add(weight > 1 - 1e-6
                ? new HalfTurnPartner(order[i], order[next], order[next], 0)
                : new HalfTurnPartner(order[i], order[before], order[next], (float)weight));
        }

        return [.. made];
    }
}
