using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

public sealed class GeometryTests
{
    [Fact]
    public void A_distorted_picture_comes_back()
    {
        const double A1 = 2e-4, A2 = -3e-6;
        static double Scene(double y, double x) => Math.Sin(x / 7) + Math.Cos(y / 9);
        // The camera saw at r (1 + a1 r + a2 r^2) what belongs to r: invert that by iteration for each camera pixel.
        using var seen = FrameStepTests.Smooth(Quantity.Transmission, (_, y, x) =>
        {
            var (dy, dx) = (y - 30.0, x - 42.0);
            var camera = Math.Sqrt((dy * dy) + (dx * dx));
            var r = camera;
            for (var i = 0; i < 50; i++)
            {
                r = camera / (1 + (A1 * r) + (A2 * r * r));
            }

            var scale = camera > 0 ? r / camera : 1;
            return Scene(30 + (dy * scale), 42 + (dx * scale));
        }, 1, 60, 80);
        var corrected = seen.Apply(new DistortionOptions(42, 30, A1, A2)).Projection(0);
        for (var y = 4; y < 56; y++)
        {
            for (var x = 4; x < 76; x++)
            {
                Assert.Equal(Scene(y, x), corrected[y, x], 2e-3);
            }
        }

        Assert.Throws<ArgumentException>(() => new DistortionOptions(double.NaN, 0, 1));
    }

    [Fact]
    public void A_tilted_axis_stands_up()
    {
        // A thin bright line that leans by 3 degrees to higher columns as rows go down becomes a column.
        var slope = Math.Tan(3 * Math.PI / 180);
        using var leaning = FrameStepTests.Smooth(
            Quantity.Transmission, (_, y, x) => Math.Exp(-Math.Pow((x - 29.5 - (slope * (y - 19.5))) / 1.5, 2) / 2), 1, 40, 60);
        var upright = leaning.Apply(new TiltOptions { AngleDegrees = 3 }).Projection(0);
        for (var y = 2; y < 38; y++)
        {
            var (sum, moment) = (0.0, 0.0);
            for (var x = 0; x < 60; x++)
            {
                sum += upright[y, x];
                moment += x * upright[y, x];
            }

            Assert.Equal(29.5, moment / sum, 0.02);
        }
    }

    [Theory]
    [InlineData(100.0, 128)]
    [InlineData(97.3, 128)]
    [InlineData(30.4, 128)]
    public void Half_acquisition_equals_a_detector_of_twice_the_width(double axis, int columns)
    {
        var longer = Math.Max(axis, columns - 1 - axis);
        var wide = (int)Math.Floor(2 * longer) + 1;
        Phantoms.Disc[] discs = [new(0.05, 0.02, 0.85, 0.01), new(0.4, -0.3, 0.2, 0.01), new(-0.5, 0.2, 0.1, -0.004)];
        // The same sample in pixels: half of the wide detector is the unit of the discs.
        Phantoms.Disc[] scaled = [.. discs.Select(d => new Phantoms.Disc(d.X * wide / columns, d.Y * wide / columns, d.Radius * wide / columns, d.Value))];
        using var half = Phantoms.Project(scaled, Phantoms.Angles(360, 360), 2, columns, axis);
        var (stitched, newAxis) = half.StitchHalfAcquisition(axis);
        using var truth = Phantoms.Project(discs, Phantoms.Angles(180), 2, wide, newAxis.Column);
        Assert.Equal((180, 2, wide), (stitched.AngleCount, stitched.RowCount, stitched.ColumnCount));
        double difference = 0, all = 0;
        using var read = stitched.Materialize();
        for (var i = 0L; i < truth.Memory.Length; i++)
        {
            difference += Math.Pow(read.Memory.Span(i, 1)[0] - truth.Memory.Span(i, 1)[0], 2);
            all += Math.Pow(truth.Memory.Span(i, 1)[0], 2);
        }

        Assert.InRange(Math.Sqrt(difference / all), 0, 5e-3);
        using var volume = Reconstruction.Fbp(stitched, newAxis);
        Assert.Equal(0.01, volume[0, (wide / 2) + (wide / 4), wide / 2], 5e-4);
    }

