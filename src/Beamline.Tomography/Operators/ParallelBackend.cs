using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Operators;

/// <summary>One implementation of the parallel-beam operators. Slabs were checked by the caller.</summary>
internal abstract class ParallelBackend(ParallelGeometry geometry) : IDisposable
{
    protected ParallelGeometry Geometry { get; } = geometry;

    /// <summary>Joseph's projector: y = A x.</summary>
    internal abstract void Forward(InterleavedSlab image, InterleavedSlab sinogram, RunContext context);

    /// <summary>
    /// Gathers the sinogram with the hats of a table into the image rows from <paramref name="firstRow"/> on;
    /// as many rows as <paramref name="band"/> has. With <see cref="RayTable.Joseph"/> over all rows this is A'.
    /// </summary>
    internal abstract void Backproject(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, int firstRow, RunContext context);

    public abstract void Dispose();
}
