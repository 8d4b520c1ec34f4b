using System.Globalization;
using Beamline.Arrays;
using SkiaSharp;

namespace Beamline.Display;

/// <summary>
/// Source, sample and detector of the first view, seen from the side and a little above: the beam runs right, slices lie one above
/// the other. Lengths are to scale, or the beam has break marks.
/// </summary>
internal sealed class GeometrySketch
{
    private const int Width = 600;
    private const int Height = 300;
    private const double Sample = 78;
    private const double MostBeside = 200;
    private const double MostDetector = 170;
    private const string Beam = "#D55E00";
    private const string Detector = "#0072B2";
    private readonly Geometry _geometry;
    private readonly Frame _frame;

    private GeometrySketch(Geometry geometry, Frame frame, string note) => (_geometry, _frame, Note) = (geometry, frame, note);

    /// <summary>What is not to scale; empty when all is.</summary>
    public string Note { get; }

    public static GeometrySketch Draw(Geometry geometry)
    {
        var frame = Frame.Of(geometry);
        List<string> off = [];
        if (frame.IsSourceBroken || frame.IsDetectorBroken)
        {
            off.Add("distances with // are shortened");
        }

        if (frame.DetectorShrink < 1)
        {
            off.Add("the detector is drawn smaller");
        }

        if (!frame.HasSource)
        {
            off.Add("a parallel beam has no distances");
        }

        if (off.Count == 0)
        {
            off.Add("to scale");
        }

        var note = string.Join("; ", off);
        return new(geometry, frame, $"First view. {char.ToUpperInvariant(note[0])}{note[1..]}.");
    }

    public string Svg(string description)
    {
        var surface = new SvgChart(followsTheme: true);
        Draw(surface);
        return surface.Element(Width * Ink.Density, Height * Ink.Density, "Sketch of the geometry", description, PageMark.Of(description), "");
    }

    public byte[] Png()
    {
        using var bitmap = Ink.Page(Width * Ink.Density, Height * Ink.Density);
        using var canvas = new SKCanvas(bitmap);
        Draw(new SkiaChart(canvas));
        canvas.Flush();
        return Ink.Encode(bitmap);
    }

    private void Draw(IChartSurface on)
    {
        DrawRays(on);
        DrawSample(on);
        DrawDetector(on);
        DrawLengths(on);
    }

    private void DrawRays(IChartSurface on)
    {
        var corners = _frame.Corners();
        if (_frame.HasSource)
        {
            var source = _frame.Source;
            foreach (var corner in corners)
            {
                Stroke(on, [source, corner], Beam, 1.2f, "dot");
            }

            Stroke(on, [source, _frame.Foot], Beam, 2.4f);
            on.Dot(Point(source), 5 * Ink.Density, Beam, "source");
            Label(on, "source", source, 0, -16, SKTextAlign.Center);
        }
        else
        {
            foreach (var across in new[] { -0.8, 0, 0.8 })
            {
                var (from, to) = (new Vector3D(across * Sample / 2, -150, 0), new Vector3D(across * Sample / 2, _frame.DetectorDistance, 0));
                Stroke(on, [from, to], Beam, across == 0 ? 2.4f : 1.2f);
                Arrow(on, from, new Vector3D(across * Sample / 2, -105, 0), Beam);
            }

            Label(on, "beam", new(-0.8 * Sample / 2, -150, 0), 0, 24, SKTextAlign.Center);
        }

        if (_frame.IsSourceBroken)
        {
            Break(on, _frame.Source * 0.55);
        }

        if (_frame.IsDetectorBroken)
        {
            Break(on, new(0, _frame.SampleReach + ((_frame.DetectorDistance - _frame.SampleReach) * 0.5), 0));
        }
    }

