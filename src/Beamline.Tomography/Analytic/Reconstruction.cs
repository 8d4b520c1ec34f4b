using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

/// <summary>Makes volumes from projections.</summary>
public static partial class Reconstruction
{
    private const long AnnounceBytes = 100L << 20;

    /// <summary>Filtered backprojection of parallel-beam projections.</summary>
    /// <remarks>
    /// Kak and Slaney, Principles of Computerized Tomographic Imaging, IEEE Press 1988, section 3.3: rows are filtered with
    /// the band-limited ramp times a window, then backprojected with linear interpolation. Values are quantitative: linear
    /// attenuation in 1/cm when the pixel size is known, or else in 1/pixel. Angles may be spaced unevenly. Works slab by
    /// slab; a volume that does not fit under the memory limit of the <see cref="RunContext"/> is kept in a scratch file.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="axis">The rotation axis; null finds it with the default method.</param>
    /// <param name="options">Filter, padding and size; null takes the defaults.</param>
    /// <returns>A volume [row, y, x], one slice for each detector row. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">Fewer than two projections, or the axis lies outside the detector.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume Fbp(ProjectionStack projections, RotationAxis? axis = null, FbpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new FbpOptions();
        using var job = RunJob.Start("FBP");
        var context = ContextFor(options);
        CheckInput(projections, projections.AnglesDegrees, context);
        axis ??= RotationAxis.Find(projections);
        var geometry = new ParallelGeometry(projections.AnglesDegrees, projections.ColumnCount, axis, options.ImageSize);
        var plan = ReconstructionPlan.Make(projections, options, context);
        job.Expect(plan.ExpectedTime, plan.ImageSize, plan.ImageSize);
        if (plan.ResultBytes + plan.WorkingBytes >= AnnounceBytes)
        {
            context.Report("FBP", 0, plan.ToString());
        }

        using var scope = RunContext.Use(context);
        var clock = new RunClock(plan);
        ProjectionStack? held = null;
        clock.Time(MethodSteps.Read, () => held = InputCopy.Make(projections, plan, context));
        using var cached = held;
        VolumeStore made = null!;
        clock.Time(MethodSteps.Prepare, () => made = VolumeStore.Create(plan, context));
        using var store = made;
        RunFbp(cached ?? projections, geometry, plan, options, store, clock, context);

