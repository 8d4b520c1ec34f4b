namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 2: a full stripe is slow along the angle, so only the slow part of each column is compared.</summary>
/// <param name="sigma">Width of the band that is slow.</param>
/// <param name="size">Columns of the median.</param>
/// <param name="follow">Whether the median follows slopes.</param>
/// <param name="angles">Angles of the sinograms.</param>
/// <param name="most">Largest change, as a part of the mean: what is more was no stripe, where those have been removed before.</param>
internal sealed class FilteredStripes(double sigma, int size, bool follow, int angles, double most = double.PositiveInfinity) : StripeRemover
{
    private readonly AngleFilter _slow = AngleFilter.Gaussian(angles, sigma);

    internal override void Apply(SinogramBlock sinogram)
    {
        var limit = (float)(most * sinogram.Values.Average(v => (double)Math.Abs(v)));
        limit = float.IsNaN(limit) ? float.PositiveInfinity : limit;
        var slow = sinogram.Values.AsSpan().ToArray();
        _slow.Apply(slow, sinogram.Columns);
        var median = new TrendMedian(size, follow);
        var line = new float[sinogram.Columns];
        for (var a = 0; a < sinogram.Angles; a++)
        {
            var low = slow.AsSpan(a * sinogram.Columns, sinogram.Columns);
            median.Apply(low, line);
            var row = sinogram.Row(a);
            for (var c = 0; c < row.Length; c++)
            {
                row[c] += Math.Clamp(line[c] - low[c], -limit, limit);
            }
        }
    }
}
