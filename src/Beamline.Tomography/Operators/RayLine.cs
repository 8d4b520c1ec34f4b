using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

/// <summary>
/// How the rays of one angle run over the image: line by line along the axis that they run closer to, at a place on each line.
/// Lines are rows when the rays run along y, and columns when they run along x.
/// </summary>
internal readonly unsafe struct RayLine
{
    private readonly double _axis;
    private readonly float _middle;
    private readonly float _major;
    private readonly float _inverseMajor;
    private readonly float _minorShift;

    internal RayLine(RayTable table, int angle, ParallelGeometry geometry)
    {
        Angle = angle;
        var (cos, sin) = (table.Cos[angle], table.Sin[angle]);
        AlongY = MathF.Abs(cos) >= MathF.Abs(sin);
        (_major, var minor) = AlongY ? (cos, sin) : (sin, cos);
        _axis = geometry.Axis.Column;
        _middle = (float)geometry.ImageCenter;
        _inverseMajor = 1 / _major;
        _minorShift = _middle * minor;
        Slope = -minor / _major;
        Length = 1 / MathF.Abs(_major);
    }

    internal int Angle { get; }

    internal bool AlongY { get; }

    /// <summary>Places from one line to the next, -1 to 1.</summary>
    internal float Slope { get; }

    /// <summary>Length of a ray from one line to the next, 1 to the root of 2.</summary>
    internal float Length { get; }

    /// <summary>Where a ray crosses line 0.</summary>
    internal float Start(int ray) => (((float)(ray - _axis) + _minorShift) * _inverseMajor) + _middle;

    /// <summary>
    /// The rays that cross a line (or the middle between two) from one place up to another, as a range within a range.
    /// Ranges between successive places share no ray and leave none out.
    /// </summary>
    internal (int First, int End) Crossing(float line, float from, float to, int first, int end)
    {
        var (a, b) = (Ray(line, from, first, end), Ray(line, to, first, end));
        return _major > 0 ? (a, b) : (b, a);
    }

    // Clamped as a float: the axis may be far away.
    private int Ray(float line, float place, int first, int end)
    {
        var ray = ((place - (Slope * line) - _middle) * _major) - _minorShift + (float)_axis;
        return (int)Math.Clamp(MathF.Ceiling(ray), first, end);
    }
}
