namespace Beamline.Tomography.Preprocessing;

/// <summary>Pairs of opposite steps of about the same height, with hardly anything between them.</summary>
/// <param name="noise">Usual difference of a step from those beside it, for each boundary.</param>
/// <param name="ratio">How far an edge stands out of it.</param>
/// <param name="least">Smallest step.</param>
/// <param name="widest">Most columns of a stripe.</param>
/// <param name="size">Columns around, whose median step is the slope of the sample.</param>
internal sealed class StripeEdges(float[] noise, double ratio, double least, int widest, int size)
{
    /// <summary>How different both steps may be, as a part of the larger one.</summary>
    private const float MostMismatch = 0.4f;

    /// <summary>How much energy steps between the edges may have, as a part of that of the edges.</summary>
    private const double MostInside = 0.2;

    /// <summary>From this width on, the edges of a stripe may take two steps.</summary>
    private const int Wide = 4;

    private readonly RunningMedian _median = new(Math.Min((size / 2) | 1, (noise.Length - 1) | 1));
    private readonly float[] _slope = new float[noise.Length];
    private readonly double[] _sum = new double[noise.Length + 1];
    private readonly double[] _squares = new double[noise.Length + 1];

    /// <summary>Stripes as first column and the one behind the last, with a score: the better fit and the narrower first.</summary>
    internal List<(double Score, int First, int End)> Pairs(float[] steps)
    {
        _median.Apply(steps, _slope);
        for (var b = 0; b < steps.Length; b++)
        {
            _sum[b + 1] = _sum[b] + steps[b];
            _squares[b + 1] = _squares[b] + (steps[b] * (double)steps[b]);
        }

        var pairs = new List<(double, int, int)>();
        for (var i = 2; i < steps.Length - 2; i++)
        {
            var (sharp, blurred) = (Rise(steps, i, 1, 1), Rise(steps, i, 1, 2));
            for (var j = i + 1; j < steps.Length - 2 && j - i <= widest; j++)
            {
                var blur = j - i >= Wide ? 2 : 1;
                var left = blur == 1 ? sharp : blurred;
                if (left == 0)
                {
                    continue;
                }

                var right = -Rise(steps, j, -1, blur);
                var threshold = Math.Max(least, ratio * 1.4826 * Math.Max(noise[i], noise[j]) / Math.Sqrt(blur));
                var (smaller, larger) = (Math.Min(Math.Abs(left), Math.Abs(right)), Math.Max(Math.Abs(left), Math.Abs(right)));
                if (left * right > 0 && smaller >= threshold && larger - smaller <= MostMismatch * larger && IsPlateau(i + blur, j - blur + 1, blur * ((left * left) + (right * right))))
                {
                    var fit = smaller / larger / (1 + (0.03 * (j - i)));
                    pairs.Add((fit * Math.Min(2, Math.Sqrt(smaller / threshold)), i + 1, j + 1));
                }
            }
        }

        return pairs;
    }

    /// <summary>
    /// How much the steps at an edge stand out of the slope around and of both steps outside: 0 where these disagree, as at the edge of a
    /// cylinder, behind which steps get smaller one by one.
    /// </summary>
    private float Rise(float[] steps, int boundary, int inward, int blur)
    {
        var step = blur == 1 ? steps[boundary] : (steps[boundary] + steps[boundary + inward]) / 2;
        var overSlope = step - _slope[boundary];
        var overOutside = step - ((steps[boundary - inward] + steps[boundary - (2 * inward)]) / 2);
        return overSlope * overOutside <= 0 ? 0 : Math.Abs(overSlope) < Math.Abs(overOutside) ? overSlope : overOutside;
    }

    private bool IsPlateau(int from, int to, double energy)
    {
        if (to <= from)
        {
            return true;
        }

        var sum = _sum[to] - _sum[from];
        return _squares[to] - _squares[from] - (sum * sum / (to - from)) <= MostInside * energy;
    }
}