    private void DrawSample(IChartSurface on)
    {
        var (axis, across, deep) = _frame.SampleAxes;
        var half = _frame.SampleHeight / 2;
        Vector3D[] Ring(double at) => [.. Enumerable.Range(0, 49).Select(i =>
            (axis * at) + (across * (Math.Cos(i * Math.PI / 24) * Sample / 2)) + (deep * (Math.Sin(i * Math.PI / 24) * Sample / 2)))];
        var (top, bottom) = (Ring(-half), Ring(half));
        on.Area([.. Hull([.. top.Select(Point), .. bottom.Select(Point)])], "#009E73");
        Stroke(on, top, "#009E73", 2.4f);
        Stroke(on, bottom, "#009E73", 2.4f);
        var (up, down) = (axis * (-half - 44), axis * (half + 26));
        Stroke(on, [up, down], IChartSurface.Text, 2.4f, "dash");
        // Rising angles turn source and detector from x to y, so the sample turns the other way.
        var angles = GeometryFacts.Angles(_geometry);
        var turn = angles is { Count: > 1 } && angles[^1] < angles[0] ? 1 : -1;
        Vector3D[] arc = [.. Enumerable.Range(0, 25).Select(i => 0.35 + (turn * i * 0.19)).Select(a =>
            (axis * (-half - 28)) + (across * (Math.Cos(a) * 24)) + (deep * (Math.Sin(a) * 24)))];
        Stroke(on, arc, IChartSurface.Text, 2f);
        Arrow(on, arc[^3], arc[^1], IChartSurface.Text);
        Label(on, angles is null ? "axis z" : "rotation axis", up, 0, -10, SKTextAlign.Center);
    }

    private void DrawDetector(IChartSurface on)
    {
        var corners = _frame.Corners();
        Vector3D[] outline = [.. _frame.Edge(-1), .. _frame.Edge(1).Reverse(), _frame.Edge(-1)[0]];
        on.Area([.. outline.Select(Point)], Detector);
        Stroke(on, outline, Detector, 2.4f);
        var (column, row) = _frame.PixelAxes;
        var start = corners[0];
        Vector3D outward = new(0, 14, 0);
        var (alongColumn, alongRow) = (start + outward + (column * 46), start + outward + (row * 46));
        Stroke(on, [start + outward, alongColumn], IChartSurface.Text, 2f);
        Arrow(on, start + outward, alongColumn, IChartSurface.Text);
        Stroke(on, [start + outward, alongRow], IChartSurface.Text, 2f);
        Arrow(on, start + outward, alongRow, IChartSurface.Text);
        Label(on, "column", alongColumn, 6, 4, SKTextAlign.Left);
        Label(on, "row", alongRow, 6, 10, SKTextAlign.Left);
        var lowest = outline.Select(Point).MaxBy(p => p.Y);
        on.Write("detector", lowest.X + (4 * Ink.Density), lowest.Y + (Ink.TickSize * 1.3f), Ink.TickSize, SKTextAlign.Right);
        on.Dot(Point(_frame.Foot), 3.5f * Ink.Density, Beam, "where the ray through the axis meets the detector");
    }

    private void DrawLengths(IChartSurface on)
    {
        if (_frame.SourceToAxis is not { } toAxis || _frame.AxisToDetector is not { } behind)
        {
            return;
        }

        var y = (Height - 34) * (float)Ink.Density;
        var (source, axis, foot) = (Point(_frame.Source).X, Point(default).X, Point(_frame.Foot).X);
        foreach (var (from, to, length) in new[] { (source, axis, toAxis), (axis, foot, behind) })
        {
            on.Rule(from, y, to, y, IChartSurface.Line, 2);
            on.Rule(from, y - 8, from, y + 8, IChartSurface.Line, 2);
            on.Rule(to, y - 8, to, y + 8, IChartSurface.Line, 2);
            on.Write(GeometryFacts.Millimeters(length), (from + to) / 2, y - 10, Ink.TickSize, SKTextAlign.Center);
        }

        var total = string.Create(CultureInfo.InvariantCulture, $"source to detector {GeometryFacts.Millimeters(new Length(toAxis.Meters + behind.Meters))}, magnification {(toAxis.Meters + behind.Meters) / toAxis.Meters:0.###}");
        on.Write(total, (source + foot) / 2, y + (Ink.TickSize * 1.5f), Ink.TickSize, SKTextAlign.Center);
    }