    [Fact]
    public void Half_a_turn_is_refused_for_half_acquisition_and_so_is_an_axis_in_the_middle()
    {
        using var half = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 1, 64, 50);
        var error = Assert.Throws<ArgumentException>(() => half.StitchHalfAcquisition(50));
        Assert.Contains("whole turn", error.Message, StringComparison.Ordinal);
        using var whole = Phantoms.Project(Phantoms.Three, Phantoms.Angles(360, 360), 1, 64, 31.5);
        Assert.Contains("near one of its edges", Assert.Throws<ArgumentException>(() => whole.StitchHalfAcquisition(31.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => whole.StitchHalfAcquisition(70));
    }

    [Fact]
    public void Projections_taken_backwards_or_in_any_order_stitch_as_well()
    {
        double[] shuffled = [.. Phantoms.Angles(90, 360).Order(Comparer<double>.Create((a, b) => ((a * 7) % 360).CompareTo((b * 7) % 360)))];
        using var stack = Phantoms.Project(Phantoms.Three, shuffled, 1, 64, 55);
        using var ordered = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90, 360), 1, 64, 55);
        var (a, _) = stack.StitchHalfAcquisition(55);
        var (b, _) = ordered.StitchHalfAcquisition(55);
        for (var i = 0; i < a.AngleCount; i++)
        {
            var j = b.AnglesDegrees.ToList().IndexOf(a.AnglesDegrees[i]);
            Assert.True(j >= 0);
            Assert.Equal(b.Projection(j).Values.ToArray(), a.Projection(i).Values.ToArray());
        }
    }

    [Fact]
    public void Jitter_is_found_and_taken_back()
    {
        const int N = 64;
        var random = new Random(21);
        var angles = Phantoms.Angles(90);
        double[] jitter = [.. angles.Select(_ => 3 * (random.NextDouble() - 0.5))];
        double[] jump = [.. angles.Select(_ => 2 * (random.NextDouble() - 0.5))];
        using var still = Balls(angles, N, new double[90], new double[90]);
        using var shaken = Balls(angles, N, jitter, jump);
        var axis = new RotationAxis(31.5);
        var result = shaken.AlignByReprojection(axis, new AlignmentOptions { Iterations = 40 });
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        // A sample that lies elsewhere cannot be told from one that moved: take the best cosine and sine, and the mean, out of the errors.
        var columns = WithoutSampleMotion(angles, [.. result.Shifts.Columns.Zip(jitter, (s, j) => s + j)]);
        var rows = result.Shifts.Rows.Zip(jump, (s, j) => s + j).ToArray();
        var rowError = Math.Sqrt(rows.Select(v => Math.Pow(v - rows.Average(), 2)).Average());
        var columnError = Math.Sqrt(columns.Select(v => v * v).Average());
        TestContext.Current.TestOutputHelper?.WriteLine($"column error {columnError:0.000} px, row error {rowError:0.000} px");
        Assert.InRange(columnError, 0, 0.15);
        Assert.InRange(rowError, 0, 0.1);
        Assert.True(result.ResidualHistory[^1] < 0.3 * result.ResidualHistory[0]);

        var none = still.AlignByReprojection(axis, new AlignmentOptions { Iterations = 5 });
        Assert.All(none.Shifts.Columns, v => Assert.InRange(v, -0.1, 0.1));
    }

    [Fact]
    public void Alignment_refuses_transmissions_and_too_few_angles()
    {
        using var few = Phantoms.Project(Phantoms.Three, Phantoms.Angles(5), 4, 32, 15.5);
        Assert.Throws<ArgumentException>(() => few.AlignByReprojection(new RotationAxis(15.5)));
        using var counts = FrameStepTests.Smooth(Quantity.Transmission, (_, _, _) => 1, 20);
        Assert.Contains("MinusLog", Assert.Throws<ArgumentException>(() => counts.AlignByReprojection(new RotationAxis(15))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shifts_move_to_higher_columns_and_rows()
    {
        using var stack = FrameStepTests.Smooth(Quantity.LineIntegral, (_, y, x) => (y == 5 ? 1 : 0) + (x == 9 ? 2 : 0));
        var moved = stack.Apply(new ShiftOptions([3, 0, 0, 0.5], [2, 0, 0, 0])).Projection(0);
        Assert.Equal(2, moved[0, 12], 1e-6);
        Assert.Equal(1, moved[7, 0], 1e-6);
        Assert.Throws<ArgumentException>(() => stack.Apply(new ShiftOptions([1])));
    }

    /// <summary>Gaussian balls, whose projections are Gaussians at every angle, in closed form.</summary>
    private static MemoryProjectionStack Balls(double[] angles, int n, double[] columns, double[] rows)
    {
        (double X, double Y, double Z, double Sigma, double Value)[] balls =
        [
            (10, 4, 8, 4, 1), (-12, 8, 16, 3, 0.8), (3, -14, 12, 2.5, 1.2), (-6, -6, 20, 3.5, 0.7), (15, -8, 22, 2, 1), (0, 12, 5, 2.5, 0.9),
        ];
        var stack = new MemoryProjectionStack(angles, 28, n) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles.Length; a++)
        {
            var (sin, cos) = Math.SinCos(angles[a] * Math.PI / 180);
            for (var i = 0; i < 28 * n; i++)
            {
                stack.Frame(a)[i] = (float)balls.Sum(b =>
                {
                    var dx = (i % n) - 31.5 - columns[a] - (b.X * cos) - (b.Y * sin);
                    var dy = (i / n) - b.Z - rows[a];
                    return b.Value * Math.Exp(-((dx * dx) + (dy * dy)) / (2 * b.Sigma * b.Sigma));
                });
            }
        }

        return stack;
    }

    private static double[] WithoutSampleMotion(double[] angles, double[] values)
    {
        var (c, s) = (0.0, 0.0);
        for (var a = 0; a < angles.Length; a++)
        {
            c += 2 * values[a] * Math.Cos(angles[a] * Math.PI / 180) / angles.Length;
            s += 2 * values[a] * Math.Sin(angles[a] * Math.PI / 180) / angles.Length;
        }

        return [.. values.Select((v, a) => v - (c * Math.Cos(angles[a] * Math.PI / 180)) - (s * Math.Sin(angles[a] * Math.PI / 180)))];
    }
}
