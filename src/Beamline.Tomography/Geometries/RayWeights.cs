using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Geometries;

/// <summary>What projections are multiplied by before the filter, and what each view counts in the backprojection.</summary>
internal sealed class RayWeights
{
    private readonly VectorGeometry _geometry;
    private readonly float[]? _columns;
    private readonly bool _hasCosine;

    private RayWeights(VectorGeometry geometry, double[] views, float[]? columns, bool hasCosine) =>
        (_geometry, Views, _columns, _hasCosine) = (geometry, views, columns, hasCosine);

    /// <summary>Radians of each view over the distance of its columns at the axis, in voxels.</summary>
    internal double[] Views { get; }

    /// <summary>Parallel beam: opposite views are the same; a tilted axis sees less of the frequencies (docs/adr/0029).</summary>
    /// <param name="geometry">The geometry.</param>
    /// <param name="context">Hears warnings.</param>
    internal static RayWeights Parallel(VectorGeometry geometry, RunContext context)
    {
        double[] angles = [.. geometry.Views.Select(v => v.Angle(BeamShape.Parallel))];
        var weights = AngularWeights.Compute(angles);
        if (geometry.Views.Any(v => Math.Abs(v.Source.Z) > 0.02 * v.Source.Norm))
        {
            weights = Tilted(angles, context);
        }

        for (var i = 0; i < weights.Length; i++)
        {
            var view = geometry.Views[i];
            var across = view.Column.Cross(view.Source).Norm / view.Source.Norm;
            var level = Math.Sqrt((view.Source.X * view.Source.X) + (view.Source.Y * view.Source.Y)) / view.Source.Norm;
            weights[i] *= level / across;
        }

        return new RayWeights(geometry, weights, null, false);
    }

    /// <summary>Opposite views of a tilted axis are not the same, and a full turn meets every frequency twice.</summary>
    private static double[] Tilted(double[] angles, RunContext context)
    {
        var coverage = new FanCoverage(angles, 0);
        if (!coverage.IsFullTurn)
        {
            context.Warning?.Invoke(
                $"The angles cover {coverage.RangeDegrees:0.#} degrees, but a tilted axis needs a full turn: the opposite view of a tilted one is another one. " +
                "Some directions are missing and others count twice.");
        }

        var part = Math.Min(1, 180 / coverage.RangeDegrees);
        return [.. coverage.ViewWeights.Select(w => w * part)];
    }

    /// <summary>
    /// How many columns a detector that was moved aside lacks before its first and behind its last to be even about the axis. The filter
    /// reaches there, and voxels that fall there need what it gives.
    /// </summary>
    internal static (int Before, int After) MissingColumns(VectorGeometry geometry)
    {
        var (least, most) = (FanAngle(geometry, geometry.Views[0], 0), FanAngle(geometry, geometry.Views[0], geometry.ColumnCount - 1));
        var missing = (int)Math.Ceiling(geometry.ColumnCount * (1 - (2 * Math.Min(-least, most) / (most - least))));
        return missing <= 0 ? (0, 0) : -least < most ? (missing, 0) : (0, missing);
    }

    /// <summary>Fan or cone beam on a circle, by the angles of the circle.</summary>
    /// <param name="geometry">The geometry, with columns added for an offset detector.</param>
    /// <param name="anglesDegrees">Angles of the circle.</param>
    /// <param name="added">The columns that were added; null when the detector is even.</param>
    /// <param name="context">Hears warnings.</param>
    internal static RayWeights Circle(VectorGeometry geometry, IReadOnlyList<double> anglesDegrees, (int Before, int After)? added, RunContext context)
    {
        var columns = geometry.ColumnCount;
        var offsetDetector = added is not null;
        var fan = new double[columns];
        for (var c = 0; c < columns; c++)
        {
            fan[c] = FanAngle(geometry, geometry.Views[0], c);
        }

        var (least, most) = (fan[added?.Before ?? 0], fan[columns - 1 - (added?.After ?? 0)]);
        var coverage = new FanCoverage(anglesDegrees, Math.Max(-least, most));
        if (offsetDetector && !coverage.IsFullTurn)
        {
            throw new ArgumentException(
                $"OffsetDetector needs a full turn, but the angles cover {coverage.RangeDegrees:0.#} degrees: half of the sample is not seen.");
        }

        if (coverage.MissingDegrees > 0.5)
        {
            context.Warning?.Invoke(
                $"The angles cover {coverage.RangeDegrees:0.#} degrees, {coverage.MissingDegrees:0.#} too few for a fan of " +
                $"{(most - least) * (180 / Math.PI):0.#} degrees: a short scan needs 180 degrees and the fan. Values will be off at one side.");
        }

        var table = new float[geometry.ViewCount * columns];
        for (var i = 0; i < geometry.ViewCount; i++)
        {
            for (var c = 0; c < columns; c++)
            {
                table[(i * columns) + c] = (float)(offsetDetector
                    ? FanCoverage.OffsetRedundancy(fan[c], least, most)
                    : coverage.Redundancy(i, fan[c]));
            }
        }

        var views = coverage.ViewWeights;
        for (var i = 0; i < views.Length; i++)
        {
            var view = geometry.Views[i];
            var e = view.Detector - view.Source;
            var normal = view.Column.Cross(view.Row);
            var magnification = geometry.IsCurved ? e.Norm / view.Source.Norm : e.Dot(normal) / -view.Source.Dot(normal);
            // On a rolled detector columns are closer to each other across the axis.
            views[i] *= magnification / Math.Sqrt((view.Column.X * view.Column.X) + (view.Column.Y * view.Column.Y));
        }

        return new RayWeights(geometry, views, table, true);
    }

