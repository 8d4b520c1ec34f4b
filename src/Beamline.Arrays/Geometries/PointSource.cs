namespace Beamline.Arrays;

/// <summary>The lengths that fan and cone beam have in common, checked.</summary>
internal readonly record struct PointSource(Length SourceToAxis, Length SourceToDetector, Length DetectorPixel)
{
    internal double Magnification => SourceToDetector.Meters / SourceToAxis.Meters;

    internal Length DefaultVoxel => DetectorPixel * (1 / Magnification);

    internal PointSource Checked()
    {
        Positive(SourceToAxis, "distance from the source to the axis", "sourceToAxis");
        Positive(SourceToDetector, "distance from the source to the detector", "sourceToDetector");
        Positive(DetectorPixel, "detector pixel", "detectorPixel");
        return SourceToDetector >= SourceToAxis ? this : throw new ArgumentException(
            $"The detector ({SourceToDetector} from the source) lies before the axis ({SourceToAxis}). Both distances count from the source: " +
            "give the distance from the source to the detector, not that from the axis to the detector.", "sourceToDetector");
    }

    internal static void Positive(Length length, string what, string name)
    {
        if (!(length.Meters > 0) || !double.IsFinite(length.Meters))
        {
            throw new ArgumentOutOfRangeException(name, length, $"The {what} must be above 0.");
        }
    }

    /// <summary>The source must stay outside of the square that turns below it, corners included.</summary>
    internal void CheckOutside(int imageSize, Length voxel)
    {
        var reach = voxel.Meters * imageSize / Math.Sqrt(2);
        if (SourceToAxis.Meters <= reach)
        {
            throw new ArgumentException(
                $"The source, {SourceToAxis} from the axis, lies inside the volume: the corners of {imageSize} voxels of {voxel} " +
                $"reach {new Length(reach)}. Give fewer or smaller voxels (imageSize, voxelSize), or check the distances.", nameof(imageSize));
        }
    }
}
