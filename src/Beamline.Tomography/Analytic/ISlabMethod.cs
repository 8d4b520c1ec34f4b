using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>A reconstruction that takes the sinograms of a slab at once and then gives its image rows in bands.</summary>
internal interface ISlabMethod : IDisposable
{
    /// <summary>Takes the sinograms of a slab.</summary>
    /// <param name="sinogram">[angle, column, lane].</param>
    /// <param name="progress">Hears which part of the slab's work is done, 0 to 1.</param>
    /// <param name="context">Threads and cancellation.</param>
    void Prepare(InterleavedSlab sinogram, Action<double> progress, RunContext context);

    /// <summary>Makes image rows from <paramref name="firstRow"/> on; each row is asked for once.</summary>
    void MakeBand(InterleavedSlab band, int firstRow, RunContext context);
}
