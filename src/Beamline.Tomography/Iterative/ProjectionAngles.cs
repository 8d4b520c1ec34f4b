using Beamline.Arrays;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Iterative;

/// <summary>Angles of the views of an operator, by which subsets are chosen; known for the library's own projectors.</summary>
internal static class ProjectionAngles
{
    internal static IReadOnlyList<double>? Of(ILinearOperator a) => a switch
    {
        ParallelProjector p => p.Geometry.AnglesDegrees,
        VectorProjector v => Of(v.Geometry),
        _ => null,
    };

    /// <summary>Directions of the beam; those of a point source count over twice the half turn, because opposite views differ.</summary>
    internal static double[] Of(VectorGeometry geometry)
    {
        var directions = geometry.Views.Select(v => v.Angle(geometry.Beam));
        return geometry.IsSliceWise && geometry.Beam == BeamShape.Parallel ? [.. directions] : [.. directions.Select(d => (((d % 360) + 360) % 360) / 2)];
    }
}
