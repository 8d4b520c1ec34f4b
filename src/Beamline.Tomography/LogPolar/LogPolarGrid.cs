using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.LogPolar;

/// <summary>The log-polar grid that all wedges of a reconstruction share.</summary>
/// <remarks>
/// A wedge holds the projections within h of its middle direction. The slice's disc of radius R, turned so that this direction is the first
/// axis, is shrunk by a = sin h / (1 + sin h) and moved to 1 - a, so that it lies within the angles -h ... h and the
/// radii up to 1 about the new origin. There the ray (angle t, s) becomes exp(r) = (1 - a) cos t + a s / R, the point z = exp(rho) (cos p, sin p)
/// is met by the rays r = rho + log cos(p - t), and the backprojection of the wedge is a convolution over (t, r).
/// Andersson, Carlsson and Nikitin, SIAM J. Imaging Sci. 9 (2016) 637. Here the grid's angles are those of the projections and
/// fractions of their step, so that nothing is interpolated between projections.
/// </remarks>
internal sealed class LogPolarGrid
{
    /// <summary>Cells around the disc that the splines at its rim reach into.</summary>
    internal const int Margin = 4;

    internal LogPolarGrid(ParallelGeometry geometry, LogPolarOptions options)
    {
        Geometry = geometry;
        Angles = UniformAngles.Of(geometry.AnglesDegrees);
        var half = geometry.ImageSize / 2.0;
        Radius = half + Margin;
        var step = Math.Abs(Angles.StepDegrees) * (Math.PI / 180);
        WedgeCount = (int)Math.Ceiling(Angles.Count * step / (Math.PI / options.Wedges) - 1e-6);
        WedgeCount = Math.Clamp(WedgeCount, 1, Angles.Count);
        AnglesInWedge = (Angles.Count + WedgeCount - 1) / WedgeCount;
        WedgeCount = (Angles.Count + AnglesInWedge - 1) / AnglesInWedge;
        // A wedge of one or two projections still needs some width, or the shrunk disc vanishes.
        HalfWidth = Math.Max((AnglesInWedge - 1) * step / 2, 2 * Math.PI / 180);
        var sine = Math.Sin(HalfWidth);
        Shrink = sine / (1 + sine);

        // Along r: at exp(r) = 1 a cell is so many pixels of the detector; nearer to the origin it is less.
        var leastRadius = (Math.Cos(HalfWidth) - sine) / (1 + sine);
        var cell = Shrink / Radius / options.Oversampling;
        RadialCount = 4 * LaneFft.GoodLength((int)Math.Ceiling(-Math.Log(leastRadius) / cell / 4) + 1);
        RadialStep = -Math.Log(leastRadius) / RadialCount;
        FirstRadius = Math.Log(leastRadius);
        // The detector's highest frequency, half a cycle for each pixel, at exp(r) = 1.
        var highest = 0.5 * Radius / Shrink * RadialCount * RadialStep;
        HighestFrequency = Math.Min((int)Math.Ceiling(1.02 * highest), (RadialCount / 2) - 1);

        Radii = [.. Enumerable.Range(0, RadialCount).Select(m => Math.Exp(FirstRadius + (m * RadialStep)))];

        // Along p: frequencies across the radius are at most the sine of the largest angle between a ray's direction and the radius.
        var arc = Shrink / Radius / Math.Sin(2 * HalfWidth) / options.Oversampling;
        (Fraction, AngularCount) = Angular(step, arc);
        AngularStep = step / Fraction;
        FirstAngle = -((AnglesInWedge - 1) * step / 2) - (EdgePoints * AngularStep);
        OutputCount = ((AnglesInWedge - 1) * Fraction) + 1 + (2 * EdgePoints);
    }

    internal ParallelGeometry Geometry { get; }

    internal UniformAngles Angles { get; }

    /// <summary>Radius of the disc in pixels.</summary>
    internal double Radius { get; }

    internal int WedgeCount { get; }

    internal int AnglesInWedge { get; }

    /// <summary>Half the angle of a wedge in radians.</summary>
    internal double HalfWidth { get; }

    /// <summary>Radius of the shrunk disc.</summary>
    internal double Shrink { get; }

    /// <summary>Points along r, the logarithm of the radius; the grid is periodic.</summary>
    internal int RadialCount { get; }

    internal double RadialStep { get; }

    /// <summary>The radius of each point along r.</summary>
    internal double[] Radii { get; }

    internal double FirstRadius { get; }

    /// <summary>The highest frequency along r that can occur.</summary>
    internal int HighestFrequency { get; }

    /// <summary>Points of the angular grid between two projections, one of them included.</summary>
    internal int Fraction { get; }

    /// <summary>Length of the periodic angular grid.</summary>
    internal int AngularCount { get; }

    internal double AngularStep { get; }

    /// <summary>Angle of the first point that is made, from the wedge's middle, in radians.</summary>
    internal double FirstAngle { get; }

    /// <summary>Points of the angular grid that are made.</summary>
    internal int OutputCount { get; }

    /// <summary>Points beyond the outermost projections: splines reach there, and so do wedges of less than the least width.</summary>
    private int EdgePoints { get; set; }

    /// <summary>Direction of the middle of a wedge in radians.</summary>
    internal double Middle(int wedge) =>
        (Angles.FirstDegrees + (Angles.StepDegrees * ((wedge * AnglesInWedge) + ((AnglesInWedge - 1) / 2.0)))) * (Math.PI / 180);

    private (int Fraction, int Count) Angular(double step, double arc)
    {
        var (best, bestCount) = (0, int.MaxValue);
        var least = Math.Max(1, (int)Math.Ceiling((step / arc) - 1e-9));
        for (var fraction = least; fraction <= 2 * least; fraction++)
        {
            var beyond = (HalfWidth - ((AnglesInWedge - 1) * step / 2)) / (step / fraction);
            var edge = Margin + (int)Math.Ceiling(beyond);
            var need = (2 * (((AnglesInWedge - 1) * fraction) + edge)) + 1;
            var inner = LaneFft.GoodLength((need + fraction - 1) / fraction);
            for (var tries = 0; tries < 4; tries++)
            {
                var count = fraction * inner;
                if (count == LaneFft.GoodLength(count) && count < bestCount)
                {
                    (best, bestCount, EdgePoints) = (fraction, count, edge);
                }

                inner = LaneFft.GoodLength(inner + 1);
            }
        }

        return (best, bestCount);
    }
}
