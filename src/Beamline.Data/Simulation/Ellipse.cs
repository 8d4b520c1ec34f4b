namespace Beamline.Data.Simulation;

/// <summary>
/// An ellipse of constant value in a plane, in pixels from the rotation axis: x to the right, y down like the rows of a picture.
/// Where ellipses overlap their values add.
/// </summary>
/// <param name="X">Center to the right of the axis, in pixels.</param>
/// <param name="Y">Center below the axis, in pixels.</param>
/// <param name="SemiAxisA">Half the length along the ellipse's first axis, in pixels; positive.</param>
/// <param name="SemiAxisB">Half the length along its second axis, in pixels; positive.</param>
/// <param name="RotationDegrees">Angle from x toward y (clockwise on the screen) of the first axis, in degrees.</param>
/// <param name="Value">What it adds to the picture, for instance attenuation for each pixel length.</param>
public readonly record struct Ellipse(
    double X, double Y, double SemiAxisA, double SemiAxisB, double RotationDegrees, double Value)
{
    /// <summary>The exact integral along the ray x cos a + y sin a = s, in value times pixels.</summary>
    internal double LineIntegral(double s, double cosAngle, double sinAngle, double cosRotation, double sinRotation)
    {
        var distance = s - (X * cosAngle) - (Y * sinAngle);
        var alongA = (cosAngle * cosRotation) + (sinAngle * sinRotation);
        var alongB = (sinAngle * cosRotation) - (cosAngle * sinRotation);
        var squared = (SemiAxisA * SemiAxisA * alongA * alongA) + (SemiAxisB * SemiAxisB * alongB * alongB);
        var rest = squared - (distance * distance);
        return rest <= 0 ? 0 : Value * 2 * SemiAxisA * SemiAxisB * Math.Sqrt(rest) / squared;
    }

    /// <summary>Whether a point lies inside.</summary>
    internal bool Contains(double x, double y, double cosRotation, double sinRotation)
    {
        var u = (((x - X) * cosRotation) + ((y - Y) * sinRotation)) / SemiAxisA;
        var v = (((y - Y) * cosRotation) - ((x - X) * sinRotation)) / SemiAxisB;
        return (u * u) + (v * v) <= 1;
    }
}
