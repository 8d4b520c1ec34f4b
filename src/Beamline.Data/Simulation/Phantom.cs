using Beamline.Arrays;

namespace Beamline.Data.Simulation;

/// <summary>
/// A picture made of ellipses, whose line integrals are known exactly. Because picture and sinogram come from the
/// formulas and not from each other, a reconstruction from the sinogram is a fair test (no "inverse crime").
/// </summary>
public sealed class Phantom : Specimen
{
    // Toft's "modified" Shepp-Logan phantom: value, semi-axes, center, rotation in degrees; the picture spans -1 to 1, y up.
    private static readonly double[][] ModifiedSheppLogan =
    [
        [1, .69, .92, 0, 0, 0],
        [-.8, .6624, .8740, 0, -.0184, 0],
        [-.2, .1100, .3100, .22, 0, -18],
        [-.2, .1600, .4100, -.22, 0, 18],
        [.1, .2100, .2500, 0, .35, 0],
        [.1, .0460, .0460, 0, .1, 0],
        [.1, .0460, .0460, 0, -.1, 0],
        [.1, .0460, .0230, -.08, -.605, 0],
        [.1, .0230, .0230, 0, -.606, 0],
        [.1, .0230, .0460, .06, -.605, 0],
    ];

    /// <summary>Makes a phantom from ellipses.</summary>
    /// <param name="size">Edge of the square picture in pixels, 1 or more.</param>
    /// <param name="ellipses">The ellipses, in pixels from the middle of the picture; their values add.</param>
    /// <exception cref="ArgumentException">A semi-axis is not positive or a number is not finite.</exception>
    public Phantom(int size, IEnumerable<Ellipse> ellipses)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentNullException.ThrowIfNull(ellipses);
        (Size, Ellipses) = (size, [.. ellipses]);
        foreach (var ellipse in Ellipses)
        {
            if (!(ellipse.SemiAxisA > 0) || !(ellipse.SemiAxisB > 0) ||
                !double.IsFinite(ellipse.X + ellipse.Y + ellipse.SemiAxisA + ellipse.SemiAxisB + ellipse.RotationDegrees + ellipse.Value))
            {
                throw new ArgumentException($"{ellipse} is no ellipse: semi-axes are positive and all numbers finite.", nameof(ellipses));
            }
        }
    }

    /// <summary>Edge of the square picture in pixels.</summary>
    public int Size { get; }

    /// <summary>The ellipses.</summary>
    public IReadOnlyList<Ellipse> Ellipses { get; }

    /// <summary>The modified (Toft) Shepp-Logan head: values 0 to 1, skull 1, brain 0.2.</summary>
    /// <param name="size">Edge of the square picture in pixels.</param>
    public static Phantom SheppLogan(int size)
    {
        var scale = size / 2.0;
        return new Phantom(size, ModifiedSheppLogan.Select(e =>
            new Ellipse(e[3] * scale, -e[4] * scale, e[1] * scale, e[2] * scale, -e[5], e[0])));
    }

    /// <summary>The picture: each pixel is the mean over subPixels x subPixels points in it.</summary>
    /// <param name="subPixels">Points along each edge of a pixel, 1 or more.</param>
    /// <returns>The truth [y, x], in attenuation for each pixel length.</returns>
    public Image ToImage(int subPixels = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subPixels, 1);
        var middle = (Size - 1) / 2.0;
        var sums = new double[(long)Size * Size];
        foreach (var ellipse in Ellipses)
        {
            var (sin, cos) = PortableMath.SinCosDegrees(ellipse.RotationDegrees);
            var reach = Math.Max(ellipse.SemiAxisA, ellipse.SemiAxisB) + 1;
            var (top, bottom) = Range(ellipse.Y + middle, reach);
            var (left, right) = Range(ellipse.X + middle, reach);
            for (var row = top; row <= bottom; row++)
            {
                for (var column = left; column <= right; column++)
                {
                    var inside = 0;
                    for (var i = 0; i < subPixels; i++)
                    {
                        var y = row - middle + ((i + 0.5) / subPixels) - 0.5;
                        for (var j = 0; j < subPixels; j++)
                        {
                            var x = column - middle + ((j + 0.5) / subPixels) - 0.5;
                            inside += ellipse.Contains(x, y, cos, sin) ? 1 : 0;
                        }
                    }

                    sums[(row * (long)Size) + column] += ellipse.Value * inside;
                }
            }
        }

        var scale = 1.0 / (subPixels * subPixels);
        return new Image(Size, Size, Array.ConvertAll(sums, s => (float)(s * scale)))
        {
            Quantity = Quantity.AttenuationPerPixel,
            Title = "phantom",
        };
    }

    /// <summary>
    /// The exact line integrals that a detector would see: each bin is the mean over subRays rays in it. The rays follow
    /// x cos a + y sin a = column - axis, as everywhere in Beamline.
    /// </summary>
    /// <param name="geometry">Angles, columns and axis. The phantom sits on the axis whatever the geometry's image size.</param>
    /// <param name="subRays">Rays in each detector bin, 1 or more.</param>
    /// <returns>Line integrals [angle, column] in value times pixels.</returns>
    public Sinogram AnalyticSinogram(ParallelGeometry geometry, int subRays = 4)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentOutOfRangeException.ThrowIfLessThan(subRays, 1);
        var rotations = Ellipses.Select(e => PortableMath.SinCosDegrees(e.RotationDegrees)).ToArray();
        var values = new float[geometry.AngleCount * geometry.ColumnCount];
        for (var angle = 0; angle < geometry.AngleCount; angle++)
        {
            var (sin, cos) = PortableMath.SinCosDegrees(geometry.AnglesDegrees[angle]);
            for (var column = 0; column < geometry.ColumnCount; column++)
            {
                var sum = 0.0;
                for (var ray = 0; ray < subRays; ray++)
                {
                    var s = column - geometry.Axis.Column + ((ray + 0.5) / subRays) - 0.5;
                    for (var e = 0; e < rotations.Length; e++)
                    {
                        sum += Ellipses[e].LineIntegral(s, cos, sin, rotations[e].Cos, rotations[e].Sin);
                    }
                }

                values[(angle * geometry.ColumnCount) + column] = (float)(sum / subRays);
            }
        }

        return new Sinogram(geometry.AnglesDegrees, geometry.ColumnCount, values) { Quantity = Quantity.LineIntegral };
    }

    /// <summary>The same phantom with all values multiplied, for instance to make attenuation that a beam can pass.</summary>
    /// <param name="factor">The factor; finite.</param>
    public Phantom Scaled(double factor) => new(Size, Ellipses.Select(e => e with { Value = e.Value * factor }));

    internal override string Name => $"phantom of {Ellipses.Count} ellipses";

    internal override IReadOnlyDictionary<string, double> Truth =>
        new Dictionary<string, double> { ["largest_attenuation_per_pixel"] = Ellipses.Max(e => e.Value) };

    internal override void Project(in RayGrid rays, Span<double> integrals)
    {
        var line = integrals[..rays.RayColumns];
        line.Clear();
        foreach (var ellipse in Ellipses)
        {
            var (sin, cos) = PortableMath.SinCosDegrees(ellipse.RotationDegrees);
            for (var ray = 0; ray < line.Length; ray++)
            {
                line[ray] += ellipse.LineIntegral(rays.S(ray), rays.Cos, rays.Sin, cos, sin);
            }
        }

        for (var row = 1; row < rays.RayRows; row++)
        {
            line.CopyTo(integrals[(row * line.Length)..]);
        }
    }

    private (int First, int Last) Range(double center, double reach) =>
        (Math.Max(0, (int)Math.Floor(center - reach)), Math.Min(Size - 1, (int)Math.Ceiling(center + reach)));
}
