using System.Runtime.CompilerServices;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

public static partial class Reconstruction
{
    /// <summary>Cone-beam reconstruction from a circle.</summary>
    /// <remarks>
    /// Feldkamp, Davis and Kress, J. Opt. Soc. Am. A 1 (1984) 612: rows are weighted by the cosine of each ray, filtered with the band-limited
    /// ramp times a window, and backprojected with the square of the magnification. Exact in the plane of the source; above and below
    /// it approximate, less so the smaller the cone. A short scan (180 degrees and the fan's angle) gets Parker's weights. Values are linear
    /// attenuation in 1/cm. Works slab by slab in bounded memory.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="geometry">The geometry; as many angles, rows and columns as the projections.</param>
    /// <param name="options">Filter and weights; null takes the defaults.</param>
    /// <returns>A volume [z, y, x]. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">The projections have another shape, or there are fewer than two.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume Fdk(ProjectionStack projections, ConeGeometry geometry, FdkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        options ??= new FdkOptions();
        return ByViews("fdk", projections, geometry, options.ToFbp(), options.OffsetDetector, geometry.AnglesDegrees, geometry.ToString());
    }

    /// <summary>Fan-beam reconstruction: every detector row becomes one slice.</summary>
    /// <remarks>
    /// Kak and Slaney, Principles of Computerized Tomographic Imaging, IEEE Press 1988, section 3.4, for flat and curved detectors. A short
    /// scan (180 degrees and the fan's angle) gets Parker's weights. Values are linear attenuation in 1/cm.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="geometry">The geometry; as many angles and columns as the projections.</param>
    /// <param name="options">Filter and weights; null takes the defaults.</param>
    /// <returns>A volume [row, y, x]. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">The projections have another shape, or there are fewer than two.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume Fan(ProjectionStack projections, FanGeometry geometry, FdkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        options ??= new FdkOptions();
        return ByViews("fan", projections, geometry, options.ToFbp(), options.OffsetDetector, geometry.AnglesDegrees, geometry.ToString());
    }

    /// <summary>Reconstruction from parallel-beam projections about a tilted axis.</summary>
    /// <remarks>
    /// Each projection is filtered along its rows with the ramp times the cosine of the tilt, which weighs the frequencies that a turn
    /// about the tilted axis measures. Those within the tilt of the axis are never measured: planes at right angles to the axis have soft faces, and
    /// a flat sample does not reach its full value. What is long along the axis has its right value. Values are linear attenuation in 1/cm when
    /// the pixel size is known, or else in 1/pixel.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="geometry">The geometry; as many angles, rows and columns as the projections.</param>
    /// <param name="options">Filter, padding and device; null takes the defaults. ImageSize is the geometry's.</param>
    /// <returns>A volume [z, y, x], z along the axis. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">The projections have another shape, or there are fewer than two.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume Laminography(ProjectionStack projections, LaminographyGeometry geometry, FbpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return ByViews("laminography", projections, geometry, options ?? new FbpOptions(), false, null, geometry.ToString());
    }

    /// <summary>Filtered backprojection of parallel-beam projections of which each has its own vectors: shifts, pixel sizes, tilts.</summary>
    /// <remarks>
    /// As <see cref="Fbp(ProjectionStack, RotationAxis?, FbpOptions?)"/>. Each view stands for half the way to its neighbors in angle, so views that
    /// together do not cover half a turn give what a limited angle gives.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log. Their angles are not used.</param>
    /// <param name="geometry">Parallel views, one for each projection.</param>
    /// <param name="options">Filter, padding and device; null takes the defaults. ImageSize is the geometry's.</param>
    /// <returns>A volume [z, y, x]. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">The projections have another shape, there are fewer than two, or the beam is not parallel.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    // Null stands for an axis to be found, not for a geometry.
    [OverloadResolutionPriority(-1)]
    public static Volume Fbp(ProjectionStack projections, VectorGeometry geometry, FbpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (geometry.Beam != BeamShape.Parallel)
        {
            throw new ArgumentException(
                $"Vectors of a {geometry.Beam} beam may lie anywhere, and filtered backprojection needs a circle: give a FanGeometry or ConeGeometry, " +
                "or take IterativeReconstruction.Run.", nameof(geometry));
        }

        return ByViews("fbp", projections, geometry, options ?? new FbpOptions(), false, null, $"{geometry.ViewCount} vector views");
    }

    /// <summary>What a filtered backprojection by a geometry would take, without running it.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    /// <param name="geometry">The geometry.</param>
    /// <param name="padding">What lies beside the detector.</param>
    /// <exception cref="ArgumentException">The projections have another shape.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    // Null stands for options.
    [OverloadResolutionPriority(-1)]
    public static ReconstructionPlan Plan(ProjectionStack projections, Geometry geometry, SinogramPadding padding = SinogramPadding.Zero)
    {
        ArgumentNullException.ThrowIfNull(projections);
        ArgumentNullException.ThrowIfNull(geometry);
        var (context, vectors) = (RunContext.Current, GeometryChecks.ForStack(geometry, projections));
        var plan = ViewPlan.Make(projections, vectors, padding, context);
        return plan.Timed(ViewWork.Of(OperationOf(geometry), plan, projections, vectors, padding, ProjectorBackend.Auto), projections, context, isAsked: true);
    }

    private static string OperationOf(Geometry geometry) => geometry switch
    {
        ConeGeometry => "fdk",
        FanGeometry => "fan",
        LaminographyGeometry => "laminography",
        _ => "fbp-vectors",
    };

    private static Volume ByViews(
        string operation, ProjectionStack projections, Geometry geometry, FbpOptions options, bool offsetDetector,
        IReadOnlyList<double>? circle, string description)
    {
        ArgumentNullException.ThrowIfNull(projections);
        using var job = RunJob.Start(operation.ToUpperInvariant());
        var context = ContextFor(options);
        var vectors = GeometryChecks.ForStack(geometry, projections);
        CheckInput(projections, GeometryChecks.AnglesOf(geometry, vectors), context);
        if (options.ImageSize is { } size && size != vectors.ImageSize)
        {
            throw new ArgumentException(
                $"ImageSize is {size}, but the geometry has slices of {vectors.ImageSize}: leave it out, or make the geometry with imageSize.", nameof(options));
        }

        using var scope = RunContext.Use(context);
        (int Before, int After)? added = offsetDetector ? RayWeights.MissingColumns(vectors) : null;
        if (added is { } columns)
        {
            vectors = vectors.WithColumns(columns.Before, columns.After);
        }

        var weights = circle is null ? RayWeights.Parallel(vectors, context) : RayWeights.Circle(vectors, circle, added, context);
        var plan = ViewPlan.Make(projections, vectors, options.Padding, context);
        plan = plan.Timed(
            ViewWork.Of(OperationOf(geometry), plan, projections, vectors, options.Padding, options.Backend), projections, context, isAsked: false);
        job.Expect(plan.ExpectedTime, plan.ImageSize, plan.ImageSize);
        var clock = new RunClock(plan);
        ProjectionStack? held = null;
        clock.Time(MethodSteps.Read, () => held = InputCopy.Make(projections, plan, context));
        using var cached = held;
        VolumeStore made = null!;
        clock.Time(MethodSteps.Prepare, () => made = VolumeStore.Create(plan, context));
        using var store = made;
        var voxel = vectors.VoxelSize ?? projections.PixelSize;
        var unit = IsAttenuation(projections) && voxel is { } edge ? edge.Centimeters : 1;
        var quantity = !IsAttenuation(projections) ? new Quantity(projections.Quantity.Name, "per pixel")
            : voxel is null ? Quantity.AttenuationPerPixel : Quantity.AttenuationPerCentimeter;
        ViewReconstruction begun = null!;
        clock.Time(MethodSteps.Prepare, () => begun = new ViewReconstruction(
            operation.ToUpperInvariant(), cached ?? projections, vectors, added?.Before ?? 0, plan, weights, options, unit, clock, context));
        using (begun)
        {
            begun.Run(store, new SlicePreview(operation.ToUpperInvariant(), store, quantity, voxel));
        }

        var volume = new Volume(plan.SliceCount, plan.ImageSize, plan.ImageSize, store.Complete())
        {
            VoxelSize = voxel is { } cube ? VoxelSize.Cube(cube) : null,
            Quantity = quantity,
            Timing = clock.Finish(operation.ToUpperInvariant(), context),
            Provenance = projections.Provenance.Then(
                operation,
                ("geometry", description),
                ("filter", options.Filter.ToString()),
                ("cutoff", options.Cutoff.ToString("0.###")),
                ("padding", options.Padding.ToString()),
                ("offsetDetector", offsetDetector.ToString()),
                ("device", plan.Device.ToString()),
                ("beamline", typeof(Reconstruction).Assembly.GetName().Version!.ToString(3))),
        };
        job.Complete(new JobResult(volume));
        return volume;
    }
}
