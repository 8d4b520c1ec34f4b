using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// Filtered backprojection by views: some slices at a time, the detector rows that they fall on are read, weighted, filtered and turned
/// row-fastest; then every voxel gathers its shadows.
/// </summary>
internal sealed class ViewReconstruction : IDisposable
{
    private readonly string _activity;
    private readonly VectorGeometry _geometry;
    private readonly ReconstructionPlan _plan;
    private readonly RayWeights _weights;
    private readonly RunContext _context;
    private readonly RunClock _clock;
    private readonly ViewBackend _backend;
    private readonly ViewTable _views;
    private readonly SinogramFilter _filter;
    private readonly SlabReader _reader;
    private readonly InterleavedSlab _sinogram;
    private readonly InterleavedSlab _read;
    private readonly int _before;
    private readonly ProjectionRuns _runs;
    private double _edge;
    private double _mean;

    internal ViewReconstruction(
        string activity, ProjectionStack projections, VectorGeometry geometry, int columnsBefore, ReconstructionPlan plan, RayWeights weights, FbpOptions options,
        double unit, RunClock clock, RunContext context)
    {
        (_activity, _geometry, _plan, _weights, _clock, _context) = (activity, geometry, plan, weights, clock, context);
        _backend = ViewBackend.Make(options.Backend, plan.Device);
        _views = new ViewTable(geometry, geometry.RowCount, [.. weights.Views.Select(w => w / unit)]);
        _filter = new SinogramFilter(geometry.ColumnCount, ViewPlan.FilterRows, options, weights.AngularStep);
        _reader = new SlabReader(projections, plan.AnglesPerRead, ViewPlan.FilterRows);
        _sinogram = new InterleavedSlab(geometry.ViewCount, geometry.ColumnCount, ViewPlan.FilterRows, Pad);
        _before = columnsBefore;
        _read = geometry.ColumnCount == projections.ColumnCount
            ? _sinogram
            : new InterleavedSlab(geometry.ViewCount, projections.ColumnCount, ViewPlan.FilterRows, Pad);
        var most = Enumerable.Range(0, plan.SlabCount).Max(s => ViewPlan.RowsOf(geometry, s * plan.Lanes, plan.Lanes).Count);
        _runs = new ProjectionRuns(geometry.ViewCount, geometry.ColumnCount, most);
    }

    private static int Pad => SlabShape.Pad;

    internal void Run(VolumeStore store, SlicePreview preview)
    {
        using var fullBand = new InterleavedSlab(_plan.BandRows, _plan.ImageSize, _plan.Lanes, Pad);
        var restRows = _plan.ImageSize % _plan.BandRows;
        using var restBand = restRows == 0 ? null : new InterleavedSlab(restRows, _plan.ImageSize, _plan.Lanes, Pad);
        for (var slab = 0; slab < _plan.SlabCount; slab++)
        {
            var detail = $"slab {slab + 1} of {_plan.SlabCount}";
            var firstSlice = slab * _plan.Lanes;
            var slices = Math.Min(_plan.Lanes, _plan.SliceCount - firstSlice);
            _context.Report(_activity, (double)slab / _plan.SlabCount, detail);
            Prepare(firstSlice);
            for (var firstRow = 0; firstRow < _plan.ImageSize; firstRow += _plan.BandRows)
            {
                var row = firstRow;
                var rows = Math.Min(_plan.BandRows, _plan.ImageSize - row);
                var band = rows == _plan.BandRows ? fullBand : restBand!;
                _clock.Time(MethodSteps.Backproject, () => _backend.Backproject(
                    _runs, _views, band, new BandPlace(row, firstSlice, slices, _plan.ImageSize, _geometry.SliceCount), _context));
                _clock.Time(MethodSteps.Write, () => store.Write(band, firstSlice, slices, row, _context));
                _context.Report(new ProgressReport(_activity, (slab + ((double)(row + rows) / _plan.ImageSize)) / _plan.SlabCount, detail)
                {
                    Preview = preview.Make(_context, firstSlice, slices, row + rows),
                });
            }
        }

        Warn();
    }

    public void Dispose()
    {
        _backend.Dispose();
        _views.Dispose();
        _filter.Dispose();
        _reader.Dispose();
        _sinogram.Dispose();
        _read.Dispose();
        _runs.Dispose();
    }

    /// <summary>Reads and filters the rows of some slices into the runs.</summary>
    private void Prepare(int firstSlice)
    {
        var (first, count) = ViewPlan.RowsOf(_geometry, firstSlice, _plan.Lanes);
        _runs.Begin(first, count);
        for (var done = 0; done < count; done += ViewPlan.FilterRows)
        {
            var rows = Math.Min(ViewPlan.FilterRows, count - done);
            var from = first + done;
            _clock.Time(MethodSteps.Read, () =>
            {
                _sinogram.Clear();
                _read.Clear();
                _reader.Read(from, rows, _read, _context);
            });
            _clock.Time(MethodSteps.Filter, () => Filter(from, done + 1, rows));
        }
    }

    /// <summary>Weighs and filters what was read, and puts it into the runs.</summary>
    private unsafe void Filter(int firstRow, int offset, int rows)
    {
        LookAtEdges(rows);
        for (var view = 0; _read != _sinogram && view < _read.OuterCount; view++)
        {
            var length = _read.InnerCount * _read.Lanes;
            new Span<float>(_read.Origin + (view * _read.RowStride), length).CopyTo(
                new Span<float>(_sinogram.Origin + (view * _sinogram.RowStride) + ((long)_before * _sinogram.Lanes), length));
        }

        _weights.Apply(_sinogram, firstRow, rows, _context);
        _filter.Apply(_sinogram, _context);
        ParallelWork.For(_geometry.ViewCount, _context, view =>
        {
            var source = _sinogram.Origin + (view * _sinogram.RowStride);
            var target = _runs.Column0(view) + offset;
            for (var c = 0; c < _geometry.ColumnCount; c++, source += ViewPlan.FilterRows, target += _runs.Run)
            {
                new Span<float>(source, rows).CopyTo(new Span<float>(target, rows));
            }

            GC.KeepAlive(_sinogram);
            GC.KeepAlive(_runs);
        });
    }

    /// <summary>Adds up what lies at both ends of the rows and what lies between: a sample wider than the detector shows there.</summary>
    private void LookAtEdges(int rows)
    {
        var line = new float[_read.InnerCount];
        for (var view = 0; view < _read.OuterCount; view += Math.Max(1, _read.OuterCount / 16))
        {
            _read.GetRow(view, rows / 2, line);
            // A detector that was moved aside ends within the sample on its narrow side.
            var (left, right) = (_before > 0 ? 0 : Math.Abs(line[0]), _read != _sinogram && _before == 0 ? 0 : Math.Abs(line[^1]));
            _edge += left + right;
            _mean += 2.0 * line.Sum(v => Math.Abs(v)) / line.Length;
        }
    }

    private void Warn()
    {
        if (_reader.Replaced > 0)
        {
            _context.Warning?.Invoke(
                $"{_reader.Replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }

        if (_edge > 0.1 * _mean)
        {
            _context.Warning?.Invoke(
                "The sample reaches beyond the detector: the first and last columns have " +
                $"{100 * _edge / _mean:0} % of the mean line integral. Values will be too high toward the rim. Padding = SinogramPadding.Edge lessens it; " +
                "OffsetDetector is for a full turn with the detector moved aside.");
        }
    }
}
