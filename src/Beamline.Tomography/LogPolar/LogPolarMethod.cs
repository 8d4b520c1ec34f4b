using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.LogPolar;

/// <summary>Log-polar reconstruction of a slab, wedge by wedge.</summary>
internal sealed unsafe class LogPolarMethod : ISlabMethod
{
    private readonly LogPolarGrid _grid;
    private readonly SinogramFilter _filter;
    private readonly WedgeResponse _response;
    private readonly WedgeRows _rows;
    private readonly WedgeConvolution _convolution;
    private readonly WedgePixels _pixels;

    internal LogPolarMethod(
        ParallelGeometry geometry, LogPolarOptions options, double[] angleWeights, int lanes, LaneVectors vectors = LaneVectors.Widest)
    {
        var context = RunContext.Current;
        _grid = new LogPolarGrid(geometry, options);
        _filter = new SinogramFilter(geometry.ColumnCount, lanes, Splined(options), staysPaired: true);
        _response = new WedgeResponse(_grid, context);
        _rows = new WedgeRows(_grid, angleWeights, lanes, vectors);
        _convolution = new WedgeConvolution(_grid, _response, lanes, vectors);
        _pixels = new WedgePixels(_grid, lanes, vectors, context);
    }

    public void Prepare(InterleavedSlab sinogram, Action<double> progress, RunContext context)
    {
        _filter.Apply(sinogram, context);
        for (var wedge = 0; wedge < _grid.WedgeCount; wedge++)
        {
            _rows.Fill(sinogram, wedge, context);
            _convolution.Apply(_rows, context);
            _pixels.Add(_convolution, wedge, context);
            progress(0.95 * (wedge + 1) / _grid.WedgeCount);
        }
    }

    public void MakeBand(InterleavedSlab band, int firstRow, RunContext context) => ParallelWork.For(band.OuterCount, context, row =>
    {
        // Real and imaginary parts change places again.
        LanePairs.JoinExchanged(_pixels.Row(firstRow + row), band.Origin + (row * band.RowStride), band.InnerCount, band.Lanes);
        GC.KeepAlive(band);
    });

    public void Dispose()
    {
        _pixels.Dispose();
        _convolution.Dispose();
        _rows.Dispose();
        _response.Dispose();
        _filter.Dispose();
    }

    /// <summary>The filter, over the response of the splines that read the filtered rows.</summary>
    private static LogPolarOptions Splined(LogPolarOptions options) => options with
    {
        Cutoff = 1,
        Response = w => (options.Filter == FbpFilter.None && options.Response is null ? 1 : FilterResponse.Window(w, options)) / Splines.Response(w / 2),
    };
}
