using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Gridding;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography;

public static partial class Reconstruction
{
    /// <summary>Direct Fourier reconstruction of parallel-beam projections: what FBP computes, by Fourier transforms.</summary>
    /// <remarks>
    /// The spectra of all projections, filtered as in <see cref="Fbp(ProjectionStack, RotationAxis?, FbpOptions?)"/>, are a non-uniform Fourier transform of the slice on a polar grid
    /// (Fourier slice theorem). They are spread over a Cartesian grid with a Kaiser-Bessel kernel ("gridrec"; Dutt and Rokhlin,
    /// SIAM J. Sci. Comput. 14 (1993) 1368), transformed, and divided by the kernel's own transform. The cost hardly grows with the
    /// number of angles, and rays are interpolated by their Fourier series instead of linearly. Values are in 1/cm when the
    /// pixel size is known, or else in 1/pixel. Angles may be spaced unevenly and cover any range; they are weighted as in FBP.
    /// Beside the detector a ray counts with the tail of the ramp, where FBP takes 0; within the circle that all projections see
    /// there is no difference. Runs on the CPU, slab by slab.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="axis">The rotation axis; null finds it with the default method.</param>
    /// <param name="options">Filter, padding, size and kernel; null takes the defaults.</param>
    /// <returns>A volume [row, y, x], one slice for each detector row. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">Fewer than two projections, the axis lies outside the detector, or a GPU was asked for.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume Fourier(ProjectionStack projections, RotationAxis? axis = null, FourierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new FourierOptions();
        return RunSlabMethod(
            "Fourier", projections, axis, options, context => FourierPlan.Make(projections, options, context),
            (geometry, weights, lanes) => new FourierMethod(geometry, options, weights, lanes),
            ("oversampling", options.Oversampling.ToString("0.###")),
            ("kernelWidth", options.KernelWidth.ToString()));
    }

    /// <summary>What a Fourier reconstruction would take, without running it.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    /// <param name="options">Filter, padding, size and kernel; null takes the defaults.</param>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    public static ReconstructionPlan PlanFourier(ProjectionStack projections, FourierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new FourierOptions();
        return FourierPlan.Make(projections, options, OnCpu("Fourier", options), isAsked: true);
    }

    private static Volume RunSlabMethod(
        string name,
        ProjectionStack projections,
        RotationAxis? axis,
        AnalyticOptions options,
        Func<RunContext, ReconstructionPlan> makePlan,
        Func<ParallelGeometry, double[], int, ISlabMethod> makeMethod,
        params (string Name, string Value)[] ownParameters)
    {
        using var job = RunJob.Start(name);
        var context = OnCpu(name, options);
        CheckInput(projections, projections.AnglesDegrees, context);
        axis ??= RotationAxis.Find(projections);
        var geometry = new ParallelGeometry(projections.AnglesDegrees, projections.ColumnCount, axis, options.ImageSize);
        var plan = makePlan(context);
        job.Expect(plan.ExpectedTime, plan.ImageSize, plan.ImageSize);
        if (plan.ResultBytes + plan.WorkingBytes >= AnnounceBytes)
        {
            context.Report(name, 0, plan.ToString());
        }

        using var scope = RunContext.Use(context);
        job.Expect(plan.ExpectedTime, plan.ImageSize, plan.ImageSize);
        var clock = new RunClock(plan);
        ISlabMethod begun = null!;
        clock.Time(MethodSteps.Prepare, () => begun = makeMethod(geometry, ResultWeights(projections), plan.Lanes));
        using var method = begun;
        ProjectionStack? held = null;
        clock.Time(MethodSteps.Read, () => held = InputCopy.Make(projections, plan, context));
        using var cached = held;
        VolumeStore made = null!;
        clock.Time(MethodSteps.Prepare, () => made = VolumeStore.Create(plan, context));
        using var store = made;
        SlabMethodRun.Run(name, method, cached ?? projections, geometry, options.MaskOutsideCircle, plan, store,
            new SlicePreview(name, store, ResultQuantity(projections), projections.PixelSize), clock, context);
        var volume = new Volume(plan.SliceCount, plan.ImageSize, plan.ImageSize, store.Complete())
        {
            VoxelSize = projections.PixelSize is { } edge ? VoxelSize.Cube(edge) : null,
            Quantity = ResultQuantity(projections),
            Timing = clock.Finish(name, context),
            Provenance = projections.Provenance.Then(
                name.ToLowerInvariant(),
                [
                    ("filter", options.FilterName),
                    ("cutoff", options.Cutoff.ToString("0.###")),
                    ("padding", options.Padding.ToString()),
                    .. ownParameters,
                    ("axisColumn", axis.Column.ToString("0.###")),
                    ("axisMethod", axis.Method),
                    ("imageSize", plan.ImageSize.ToString()),
                    ("device", plan.Device.ToString()),
                    ("beamline", typeof(Reconstruction).Assembly.GetName().Version!.ToString(3)),
                ]),
        };
        job.Complete(new JobResult(volume));
        return volume;
    }

    /// <summary>The context with the CPU as its device: a GPU that was asked for by name is not passed over in silence.</summary>
    private static RunContext OnCpu(string name, AnalyticOptions options)
    {
        var context = ContextFor(options);
        if (options.Device is { Kind: DeviceKind.Cuda } device)
        {
            throw new ArgumentException($"{name} runs on the CPU only, not on {device}. Take FBP (Reconstruction.Fbp) for a GPU.");
        }

        if (context.Device.Kind == DeviceKind.Cuda)
        {
            context.Warning?.Invoke($"{name} runs on the CPU, not on {context.Device}. FBP runs on the GPU.");
        }

        return context with { Device = Device.Cpu };
    }
}
