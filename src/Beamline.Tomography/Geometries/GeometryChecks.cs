using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>Holds a geometry against the projections that it is to explain.</summary>
internal static class GeometryChecks
{
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
