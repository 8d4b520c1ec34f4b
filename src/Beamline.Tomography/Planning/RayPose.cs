using Beamline.Arrays;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Planning;

/// <summary>How the rays of a geometry lie, which decides how quickly they are followed (docs/adr/0029, 0037).</summary>
internal enum RayPose
{
    /// <summary>Every detector row sees its own slice.</summary>
    Slices,

    /// <summary>Detector rows run along the slices' axis, as in a cone beam.</summary>
    Upright,

    /// <summary>A parallel beam that crosses slices, as in laminography.</summary>
    Leaning,

    /// <summary>A detector in any pose.</summary>
    Free,
}

/// <summary>Tells the pose of a geometry.</summary>
internal static class RayPoses
{
    internal static RayPose Of(VectorGeometry geometry) =>
        geometry.IsSliceWise ? RayPose.Slices
        : PlanarRays.Of(geometry) is null ? RayPose.Free
        : geometry.Beam == BeamShape.Parallel && geometry.Views.Any(v => v.Source.Z != 0) ? RayPose.Leaning
        : RayPose.Upright;

    /// <summary>A geometry of a pose to measure with: as many columns as pixels, two voxels of magnification.</summary>
    internal static VectorGeometry Example(RayPose pose, int columns, int views, int slices)
    {
        double[] angles = [.. Enumerable.Range(0, views).Select(i => 360.0 * i / views)];
        var (toAxis, toDetector, pixel) = (Length.FromMillimeters(2 * columns), Length.FromMillimeters(4 * columns), Length.FromMillimeters(2));
        return pose switch
        {
            RayPose.Slices => new FanGeometry(angles, columns, toAxis, toDetector, pixel).ToVectors().WithRows(slices),
            RayPose.Upright => new ConeGeometry(angles, slices, columns, toAxis, toDetector, pixel).ToVectors(),
            RayPose.Leaning => new LaminographyGeometry(angles, 2 * slices, columns, 30, sliceCount: slices).ToVectors(),
            _ => new ConeGeometry(angles, slices, columns, toAxis, toDetector, pixel, detectorRollDegrees: 2).ToVectors(),
        };
    }
}
