namespace Beamline.Arrays;

/// <summary>Where the rays of a view come from.</summary>
public enum BeamShape
{
    /// <summary>All rays have one direction.</summary>
    Parallel,

    /// <summary>Rays from a line along z: each detector row sees its own slice from the same point of it.</summary>
    Fan,

    /// <summary>Rays from a point.</summary>
    Cone,
}

/// <summary>One view, in voxels from the middle of the volume, as the rows of ASTRA's cone_vec and parallel3d_vec.</summary>
/// <param name="Source">The source; for a parallel beam the direction of the rays.</param>
/// <param name="Detector">The middle of the detector, between column 0 and the last, row 0 and the last.</param>
/// <param name="Column">From the center of a column to that of the next.</param>
/// <param name="Row">From the center of a row to that of the next.</param>
public readonly record struct GeometryView(Vector3D Source, Vector3D Detector, Vector3D Column, Vector3D Row)
{
    /// <summary>A view in the plane of a slice, as the rows of ASTRA's fanflat_vec and parallel_vec.</summary>
    /// <param name="sourceX">x of the source; for a parallel beam of the direction.</param>
    /// <param name="sourceY">y of the source or the direction.</param>
    /// <param name="detectorX">x of the middle of the detector.</param>
    /// <param name="detectorY">y of the middle of the detector.</param>
    /// <param name="columnX">x of the way from a column to the next.</param>
    /// <param name="columnY">y of that way.</param>
    public static GeometryView InSlice(double sourceX, double sourceY, double detectorX, double detectorY, double columnX, double columnY) =>
        new(new Vector3D(sourceX, sourceY, 0), new Vector3D(detectorX, detectorY, 0), new Vector3D(columnX, columnY, 0), Vector3D.UnitZ);
}

/// <summary>Rays given by vectors for each view, so that every view may have its own shift, pixel size, tilt and place.</summary>
public sealed record VectorGeometry : Geometry
{
    private VectorGeometry(
        BeamShape beam, GeometryView[] views, int rowCount, int columnCount, int imageSize, int sliceCount, Length? voxelSize, bool isCurved)
        : base(views.Length, columnCount, imageSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sliceCount, 1);
        if (views.Length == 0)
        {
            throw new ArgumentException("There is no view: a geometry needs at least one.", nameof(views));
        }

        if (voxelSize is { } voxel)
        {
            PointSource.Positive(voxel, "voxel size", nameof(voxelSize));
        }

