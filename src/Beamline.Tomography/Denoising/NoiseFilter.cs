using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// A classical filter against noise with its parameters. It works on two-dimensional pictures: projections, images, and the slices [y, x] of
/// volumes, each by itself; values keep their unit.
/// </summary>
/// <remarks>Same input, same bits for any number of threads. Stacks are computed when they are read, as by every <see cref="PreprocessingStep"/>.</remarks>
public abstract record NoiseFilter : PreprocessingStep
{
    private protected NoiseFilter()
    {
    }

    /// <summary>Filters every projection. Lazy; values that are not finite take those of their neighbors, with a warning.</summary>
    /// <param name="projections">The stack.</param>
    public sealed override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var (rows, columns) = (projections.RowCount, projections.ColumnCount);
        return new FrameStack(projections, this, (frame, _) => Run(frame, rows, columns, RunContext.Current with { MaxThreads = 1 }));
    }

    /// <summary>Filters one image.</summary>
    /// <param name="image">The image.</param>
    /// <returns>A new image with the same unit and pixel size.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        FiniteCheck.Check(image.Values, image.ColumnCount, "The image", nameof(image));
        var values = image.Values.ToArray();
        Run(values, image.RowCount, image.ColumnCount, RunContext.Current);
        return new Image(image.RowCount, image.ColumnCount, values)
        {
            Quantity = image.Quantity, PixelSizeX = image.PixelSizeX, PixelSizeY = image.PixelSizeY, Title = image.Title,
        };
    }

    /// <summary>Filters every slice [y, x] of a volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <returns>A new volume; in a scratch file when it does not fit in memory.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public Volume Apply(Volume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        using var job = RunJob.Start(Name);
        var context = RunContext.Current;
        var length = volume.Memory.Length;
        var memory = length * sizeof(float) <= MemoryBudget.AvailableBytes(context) / 2
            ? ArrayMemory.Allocate<float>(length)
            : ScratchMemory.Create(length, context);
        var result = new Volume(volume.SliceCount, volume.RowCount, volume.ColumnCount, memory)
        {
            VoxelSize = volume.VoxelSize,
            Quantity = volume.Quantity,
            Provenance = volume.Provenance.Then(Name, [.. Parameters]),
        };
        try
        {
            var done = 0;
            ParallelWork.For(volume.SliceCount, context, z =>
            {
                FiniteCheck.Check(volume.Slice(z), volume.ColumnCount, $"Slice {z}", nameof(volume));
                var values = volume.Slice(z).ToArray();
                Run(values, volume.RowCount, volume.ColumnCount, context with { MaxThreads = 1 });
                values.CopyTo(result.Slice(z));
                var count = Interlocked.Increment(ref done);
                context.Report(Name, (double)count / volume.SliceCount, $"slice {count} of {volume.SliceCount}");
            });
            job.Complete(new JobResult(result));
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Filters finite values [row, column] in place, on the threads of the context.</summary>
    internal abstract void Run(float[] frame, int rows, int columns, RunContext context);
}
