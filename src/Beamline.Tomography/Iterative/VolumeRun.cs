using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;

namespace Beamline.Tomography.Iterative;

/// <summary>A run on a volume whose slices share rays: one slab holds all of it, and one step serves all.</summary>
internal sealed class VolumeRun : IDisposable
{
    private readonly ProjectionStack _projections;
    private readonly VectorGeometry _geometry;
    private readonly Length? _voxel;
    private readonly IterativeOptions _options;
    private readonly IterativeProblem _problem;
    private readonly Quantity _quantity;
    private readonly double _unit;

    internal VolumeRun(ProjectionStack projections, VectorGeometry geometry, Length? voxel, IterativeOptions options)
    {
        (_projections, _geometry, _voxel, _options) = (projections, geometry, voxel, options);
        (_quantity, _unit) = IterativeRun.ResultUnit(projections, voxel);
        _problem = new IterativeProblem(
            new VectorProjector(geometry, options.Backend), options, Mask(options, geometry), _unit, ProjectionAngles.Of(geometry));
    }

    internal IReadOnlyList<IterationRecord> History { get; private set; } = [];

    internal IReadOnlyList<SliceStop> Stops { get; private set; } = [];

    /// <summary>Whether the arrays fit; all of them are in memory at once.</summary>
    internal static ReconstructionPlan Plan(ProjectionStack projections, VectorGeometry geometry, IterativeOptions options, RunContext context)
    {
        var image = VolumeSlabs.Shape(geometry.ImageSize, geometry.ImageSize, geometry.SliceCount).BytesNeeded(VolumeSlabs.Lanes);
        var rays = VolumeSlabs.Shape(geometry.ViewCount, geometry.ColumnCount, geometry.RowCount).BytesNeeded(VolumeSlabs.Lanes);
        var largest = Math.Max(image, rays) / sizeof(float);
        if (largest > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A volume or a stack of {largest} values is more than iterations over whole volumes can hold ({Array.MaxLength}). Give a geometry with " +
                "fewer or larger voxels (imageSize, sliceCount, voxelSize), bin the projections, or take Reconstruction.Fdk.", nameof(geometry));
        }

        var subsets = IterativeProblem.SubsetCount(options, geometry.ViewCount);
        var working = ((IterativeSlab.ImageSlabs(options.Method) + 2 + subsets) * image) +
            ((IterativeSlab.RaySlabs(options.Method) + (options.Weights is null ? 2 : 3)) * rays);
        var result = (long)geometry.SliceCount * geometry.ImageSize * geometry.ImageSize * sizeof(float);
        var available = MemoryBudget.AvailableBytes(context);
        if (working + result > available)
        {
            throw new InsufficientMemoryException(
                $"{options.Method} on a volume of {geometry.SliceCount} x {geometry.ImageSize} x {geometry.ImageSize} needs {(working + result) >> 20} MiB, because its " +
                $"slices share rays and are solved together; {available >> 20} MiB are free. Give a geometry with fewer or larger voxels " +
                "(imageSize, sliceCount, voxelSize), take fewer subsets, or SIRT, which needs least.");
        }

