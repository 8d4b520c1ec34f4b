namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Münch 2009: a stripe lives in the details between columns, at frequency zero along the angle; that band is damped at every level.
/// </summary>
internal sealed class WaveletStripes(int moments, int? levels, double sigma) : StripeRemover
{
    private readonly WaveletTransform _wavelet = new(moments);

    internal override void Apply(SinogramBlock sinogram)
    {
        var plane = new Plane(sinogram.Angles, sinogram.Columns, sinogram.Values);
        Clean(plane, levels ?? 4).Values.CopyTo(sinogram.Values, 0);
    }

    private Plane Clean(Plane plane, int level)
    {
        if (level == 0 || Math.Min(plane.Rows, plane.Columns) < 8)
        {
            return plane;
        }

        // Along the columns' index, then both halves along the angles.
        var (smooth, detail) = _wavelet.Split(plane.Transposed());
        var (approximation, horizontal) = _wavelet.Split(smooth.Transposed());
        var (vertical, diagonal) = _wavelet.Split(detail.Transposed());
        new AngleFilter(vertical.Rows, k => -Math.Exp(-k * k / (2 * sigma * sigma)) + 1).Apply(vertical.Values, vertical.Columns);
        var cleaned = Clean(approximation, level - 1);
        var left = _wavelet.Join(cleaned, horizontal, plane.Rows).Transposed();
        var right = _wavelet.Join(vertical, diagonal, plane.Rows).Transposed();
        return _wavelet.Join(left, right, plane.Columns).Transposed();
    }
}
