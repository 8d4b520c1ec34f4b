using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Ring removal where no projections are left: on the reconstruction.</summary>
public static class VolumeRings
{
    /// <summary>Members of a volume.</summary>
    /// <param name="volume">Slices [z, y, x]; rings are about the middle of each slice, where reconstructions have the axis.</param>
    extension(Volume volume)
    {
        /// <summary>
        /// Removes rings from slices: in polar coordinates, what is thinner than the radial median and the same along an arc is a ring and is
        /// subtracted.
        /// </summary>
        /// <remarks>
        /// After Sijbers and Postnov, Physics in Medicine and Biology 49 (2004) N247, with medians along radius and angle. Stripe removal on
        /// the sinogram is better where projections are at hand: <see cref="StripeOptions"/>.
        /// </remarks>
        /// <param name="options">Size and arc; null takes the defaults.</param>
        /// <returns>A new volume; in a scratch file when it does not fit in memory.</returns>
        /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
        public Volume RemoveRings(RingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(volume);
            options ??= new RingOptions();
            using var job = RunJob.Start("remove rings");
            var context = RunContext.Current;
            var length = volume.Memory.Length;
            var memory = length * sizeof(float) <= MemoryBudget.AvailableBytes(context) / 2
                ? ArrayMemory.Allocate<float>(length)
                : ScratchMemory.Create(length, context);
            var result = new Volume(volume.SliceCount, volume.RowCount, volume.ColumnCount, memory)
            {
                VoxelSize = volume.VoxelSize,
                Quantity = volume.Quantity,
                Provenance = volume.Provenance.Then(
                    "remove-rings", ("size", $"{options.Size}"), ("arcDegrees", $"{options.ArcDegrees:g4}"), ("mostAmplitude", options.MostAmplitude?.ToString("g4") ?? "any")),
            };
            try
            {
                var filter = new PolarRings(volume.RowCount, volume.ColumnCount, options);
                var done = 0;
                ParallelWork.For(volume.SliceCount, context, z =>
                {
                    volume.Slice(z).CopyTo(result.Slice(z));
                    filter.Apply(result.Slice(z));
                    var count = Interlocked.Increment(ref done);
                    context.Report("remove rings", (double)count / volume.SliceCount, $"slice {count} of {volume.SliceCount}");
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
    }
}
