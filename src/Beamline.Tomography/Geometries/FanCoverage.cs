using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Geometries;

/// <summary>How much of the full circle each view of a fan or cone beam stands for, and which rays were measured twice.</summary>
/// <remarks>
/// In a full turn every ray is seen twice. In a short scan (half a turn and the fan's angle at least) some are: Parker, Med. Phys. 9 (1982)
/// 254, with the fan taken as wide as the scan allows (Silver, Med. Phys. 27 (2000) 773).
/// </remarks>
internal sealed class FanCoverage
{
    private readonly double[] _beta;
    private readonly double _delta;

    /// <summary>Looks at the angles.</summary>
    /// <param name="anglesDegrees">Angles of the views, in any order.</param>
    /// <param name="halfFan">Largest angle of a ray from the ray through the axis, in radians.</param>
    internal FanCoverage(IReadOnlyList<double> anglesDegrees, double halfFan)
    {
        var count = anglesDegrees.Count;
        var order = Enumerable.Range(0, count).ToArray();
        var folded = anglesDegrees.Select(a => ((a % 360) + 360) % 360).ToArray();
        Array.Sort((double[])folded.Clone(), order);
        var gaps = Enumerable.Range(0, count).Select(i =>
            folded[order[(i + 1) % count]] - folded[order[i]] + (i == count - 1 ? 360 : 0)).ToArray();
        var real = gaps.Where(g => g > 1e-9).Order().ToArray();
        var usual = real[real.Length / 2];
        var widest = Array.IndexOf(gaps, gaps.Max());
        IsFullTurn = gaps[widest] <= 3 * usual;
        RangeDegrees = IsFullTurn ? 360 : 360 - gaps[widest];
        ViewWeights = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (before, after) = (gaps[(i + count - 1) % count], gaps[i]);
            // At the ends of a short scan there is no neighbor on one side.
            before = before > 3 * usual ? usual : before;
            after = after > 3 * usual ? usual : after;
            ViewWeights[order[i]] = (before + after) / 2 * (Math.PI / 180);
        }

        AngularWeights.ShareAmongEqual(ViewWeights, [.. order.Select(i => folded[i])], order);
        var start = folded[order[(widest + 1) % count]];
        _beta = [.. folded.Select(a => (((a - start) % 360) + 360) % 360 * (Math.PI / 180))];
        var delta = ((RangeDegrees * (Math.PI / 180)) - Math.PI) / 2;
        MissingDegrees = IsFullTurn ? 0 : Math.Max(0, 2 * (halfFan - delta) * (180 / Math.PI));
        _delta = Math.Max(delta, halfFan);
    }

    internal bool IsFullTurn { get; }

    /// <summary>Degrees from the first to the last view.</summary>
    internal double RangeDegrees { get; }

    /// <summary>Degrees by which a short scan is too short for the fan.</summary>
    internal double MissingDegrees { get; }

    /// <summary>Radians that each view stands for.</summary>
    internal double[] ViewWeights { get; }

    /// <summary>The part of a ray among the views that saw it.</summary>
    /// <param name="view">The view.</param>
    /// <param name="fanAngle">Angle of the ray from the ray through the axis, positive toward higher columns, in radians.</param>
    internal double Redundancy(int view, double fanAngle)
    {
        if (IsFullTurn)
        {
            return 0.5;
        }

        // Parker's fan angle has the other sign: here the opposite ray of (b, g) is (b + 180 - 2 g, -g).
        var (b, g) = (_beta[view], -Math.Clamp(fanAngle, -_delta, _delta));
        var quarter = b < 2 * (_delta - g) ? b / (_delta - g)
            : b > Math.PI - (2 * g) ? (Math.PI + (2 * _delta) - b) / (_delta + g)
            : 2;
        return Math.Pow(Math.Sin(Math.PI / 4 * Math.Clamp(quarter, 0, 2)), 2);
    }

    /// <summary>
    /// The same for a detector that sees little more than one half of a full turn's fan: the narrow side fades out over the part that
    /// both halves see (Wang, X-ray micro-CT with a displaced detector array, Med. Phys. 29 (2002) 1634).
    /// </summary>
    internal static double OffsetRedundancy(double fanAngle, double least, double most)
    {
        var (narrow, sign) = -least < most ? (-least, 1) : (most, -1);
        return narrow <= 0 ? (sign * fanAngle >= 0 ? 1 : 0) : (1 + Math.Sin(Math.PI / 2 * Math.Clamp(sign * fanAngle / narrow, -1, 1))) / 2;
    }
}