        (Beam, Views, RowCount, SliceCount, VoxelSize, IsCurved) = (beam, views, rowCount, sliceCount, voxelSize, isCurved);
        IsSliceWise = beam == BeamShape.Fan || (beam == BeamShape.Parallel && Array.TrueForAll(views, v =>
            v.Source.Z == 0 && v.Column.Z == 0 && v.Row == Vector3D.UnitZ && v.Detector.Z == 0) && rowCount == sliceCount);
        for (var i = 0; i < views.Length; i++)
        {
            CheckView(i, views[i]);
        }
    }

    /// <summary>Where the rays come from.</summary>
    public BeamShape Beam { get; }

    /// <summary>The views, one for each projection.</summary>
    public IReadOnlyList<GeometryView> Views { get; }

    /// <summary>Number of detector rows; 1 stands for any number when <see cref="IsSliceWise"/>.</summary>
    public int RowCount { get; }

    /// <summary>Number of slices; 1 stands for any number when <see cref="IsSliceWise"/>.</summary>
    public int SliceCount { get; }

    /// <summary>Edge of a voxel, which is the unit of the vectors; null when not known.</summary>
    public Length? VoxelSize { get; }

    /// <summary>Whether the columns lie on a circle around the source (fan beam only).</summary>
    public bool IsCurved { get; }

    /// <summary>Whether each detector row sees one slice only, and all in the same way.</summary>
    public bool IsSliceWise { get; }

    /// <summary>Views in which each detector row sees its own slice, for any number of rows.</summary>
    /// <param name="beam">Parallel or fan.</param>
    /// <param name="views">The views, in the plane of a slice; see <see cref="GeometryView.InSlice"/>.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="imageSize">Edge of the square slices in pixels.</param>
    /// <param name="voxelSize">Edge of a voxel, which is the unit of the vectors; null when not known.</param>
    /// <param name="isCurved">Whether the columns lie on a circle around the source, at distances given along it.</param>
    /// <exception cref="ArgumentException">No view, or one whose rays leave the slice or run along the detector.</exception>
    public static VectorGeometry Slices(
        BeamShape beam, IEnumerable<GeometryView> views, int columnCount, int imageSize, Length? voxelSize = null, bool isCurved = false)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (beam == BeamShape.Cone)
        {
            throw new ArgumentException("The rays of a cone leave the slices: call VectorGeometry.Cone.", nameof(beam));
        }

        if (isCurved && beam != BeamShape.Fan)
        {
            throw new ArgumentException("Only a fan beam has a curved detector.", nameof(isCurved));
        }

        GeometryView[] all = [.. views];
        var leaves = Array.FindIndex(all, v => v.Source.Z != 0 || v.Detector.Z != 0 || v.Column.Z != 0 || v.Row != Vector3D.UnitZ);
        return leaves < 0
            ? new VectorGeometry(beam, all, 1, columnCount, imageSize, 1, voxelSize, isCurved)
            : throw new ArgumentException(
                $"View {leaves} leaves its slice: source, detector and columns have z = 0 and rows are (0, 0, 1) apart. " +
                "Call VectorGeometry.Parallel or Cone for views that cross slices.", nameof(views));
    }

    /// <summary>Parallel beam in any direction: tilted axes, laminography, shifts of whole projections.</summary>
    /// <param name="views">The views; Source is the direction.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="imageSize">Edge of the square slices in pixels.</param>
    /// <param name="sliceCount">Number of slices.</param>
    /// <param name="voxelSize">Edge of a voxel, which is the unit of the vectors; null when not known.</param>
    /// <exception cref="ArgumentException">No view, or one whose rays run along the detector.</exception>
    public static VectorGeometry Parallel(
        IEnumerable<GeometryView> views, int rowCount, int columnCount, int imageSize, int sliceCount, Length? voxelSize = null) =>
        new(BeamShape.Parallel, [.. views], rowCount, columnCount, imageSize, sliceCount, voxelSize, false);

    /// <summary>Cone beam with source and detector anywhere outside the volume.</summary>
    /// <param name="views">The views.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="imageSize">Edge of the square slices in pixels.</param>
    /// <param name="sliceCount">Number of slices.</param>
    /// <param name="voxelSize">Edge of a voxel, which is the unit of the vectors; null when not known.</param>
    /// <exception cref="ArgumentException">No view, or one whose rays run along the detector or whose source plane cuts the volume.</exception>
    public static VectorGeometry Cone(
        IEnumerable<GeometryView> views, int rowCount, int columnCount, int imageSize, int sliceCount, Length? voxelSize = null) =>
        new(BeamShape.Cone, [.. views], rowCount, columnCount, imageSize, sliceCount, voxelSize, false);

    /// <summary>The same views for a stack with a number of detector rows, each of which becomes one slice.</summary>
    /// <param name="rowCount">Number of rows.</param>
    /// <exception cref="InvalidOperationException">The rays cross slices.</exception>
    public VectorGeometry WithRows(int rowCount) => IsSliceWise
        ? new(Beam, [.. Views], rowCount, ColumnCount, ImageSize, rowCount, VoxelSize, IsCurved)
        : throw new InvalidOperationException("The rays cross slices: the number of rows belongs to the geometry.");

    /// <summary>The same detector with more columns on either side.</summary>
    /// <param name="before">Columns before the first, 0 or more.</param>
    /// <param name="after">Columns behind the last, 0 or more.</param>
    public VectorGeometry WithColumns(int before, int after)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var shift = (after - before) / 2.0;
        return new(Beam, [.. Views.Select(Moved)], RowCount, ColumnCount + before + after, ImageSize, SliceCount, VoxelSize, IsCurved);

        GeometryView Moved(GeometryView view)
        {
            if (!IsCurved)
            {
                return view with { Detector = view.Detector + (view.Column * shift) };
            }

            var toDetector = view.Detector - view.Source;
            var (radius, pixel) = (toDetector.Norm, view.Column.Norm);
            var (sin, cos) = Math.SinCos(shift * pixel / radius);
            var (beam, across) = (toDetector * (1 / radius), view.Column * (1 / pixel));
            return view with { Detector = view.Source + (((beam * cos) + (across * sin)) * radius), Column = ((across * cos) - (beam * sin)) * pixel };
        }
    }

    /// <summary>The geometry of some views only, in the given order.</summary>
    /// <param name="views">Indices of views.</param>
    public VectorGeometry Part(IReadOnlyList<int> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        return new(Beam, [.. views.Select(i => Views[i])], RowCount, ColumnCount, ImageSize, SliceCount, VoxelSize, IsCurved);
    }

    /// <inheritdoc/>
    public override VectorGeometry ToVectors() => this;

    private void CheckView(int index, GeometryView view)
    {
        if (!view.Source.IsFinite || !view.Detector.IsFinite || !view.Column.IsFinite || !view.Row.IsFinite)
        {
            throw new ArgumentException($"View {index} has a number that is not finite: {view}.");
        }

        var normal = view.Column.Cross(view.Row);
        var depth = normal.Dot(Beam == BeamShape.Parallel ? view.Source : view.Detector - view.Source);
        if (!(Math.Abs(depth) > 1e-9 * normal.Norm * Math.Max(view.Source.Norm, 1e-300)) || normal.Norm == 0)
        {
            throw new ArgumentException(
                $"View {index}: the rays run along the detector. Column and Row must span a plane that the rays cross.");
        }

        if (Beam == BeamShape.Parallel)
        {
            return;
        }

        // All eight corners must lie on the detector's side of the source.
        var (half, high) = (ImageSize / 2.0, Beam == BeamShape.Fan ? 0 : SliceCount / 2.0);
        var reach = (Math.Abs(normal.X) * half) + (Math.Abs(normal.Y) * half) + (Math.Abs(normal.Z) * high);
        if (-normal.Dot(view.Source) * Math.Sign(depth) <= reach)
        {
            throw new ArgumentException(
                $"View {index}: the source lies inside the volume or beside it, so that rays to some voxels do not meet the detector. " +
                "The unit of the vectors is a voxel; check it, or give fewer voxels.");
        }
    }
}
