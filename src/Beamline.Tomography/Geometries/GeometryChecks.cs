using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>Holds a geometry against the projections that it is to explain.</summary>
internal static class GeometryChecks
{
    /// <summary>The angles of a geometry in degrees as its user gave them; those of vectors are the directions of their beams.</summary>
    internal static IReadOnlyList<double> AnglesOf(Geometry geometry, VectorGeometry vectors) => geometry switch
    {
        ParallelGeometry g => g.AnglesDegrees,
        FanGeometry g => g.AnglesDegrees,
        ConeGeometry g => g.AnglesDegrees,
        LaminographyGeometry g => g.AnglesDegrees,
        _ => [.. vectors.Views.Select(v => v.Angle(vectors.Beam))],
    };

    /// <summary>Degrees by which the beam of a view is turned about the axis.</summary>
    internal static double Angle(this GeometryView view, BeamShape beam)
    {
        var along = beam == BeamShape.Parallel ? view.Source : view.Detector - view.Source;
        return Math.Atan2(-along.X, along.Y) * (180 / Math.PI);
    }

    /// <summary>The geometry as vectors, with the rows of the stack where any number of them fits.</summary>
    internal static VectorGeometry ForStack(Geometry geometry, ProjectionStack projections)
    {
        var vectors = geometry.ToVectors();
        if (vectors.IsSliceWise && vectors.RowCount == 1)
        {
            vectors = vectors.WithRows(projections.RowCount);
        }

        if (vectors.ViewCount != projections.AngleCount)
        {
            throw new ArgumentException(
                $"The geometry has {vectors.ViewCount} views, but there are {projections.AngleCount} projections: give one angle or view for each.");
        }

        if (vectors.RowCount != projections.RowCount || vectors.ColumnCount != projections.ColumnCount)
        {
            throw new ArgumentException(
                $"The geometry has a detector of {vectors.RowCount} rows x {vectors.ColumnCount} columns, but the projections have " +
                $"{projections.RowCount} x {projections.ColumnCount}.");
        }

        return vectors;
    }
}