        var pixel = projections.PixelSize;
        var volume = new Volume(plan.SliceCount, plan.ImageSize, plan.ImageSize, store.Complete())
        {
            VoxelSize = pixel is { } edge ? VoxelSize.Cube(edge) : null,
            Quantity = ResultQuantity(projections),
            Timing = clock.Finish("FBP", context),
            Provenance = projections.Provenance.Then(
                "fbp",
                ("filter", options.FilterName),
                ("cutoff", options.Cutoff.ToString("0.###")),
                ("padding", options.Padding.ToString()),
                ("axisColumn", axis.Column.ToString("0.###")),
                ("axisMethod", axis.Method),
                ("imageSize", plan.ImageSize.ToString()),
                ("device", plan.Device.ToString()),
                ("beamline", typeof(Reconstruction).Assembly.GetName().Version!.ToString(3))),
        };
        job.Complete(new JobResult(volume));
        return volume;
    }

    /// <summary>What a filtered backprojection would take, without running it.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    /// <param name="options">Filter, padding and size; null takes the defaults.</param>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    public static ReconstructionPlan Plan(ProjectionStack projections, FbpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new FbpOptions();
        return ReconstructionPlan.Make(projections, options, ContextFor(options), isAsked: true);
    }

    private static RunContext ContextFor(AnalyticOptions options) =>
        options.Device is { } device ? RunContext.Current with { Device = device } : RunContext.Current;

    private static void RunFbp(
        ProjectionStack projections,
        ParallelGeometry geometry,
        ReconstructionPlan plan,
        FbpOptions options,
        VolumeStore store,
        RunClock clock,
        RunContext context)
    {
        var preview = new SlicePreview("FBP", store, ResultQuantity(projections), projections.PixelSize);
        using var projector = new ParallelProjector(geometry, options.Backend);
        using var filter = new SinogramFilter(geometry.ColumnCount, plan.Lanes, options);
        using var weights = RayTable.Interpolating(geometry.AnglesDegrees, ResultWeights(projections));
        using var sinogram = projector.Range.Allocate(plan.Lanes);
        using var reader = new SlabReader(projections, plan.AnglesPerRead, plan.Lanes);
        using var fullBand = new InterleavedSlab(plan.BandRows, plan.ImageSize, plan.Lanes, SlabShape.Pad);
        var restRows = plan.ImageSize % plan.BandRows;
        using var restBand = restRows == 0 ? null : new InterleavedSlab(restRows, plan.ImageSize, plan.Lanes, SlabShape.Pad);
        for (var slab = 0; slab < plan.SlabCount; slab++)
        {
            var firstSlice = slab * plan.Lanes;
            var slices = Math.Min(plan.Lanes, plan.SliceCount - firstSlice);
            context.Report("FBP", (double)slab / plan.SlabCount, $"slab {slab + 1} of {plan.SlabCount}");
            if (slices < plan.Lanes)
            {
                // What the slab before left in the other lanes would have a part in the rounding of these.
                sinogram.Clear();
            }

            clock.Time(MethodSteps.Read, () => reader.Read(firstSlice, slices, sinogram, context));
            clock.Time(MethodSteps.Filter, () => filter.Apply(sinogram, context));
            for (var firstRow = 0; firstRow < plan.ImageSize; firstRow += plan.BandRows)
            {
                var row = firstRow;
                var rows = Math.Min(plan.BandRows, plan.ImageSize - row);
                var band = rows == plan.BandRows ? fullBand : restBand!;
                clock.Time(MethodSteps.Backproject, () => projector.BackprojectBand(sinogram, weights, band, row));
                if (options.MaskOutsideCircle)
                {
                    CircleMask.Apply(band, row, geometry);
                }

                clock.Time(MethodSteps.Write, () => store.Write(band, firstSlice, slices, row, context));
                context.Report(new ProgressReport(
                    "FBP",
                    (slab + ((double)(row + rows) / plan.ImageSize)) / plan.SlabCount,
                    $"slab {slab + 1} of {plan.SlabCount}")
                {
                    Preview = preview.Make(context, firstSlice, slices, row + rows),
                });
            }
        }

        if (reader.Replaced > 0)
        {
            context.Warning?.Invoke(
                $"{reader.Replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }
    }

    private static double[] ResultWeights(ProjectionStack projections)
    {
        var weights = AngularWeights.Compute(projections.AnglesDegrees);
        if (IsAttenuation(projections) && projections.PixelSize is { } pixel)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] /= pixel.Centimeters;
            }
        }

        return weights;
    }

    private static Quantity ResultQuantity(ProjectionStack projections) =>
        !IsAttenuation(projections) ? new Quantity(projections.Quantity.Name, "per pixel")
        : projections.PixelSize is null ? Quantity.AttenuationPerPixel
        : Quantity.AttenuationPerCentimeter;

    private static bool IsAttenuation(ProjectionStack projections) => projections.Quantity == Quantity.LineIntegral;

    /// <param name="projections">The projections.</param>
    /// <param name="angles">The angles that the method works with, in degrees.</param>
    /// <param name="context">Hears warnings.</param>
    private static void CheckInput(ProjectionStack projections, IReadOnlyList<double> angles, RunContext context)
    {
        if (projections.AngleCount < 2)
        {
            throw new ArgumentException(
                "There is only one projection: a reconstruction needs at least two angles, and about as many as the detector has columns to be sharp.",
                nameof(projections));
        }

        RadiansCheck.Warn(angles, context);
        if (projections.Quantity == Quantity.Counts || projections.Quantity == Quantity.Transmission)
        {
            context.Warning?.Invoke(
                $"These projections are {projections.Quantity.Name}, not line integrals: the values of the volume will not be attenuation. " +
                "Normalize() and MinusLog() come first.");
        }
    }
}