    /// <summary>Radians between two columns of a curved detector; 0 on a flat one.</summary>
    internal double AngularStep => _geometry.IsCurved
        ? _geometry.Views[0].Column.Norm / (_geometry.Views[0].Detector - _geometry.Views[0].Source).Norm
        : 0;

    /// <summary>Multiplies rows of all views, [view, column, row], by the cosine of each ray and by its part among the views.</summary>
    internal unsafe void Apply(InterleavedSlab slab, int firstRow, int rowCount, RunContext context)
    {
        if (!_hasCosine)
        {
            return;
        }

        ParallelWork.For(slab.OuterCount, context, i =>
        {
            var view = _geometry.Views[i];
            var e = view.Detector - view.Source;
            var normal = view.Column.Cross(view.Row);
            normal *= 1 / normal.Norm;
            var depth = Math.Abs(e.Dot(normal));
            for (var c = 0; c < slab.InnerCount; c++)
            {
                var values = slab.Origin + (i * slab.RowStride) + ((long)c * slab.Lanes);
                var part = _columns![(i * slab.InnerCount) + c];
                if (_geometry.Beam == BeamShape.Fan)
                {
                    // The ray through the axis is the middle of the fan, wherever the detector is.
                    var cosine = (float)Math.Cos(FanAngle(_geometry, view, c)) * part;
                    for (var lane = 0; lane < rowCount; lane++)
                    {
                        values[lane] *= cosine;
                    }

                    continue;
                }

                // The squared length of the ray to a row is a quadratic function of the row, counted from the middle one.
                var ray = e + (view.Column * (c - ((_geometry.ColumnCount - 1) / 2.0)));
                var (square, slope, curve) = (
                    Vector256.Create((float)ray.Dot(ray)), Vector256.Create((float)(2 * ray.Dot(view.Row))), Vector256.Create((float)view.Row.Dot(view.Row)));
                var weight = Vector256.Create((float)(depth * part));
                var first = Vector256.Create((float)(firstRow - ((_geometry.RowCount - 1) / 2.0)));
                for (var lane = 0; lane < slab.Lanes; lane += Vector256<float>.Count)
                {
                    var row = first + Vector256.ConvertToSingle(Vector256<int>.Indices + Vector256.Create(lane));
                    var length = Vector256.Sqrt(Vector256.FusedMultiplyAdd(row, Vector256.FusedMultiplyAdd(row, curve, slope), square));
                    Vector256.Store(Vector256.Load(values + lane) * (weight / length), values + lane);
                }
            }

            GC.KeepAlive(slab);
        });
    }

    /// <summary>Angle in a slice between a column's ray and the ray through the axis, positive toward higher columns.</summary>
    private static double FanAngle(VectorGeometry geometry, GeometryView view, int column)
    {
        var fromMiddle = column - ((geometry.ColumnCount - 1) / 2.0);
        var e = view.Detector - view.Source;
        var (axisX, axisY) = (-view.Source.X, -view.Source.Y);
        double x, y;
        if (geometry.IsCurved)
        {
            var radius = e.Norm;
            var (sin, cos) = Math.SinCos(fromMiddle * view.Column.Norm / radius);
            var across = view.Column * (1 / view.Column.Norm);
            (x, y) = ((e.X * cos / radius) + (across.X * sin), (e.Y * cos / radius) + (across.Y * sin));
        }
        else
        {
            (x, y) = (e.X + (view.Column.X * fromMiddle), e.Y + (view.Column.Y * fromMiddle));
        }

        // With the beam along (-sin, cos) and columns along (cos, sin) a higher column lies clockwise of the axis.
        return Math.Atan2((axisY * x) - (axisX * y), (axisX * x) + (axisY * y));
    }
}
