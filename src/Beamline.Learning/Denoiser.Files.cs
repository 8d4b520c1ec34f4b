using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Learning;

/// <content>From files to files, for stacks that never are in memory.</content>
public sealed partial class Denoiser
{
    /// <summary>
    /// Removes the noise of every projection and writes each to a file before the next is read: a stack of any number of projections takes the
    /// memory of a few. The file appears when it is complete; a failure or cancellation leaves what was there before.
    /// </summary>
    /// <param name="stack">The projections, in the units that the network was trained on.</param>
    /// <param name="path">Where to: .h5 (Data Exchange, with the angles), .tif, or a folder name ending in "/" for one TIFF each; the folder must exist.</param>
    /// <returns>The denoised projections, read from the file when they are asked for; dispose it to close the file.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="DataFormatException">The kind has no place for angles, the folder is missing or cannot be written, or the disk is full.</exception>
    /// <exception cref="InsufficientMemoryException">Not even small tiles fit in memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public ProjectionStack ApplyTo(ProjectionStack stack, string path)
    {
        ArgumentNullException.ThrowIfNull(stack);
        SplitCheck.AppliedToProjections(this);
        var context = RunContext.Current;
        using (var writer = ProjectionWriter.Create(path, stack.AnglesDegrees, stack.RowCount, stack.ColumnCount, stack.Quantity, stack.PixelSize, After(stack.Provenance)))
        {
            using var inference = new NetworkInference(this);
            var window = new NeighborWindow(stack, Network.InputChannels);
            var denoised = new float[checked(stack.RowCount * stack.ColumnCount)];
            for (var angle = 0; angle < stack.AngleCount; angle++)
            {
                context.Report("denoising", (double)angle / stack.AngleCount, $"projection {angle + 1} of {stack.AngleCount}");
                inference.Apply(window.Around(angle), denoised, stack.RowCount, stack.ColumnCount);
                writer.Write(angle, denoised);
            }

            writer.Complete();
        }

        context.Report("denoising", 1);
        return ProjectionStack.Open(path);
    }

    /// <summary>Removes the noise of every slice [y, x] of a volume and writes each to a file before the next.</summary>
    /// <param name="volume">The volume, in the units that the network was trained on.</param>
    /// <param name="path">Where to: .h5, .tif, .npy, .raw, .zarr, or a folder name ending in "/"; <c>Volume.Open</c> reads it.</param>
    /// <exception cref="ArgumentException">The network wants neighbors, or a value is not finite.</exception>
    /// <exception cref="DataFormatException">The kind is unknown, the folder is missing or cannot be written, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public void ApplyTo(Volume volume, string path)
    {
        ArgumentNullException.ThrowIfNull(volume);
        SplitCheck.AppliedToSlices(this, volume.Quantity);
        CheckTakesSlices(nameof(volume));
        var context = RunContext.Current;
        using var writer = VolumeWriter.Create(
            path, volume.SliceCount, volume.RowCount, volume.ColumnCount, volume.Quantity, volume.VoxelSize, After(volume.Provenance));
        using var inference = new NetworkInference(this);
        var size = volume.RowCount * volume.ColumnCount;
        var (noisy, denoised) = (new float[size], new float[size]);
        for (var z = 0; z < volume.SliceCount; z++)
        {
            context.Report("denoising", (double)z / volume.SliceCount, $"slice {z + 1} of {volume.SliceCount}");
            volume.Slice(z).CopyTo(noisy);
            volume.Memory.Evict((long)z * size, size);
            inference.Apply(noisy, denoised, volume.RowCount, volume.ColumnCount);
            writer.WriteSlices(z, denoised);
        }

        context.Report("denoising", 1);
        writer.Complete();
    }

    /// <summary>The history of what it makes.</summary>
    private Provenance After(Provenance before) =>
        before.Then("denoise", ("network", Network.Name), ("data sha256", Facts.GetValueOrDefault("data sha256", "unknown")));

    private void CheckTakesSlices(string parameter)
    {
        if (Network.InputChannels != 1)
        {
            throw new ArgumentException($"This network denoises an image with its {Network.InputChannels - 1} neighbors; slices are denoised one by one.", parameter);
        }
    }
}