    private void Break(IChartSurface on, Vector3D at)
    {
        var p = Point(at);
        foreach (var shift in new[] { -5, 5 })
        {
            on.Path([[new(p.X + shift - 6, p.Y + 14), new(p.X + shift + 6, p.Y - 14)]], IChartSurface.Text, 3, "solid", "not to scale");
        }
    }

    private void Label(IChartSurface on, string text, Vector3D at, float right, float down, SKTextAlign align) =>
        on.Write(text, Point(at).X + (right * Ink.Density), Point(at).Y + (down * Ink.Density), Ink.TickSize, align);

    private void Stroke(IChartSurface on, Vector3D[] points, string color, float width, string dash = "solid") =>
        on.Path([[.. points.Select(Point)]], color, width, dash, "");

    private void Arrow(IChartSurface on, Vector3D from, Vector3D to, string color)
    {
        var (a, b) = (Point(from), Point(to));
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = MathF.Max(1e-3f, MathF.Sqrt((dx * dx) + (dy * dy)));
        var (ux, uy) = (dx / length * 12, dy / length * 12);
        on.Path([[new(b.X - ux - (uy * 0.6f), b.Y - uy + (ux * 0.6f)), b, new(b.X - ux + (uy * 0.6f), b.Y - uy - (ux * 0.6f))]], color, 2.4f, "solid", "");
    }

    private SKPoint Point(Vector3D at) => _frame.Project(at, Width * Ink.Density, (Height - 20) * Ink.Density, _frame.SourceToAxis is null ? 0 : 18 * Ink.Density);

    // Andrew's monotone chain.
    private static List<SKPoint> Hull(SKPoint[] points)
    {
        Array.Sort(points, (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : a.Y.CompareTo(b.Y));
        List<SKPoint> hull = [];
        foreach (var way in new[] { points, [.. points.Reverse()] })
        {
            var start = hull.Count;
            foreach (var p in way)
            {
                while (hull.Count - start >= 2 && Turn(hull[^2], hull[^1], p) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }

                hull.Add(p);
            }

            hull.RemoveAt(hull.Count - 1);
        }

        return hull;
    }

    private static float Turn(SKPoint a, SKPoint b, SKPoint c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));

    /// <summary>Everything in drawing units, with the beam along y and the middle of the sample at 0.</summary>
    private sealed record Frame
    {
        public bool HasSource { get; init; }

        public Vector3D Source { get; init; }

        public Vector3D Foot { get; init; }

        public double DetectorDistance { get; init; }

        public double SampleHeight { get; init; }

        public double SampleReach { get; init; }

        public double DetectorShrink { get; init; }

        public bool IsSourceBroken { get; init; }

        public bool IsDetectorBroken { get; init; }

        public bool IsCurved { get; init; }

        public Length? SourceToAxis { get; init; }

        public Length? AxisToDetector { get; init; }

        public (Vector3D Axis, Vector3D Across, Vector3D Deep) SampleAxes { get; init; }

        public (Vector3D Column, Vector3D Row) PixelAxes { get; init; }

        private Vector3D Middle { get; init; }

        private double HalfWidth { get; init; }

        private double HalfHeight { get; init; }

