using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Gridding;

/// <summary>Fourier reconstruction of a slab: spectra, grid columns, image rows.</summary>
internal sealed class FourierMethod : ISlabMethod
{
    private readonly FourierGrid _grid;
    private readonly GriddingKernel _kernel;
    private readonly SpectrumRows _spectra;
    private readonly GridColumns _columns;
    private readonly ImageRows _rows;

    internal FourierMethod(
        ParallelGeometry geometry, FourierOptions options, double[] angleWeights, int lanes, LaneVectors vectors = LaneVectors.Widest)
    {
        _grid = new FourierGrid(geometry, options);
        _kernel = new GriddingKernel(options.KernelWidth, (double)_grid.GridSize / geometry.ImageSize);
        _spectra = new SpectrumRows(_grid, options, angleWeights, lanes, vectors);
        _columns = new GridColumns(_grid, _kernel, lanes, vectors);
        _rows = new ImageRows(_grid, _kernel);
    }

    public void Prepare(InterleavedSlab sinogram, Action<double> progress, RunContext context)
    {
        _spectra.Fill(sinogram, context);
        progress(0.3);
        _columns.Fill(_spectra, context);
        progress(0.8);
    }

    public void MakeBand(InterleavedSlab band, int firstRow, RunContext context) => _rows.Make(_columns, band, firstRow, context);

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
        _spectra.Dispose();
        _kernel.Dispose();
    }
}
