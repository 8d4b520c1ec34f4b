namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 2: a full stripe is slow along the angle, so only the slow part of each column is compared.</summary>
internal sealed class FilteredStripes(double sigma, int size, bool follow, int angles) : StripeRemover
{
    private readonly AngleFilter _slow = AngleFilter.Gaussian(angles, sigma);

    internal override void Apply(SinogramBlock sinogram)
    {
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
                row[c] += line[c] - low[c];
            }
        }
    }
}