        public static Frame Of(Geometry geometry)
        {
            var vectors = geometry.ToVectors();
            var view = vectors.Views[0];
            var hasSource = vectors.Beam != BeamShape.Parallel;
            var beam = Unit(hasSource ? view.Detector - view.Source : view.Source);
            // The central ray goes through the axis, not through the middle of a shifted detector.
            if (hasSource)
            {
                beam = Unit(view.Source * -1);
            }

            var across = beam.Cross(Vector3D.UnitZ);
            across = across.Norm > 1e-6 ? Unit(across) : Unit(view.Column);
            var deep = across.Cross(beam);
            Vector3D Turned(Vector3D v) => new(v.Dot(across), v.Dot(beam), v.Dot(deep));

            var sliceWise = vectors.IsSliceWise;
            var unit = Sample / vectors.ImageSize;
            var (source, middle) = (Turned(view.Source), Turned(view.Detector));
            var (column, row) = (Turned(view.Column), Turned(view.Row));
            var height = sliceWise ? Sample * 0.5 : Math.Clamp(vectors.SliceCount * unit, 8, 110);
            var (halfWidth, halfHeight) = (vectors.ColumnCount * column.Norm * unit / 2, sliceWise ? height / 2 : vectors.RowCount * row.Norm * unit / 2);
            var shrink = Math.Min(1, MostDetector / 2 / Math.Max(halfWidth, halfHeight));
            var reach = Sample / 2;
            var (toSource, toDetector) = hasSource ? (source.Norm * unit, middle.Y * unit) : (double.PositiveInfinity, double.PositiveInfinity);
            var placedSource = Math.Clamp(toSource, reach + 30, MostBeside);
            var placed = Math.Clamp(toDetector, reach + 30, MostBeside);
            var foot = FootOf(source, middle, column, row, hasSource);
            return new()
            {
                HasSource = hasSource,
                Source = new(0, -placedSource, 0),
                DetectorDistance = placed,
                Foot = new(0, placed, 0),
                Middle = new((middle.X - foot.X) * unit * shrink, placed, (middle.Z - foot.Z) * unit * shrink),
                SampleHeight = height,
                SampleReach = reach,
                DetectorShrink = shrink,
                IsSourceBroken = hasSource && Math.Abs(placedSource - toSource) > 0.5,
                IsDetectorBroken = hasSource && Math.Abs(placed - toDetector) > 0.5,
                IsCurved = vectors.IsCurved,
                SourceToAxis = hasSource && vectors.VoxelSize is { } voxel ? new Length(source.Norm * voxel.Meters) : null,
                AxisToDetector = hasSource && vectors.VoxelSize is { } size ? new Length(foot.Y * size.Meters) : null,
                SampleAxes = (Turned(Vector3D.UnitZ), Turned(new(1, 0, 0)), Turned(new(0, 1, 0))),
                PixelAxes = (Unit(column), Unit(row)),
                HalfWidth = halfWidth * shrink,
                HalfHeight = halfHeight * shrink,
            };
        }

        /// <summary>The upper (-1) or lower (1) edge of the detector.</summary>
        public Vector3D[] Edge(int side)
        {
            var (column, row) = PixelAxes;
            // On a curved detector points lie on a circle around the source.
            var radius = DetectorDistance - Source.Y;
            return [.. Enumerable.Range(-8, 17).Select(i => i / 8.0 * HalfWidth).Select(along =>
                Middle + (row * (side * HalfHeight)) + (IsCurved
                    ? new Vector3D(Math.Sin(along / radius) * radius * Math.Sign(column.X), (Math.Cos(along / radius) - 1) * radius, 0)
                    : column * along))];
        }

        public Vector3D[] Corners() => [Edge(-1)[0], Edge(-1)[^1], Edge(1)[^1], Edge(1)[0]];

        public SKPoint Project(Vector3D at, float width, float height, float raise)
        {
            // The beam runs right, x away from the eye, z down: right-handed.
            var center = (Source.Y + DetectorDistance + 30) / 2;
            return new(
                (float)((width / 2) + ((at.Y - (HasSource ? center : (DetectorDistance - 150 + 30) / 2) + (0.42 * at.X)) * Ink.Density)),
                (float)((height / 2) - raise + ((at.Z - (0.3 * at.X)) * Ink.Density)));
        }

        // Where the ray through the middle of the sample meets the plane of the detector.
        private static Vector3D FootOf(Vector3D source, Vector3D middle, Vector3D column, Vector3D row, bool hasSource)
        {
            var normal = column.Cross(row);
            var along = new Vector3D(0, 1, 0);
            var slope = along.Dot(normal);
            var from = hasSource ? source : default;
            return Math.Abs(slope) < 1e-9 ? middle : from + (along * ((middle - from).Dot(normal) / slope));
        }

        private static Vector3D Unit(Vector3D v) => v.Norm > 0 ? v * (1 / v.Norm) : new(0, 1, 0);
    }
}
