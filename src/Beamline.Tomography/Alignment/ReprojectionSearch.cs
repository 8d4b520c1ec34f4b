using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;

namespace Beamline.Tomography.Alignment;

/// <summary>The state of an alignment: a band of rows, its shifts, and the operators that go round.</summary>
internal sealed class ReprojectionSearch : IDisposable
{
    private const int Lanes = 32;

    private readonly float[][] _measured;
    private readonly double[] _radians;
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _alongAxis;
    private readonly ParallelProjector _projector;
    private readonly SinogramFilter _filter;
    private readonly RayTable _weights;
    private readonly InterleavedSlab _sinogram;
    private readonly InterleavedSlab _image;

    internal ReprojectionSearch(ProjectionStack projections, RotationAxis axis, int firstRow, int rows, bool alongAxis)
    {
        (_rows, _columns, _alongAxis) = (rows, projections.ColumnCount, alongAxis);
        _radians = [.. projections.AnglesDegrees.Select(a => a * Math.PI / 180)];
        _measured = new float[projections.AngleCount][];
        for (var a = 0; a < _measured.Length; a++)
        {
            _measured[a] = new float[rows * _columns];
            projections.Read(new StackRegion(a, 1, firstRow, rows), _measured[a]);
            NonFinite.ReplaceByZero(_measured[a]);
        }

        (ColumnShifts, RowShifts) = (new double[_measured.Length], new double[_measured.Length]);
        _projector = new ParallelProjector(new ParallelGeometry(projections.AnglesDegrees, _columns, axis));
        _filter = new SinogramFilter(_columns, Lanes, new FbpOptions());
        _weights = RayTable.Interpolating(projections.AnglesDegrees, AngularWeights.Compute(projections.AnglesDegrees));
        _sinogram = _projector.Range.Allocate(Lanes);
        _image = _projector.Domain.Allocate(Lanes);
    }

    internal double[] ColumnShifts { get; }

    internal double[] RowShifts { get; }

    /// <summary>Difference of the last round, as a part of the measured values.</summary>
    internal double Residual { get; private set; }

    /// <summary>One round. Gives the largest change of a shift in pixels.</summary>
    internal double Step(RunContext context)
    {
        var shifted = new float[_measured.Length][];
        ParallelWork.For(shifted.Length, context, a =>
        {
            shifted[a] = _measured[a].AsSpan().ToArray();
            ShiftOptions.Move(shifted[a], _rows, _columns, RowShifts[a], ColumnShifts[a]);
            _sinogram.SetLanes(a, shifted[a], _columns, _rows);
        });
        _filter.Apply(_sinogram, context);
        for (var row = 0; row < _image.OuterCount; row += BandRows)
        {
            Backproject(row, Math.Min(BandRows, _image.OuterCount - row));
        }

        _projector.Forward(_image, _sinogram);
        var steps = new (double Columns, double Rows, double Difference, double Energy)[shifted.Length];
        ParallelWork.For(shifted.Length, context, a =>
        {
            var model = new float[_rows * _columns];
            _sinogram.GetLanes(a, model, _columns, _rows);
            steps[a] = GaussNewton(shifted[a], model);
        });
        Residual = Math.Sqrt(steps.Sum(s => s.Difference) / Math.Max(steps.Sum(s => s.Energy), double.Epsilon));
        return Move(steps);
    }

    public void Dispose()
    {
        _projector.Dispose();
        _filter.Dispose();
        _weights.Dispose();
        _sinogram.Dispose();
        _image.Dispose();
    }

    private const int BandRows = 64;

    private void Backproject(int row, int rows)
    {
        using var band = new InterleavedSlab(rows, _image.InnerCount, Lanes, SlabShape.Pad);
        _projector.BackprojectBand(_sinogram, _weights, band, row);
        var line = new float[_image.InnerCount * Lanes];
        for (var y = 0; y < rows; y++)
        {
            band.GetLanes(y, line, _image.InnerCount, Lanes);
            _image.SetLanes(row + y, line, _image.InnerCount, Lanes);
        }
    }

    /// <summary>
    /// The shift d that minimizes |measured(x - d) - model(x)|^2 to first order; measured(x - d) = measured(x) - d measured'(x), with
    /// the slopes of the model, which has less noise.
    /// </summary>
    private (double Columns, double Rows, double Difference, double Energy) GaussNewton(float[] measured, float[] model)
    {
        double xx = 0, xy = 0, yy = 0, xr = 0, yr = 0, difference = 0, energy = 0;
        // Shifted-in rows at the ends of the band are copies, not measurements.
        var (from, to) = _alongAxis ? (2, _rows - 2) : (0, _rows);
        for (var y = from; y < to; y++)
        {
            for (var x = 1; x < _columns - 1; x++)
            {
                var at = (y * _columns) + x;
                var slopeX = (model[at + 1] - model[at - 1]) / 2.0;
                var slopeY = _alongAxis ? (model[at + _columns] - model[at - _columns]) / 2.0 : 0;
                var rest = (double)measured[at] - model[at];
                xx += slopeX * slopeX;
                xy += slopeX * slopeY;
                yy += slopeY * slopeY;
                xr += slopeX * rest;
                yr += slopeY * rest;
                difference += rest * rest;
                energy += (double)measured[at] * measured[at];
            }
        }

        var determinant = (xx * yy) - (xy * xy);
        var (dx, dy) = determinant > 1e-9 * xx * yy
            ? (((xr * yy) - (yr * xy)) / determinant, ((yr * xx) - (xr * xy)) / determinant)
            : (xx > 0 ? xr / xx : 0, 0);
        return (Math.Clamp(dx, -2, 2), Math.Clamp(dy, -2, 2), difference, energy);
    }

    private double Move((double Columns, double Rows, double Difference, double Energy)[] steps)
    {
        var before = ColumnShifts.Concat(RowShifts).ToArray();
        for (var a = 0; a < steps.Length; a++)
        {
            ColumnShifts[a] += steps[a].Columns;
            RowShifts[a] += steps[a].Rows;
        }

        RemoveSampleMotion();
        return ColumnShifts.Concat(RowShifts).Zip(before, (now, then) => Math.Abs(now - then)).Max();
    }

    /// <summary>A sample that lies elsewhere moves its projections by x cos + y sin, and by a constant along the axis: no error.</summary>
    private void RemoveSampleMotion()
    {
        double cc = 0, cs = 0, ss = 0, c = 0, s = 0;
        for (var a = 0; a < _radians.Length; a++)
        {
            var (sin, cos) = Math.SinCos(_radians[a]);
            cc += cos * cos;
            cs += cos * sin;
            ss += sin * sin;
            c += cos * ColumnShifts[a];
            s += sin * ColumnShifts[a];
        }

        var determinant = (cc * ss) - (cs * cs);
        if (determinant > 1e-6 * cc * ss)
        {
            var (x, y) = (((c * ss) - (s * cs)) / determinant, ((s * cc) - (c * cs)) / determinant);
            for (var a = 0; a < _radians.Length; a++)
            {
                ColumnShifts[a] -= (x * Math.Cos(_radians[a])) + (y * Math.Sin(_radians[a]));
            }
        }

        var mean = RowShifts.Average();
        for (var a = 0; a < RowShifts.Length; a++)
        {
            RowShifts[a] -= mean;
        }
    }
}
