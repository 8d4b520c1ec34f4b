using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Gridding;
using Beamline.Tomography.LogPolar;

namespace Beamline.Tomography.Planning;

/// <summary>Measures the Fourier and log-polar methods as they are, on slices of moderate size.</summary>
internal static class TransformProbes
{
    private const int MostColumns = 256;
    private const int Few = 16, Many = 80;

    /// <summary>Work of one projection row: n log2 n of its padded transform, and the grid points that its samples are spread to.</summary>
    internal static double FourierRowUnits(int rowLength, int kernelWidth) =>
        rowLength * (Math.Log2(rowLength) + (kernelWidth * kernelWidth));

    /// <summary>Work of one slice's grid, n log2 n.</summary>
    internal static double FourierGridUnits(int gridSize) => (double)gridSize * gridSize * Math.Log2(gridSize);

    /// <summary>Work of one slice: the convolutions of the wedges, the rows and the pixels.</summary>
    internal static double LogPolarUnits(LogPolarGrid grid, int paddedLength, int imageSize) =>
        ((double)grid.WedgeCount * grid.RadialCount * grid.AngularCount * Math.Log2((double)grid.RadialCount * grid.AngularCount)) +
        (grid.Angles.Count * WorkProbes.FilterUnits(paddedLength)) + (16.0 * imageSize * imageSize);

    internal static double FourierRows(WorkScale scale)
    {
        var (few, many, grid) = Fourier(scale);
        // What more projections cost; on a restless machine at least a little.
        var each = Math.Max((many - few) / (Many - Few), 0.1 * many / Many);
        return scale.Lanes * FourierRowUnits(grid.RowLength, new FourierOptions().KernelWidth) / each;
    }

    internal static double FourierGrids(WorkScale scale)
    {
        var (few, many, grid) = Fourier(scale);
        var rest = Math.Max(few - (Few * (many - few) / (Many - Few)), 0.1 * few);
        return scale.Lanes * FourierGridUnits(grid.GridSize) / rest;
    }

    internal static double LogPolar(WorkScale scale)
    {
        var options = new LogPolarOptions();
        var geometry = Geometry(scale, Many);
        var grid = new LogPolarGrid(geometry, options);
        var seconds = Seconds(new LogPolarMethod(geometry, options, Weights(geometry), scale.Lanes), geometry, scale);
        return scale.Lanes * LogPolarUnits(grid, Filtering.SinogramFilter.PaddedLength(geometry.ColumnCount, options.Padding), geometry.ImageSize) / seconds;
    }

    private static (double Few, double Many, FourierGrid Grid) Fourier(WorkScale scale)
    {
        var options = new FourierOptions();
        var (few, many) = (Geometry(scale, Few), Geometry(scale, Many));
        return (
            Seconds(new FourierMethod(few, options, Weights(few), scale.Lanes), few, scale),
            Seconds(new FourierMethod(many, options, Weights(many), scale.Lanes), many, scale), new FourierGrid(few, options));
    }

    /// <summary>Seconds of one slab: the least of three runs after one that compiles.</summary>
    private static double Seconds(ISlabMethod method, ParallelGeometry geometry, WorkScale scale)
    {
        const int BandRows = 64;
        using (method)
        {
            using var sinogram = new InterleavedSlab(geometry.AngleCount, geometry.ColumnCount, scale.Lanes, SlabShape.Pad);
            using var band = new InterleavedSlab(BandRows, geometry.ImageSize, scale.Lanes, SlabShape.Pad);
            var least = double.PositiveInfinity;
            for (var i = 0; i < 4; i++)
            {
                var watch = Stopwatch.StartNew();
                method.Prepare(sinogram, _ => { }, scale.Context);
                for (var row = 0; row < geometry.ImageSize; row += BandRows)
                {
                    method.MakeBand(band, row, scale.Context);
                }

                least = i == 0 ? least : Math.Min(least, watch.Elapsed.TotalSeconds);
            }

            return least;
        }
    }

    // 64 to 256 columns, a multiple of the band.
    private static ParallelGeometry Geometry(WorkScale scale, int angles) => new(
        [.. Enumerable.Range(0, angles).Select(i => 180.0 * i / angles)], Math.Min(scale.Columns, MostColumns), null);

    private static double[] Weights(ParallelGeometry geometry) => AngularWeights.Compute(geometry.AnglesDegrees);
}