        return new ReconstructionPlan
        {
            Device = ComputeDevices.Resolve(context.Device),
            SliceCount = geometry.SliceCount,
            ImageSize = geometry.ImageSize,
            Lanes = geometry.SliceCount,
            BandRows = geometry.ImageSize,
            AnglesPerRead = 1,
            WorkingBytes = working,
            ResultBytes = result,
            CachedInputBytes = 0,
            AvailableBytes = available,
        };
    }

    internal Volume Solve(Func<IReadOnlyList<IterationRecord>, Provenance> provenance)
    {
        var context = RunContext.Current;
        using var run = new SlabRun(_problem, VolumeSlabs.Lanes);
        using var data = _problem.Operator.Range.Allocate(VolumeSlabs.Lanes);
        using var weights = _options.Weights is null ? null : _problem.Operator.Range.Allocate(VolumeSlabs.Lanes);
        var replaced = VolumeSlabs.Read(_projections, data, context);
        if (weights is not null)
        {
            VolumeSlabs.Read(_options.Weights!, weights, context);
        }

        if (_options.Start is { } start)
        {
            VolumeSlabs.Read(start, run.Start, _unit, context);
        }

        var progress = run.Solve(data, weights, _options.Start is not null, 1, null, (iteration, state, slices) =>
        {
            context.Report(new ProgressReport(
                _options.Method.ToString(), (double)iteration / _options.IterationLimit,
                $"iteration {iteration} of {_options.IterationLimit}, residual {100 * state.RelativeResidual(0):0.##} %")
            {
                Iteration = iteration,
                IterationLimit = _options.IterationLimit,
                Residual = state.RelativeResidual(0),
                Preview = context.Job?.WantsPreview == true ? Slice(iteration, slices) : null,
            });
            Preview(iteration, state, slices);
        });
        History = IterationSums.Records(IterationSums.Together([], progress.History));
        Stops = [progress.Stop(0, 0)];
        Warn(context, replaced);
        var volume = new Volume(_geometry.SliceCount, _geometry.ImageSize, _geometry.ImageSize)
        {
            VoxelSize = _voxel is { } edge ? VoxelSize.Cube(edge) : null,
            Quantity = _quantity,
            Provenance = provenance(History),
        };
        VolumeSlabs.Write(run.Best, volume, 1 / _unit, context);
        return volume;
    }

    public void Dispose() => _problem.Dispose();

    /// <summary>The user's mask and the circle in every slice; the lanes behind the last slice are outside.</summary>
    private static unsafe float[]? Mask(IterativeOptions options, VectorGeometry geometry)
    {
        var slice = PixelMask.Of(options, geometry);
        var run = VolumeSlabs.Pieces(geometry.SliceCount) * VolumeSlabs.Lanes;
        if (slice is null && run == geometry.SliceCount)
        {
            return null;
        }

        var mask = new float[checked(geometry.ImageSize * geometry.ImageSize * run)];
        for (var i = 0; i < geometry.ImageSize * geometry.ImageSize; i++)
        {
            mask.AsSpan(i * run, geometry.SliceCount).Fill(slice?[i] ?? 1);
        }

        return mask;
    }

    private void Preview(int iteration, LaneProgress progress, InterleavedSlab slab)
    {
        if (_options.Preview is { } listener && iteration % _options.PreviewEvery == 0)
        {
            listener.Report(new IterationPreview(iteration, progress.RelativeResidual(0), Slice(iteration, slab)));
        }
    }

    private unsafe Image Slice(int iteration, InterleavedSlab slab)
    {
        var (size, z) = (_geometry.ImageSize, _options.PreviewSlice ?? _geometry.SliceCount / 2);
        var run = VolumeSlabs.Pieces(_geometry.SliceCount) * VolumeSlabs.Lanes;
        var values = new float[size * size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(VolumeSlabs.Run(slab, i / size, i % size, run)[z] / _unit);
        }

        GC.KeepAlive(slab);
        return new Image(size, size, values)
        {
            Quantity = _quantity,
            PixelSizeX = _voxel,
            PixelSizeY = _voxel,
            Title = $"slice z = {z}, {_options.Method} iteration {iteration}",
        };
    }

    private void Warn(RunContext context, long replaced)
    {
        if (replaced > 0)
        {
            context.Warning?.Invoke($"{replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }

        if (Stops[0].Reason == StopReason.Diverged)
        {
            context.Warning?.Invoke(
                $"{_options.Method} diverged and stopped at its last good iterate ({Stops[0].Iteration}, residual {100 * Stops[0].RelativeResidual:0.#} %). " +
                "Look for wrong values in the projections, or take a smaller Relaxation.");
        }
    }
}
